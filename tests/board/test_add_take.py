"""Takes arrive, in whatever order and number, and one is picked."""

import threading
import uuid

import pytest
from django.db import connection

from studio import models
from studio.board import actions
from tests import makers


def take(panel, key=None, image=None, **more):
    image = image or makers.bare_image(panel.scene.project.team)
    return actions.add_take(
        panel=panel, job_key=key or uuid.uuid4(), image=image, engine="sketch", model="sketch", **more
    )


@pytest.mark.django_db
def test_it_picks_the_first_take_and_only_the_first(shed, mei):
    panel = shed.panels.first()
    first, second = take(panel, by=mei), take(panel, by=mei)
    panel.refresh_from_db()
    assert panel.picked == first
    assert (first.number, second.number) == (1, 2)
    assert first.drawn_by == mei


@pytest.mark.django_db
def test_it_gives_the_same_take_for_the_same_job(shed):
    panel, key = shed.panels.first(), uuid.uuid4()
    assert take(panel, key) == take(panel, key)
    assert panel.takes.count() == 1
    assert models.Event.objects.filter(verb="take.drawn").count() == 1


@pytest.mark.django_db
def test_it_leaves_what_somebody_types_alone(shed, mei):
    panel = shed.panels.first()
    take(panel)
    saved = actions.edit_field(panel=panel, field="action", value="New.", revision=panel.revision, by=mei)
    assert saved.action == "New."


@pytest.mark.django_db
def test_it_ends_an_approval_with_another_pick(shed, mei):
    panel = shed.panels.first()
    first, second = take(panel), take(panel)
    models.Panel.objects.filter(pk=panel.pk).update(state="approved")
    actions.pick_take(take=first, by=mei)
    panel.refresh_from_db()
    assert panel.state == "approved"
    actions.pick_take(take=second, by=mei)
    panel.refresh_from_db()
    assert (panel.picked, panel.state) == (second, "draft")
    assert models.Event.objects.filter(verb="take.picked", actor=mei).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_numbers_takes_that_arrive_at_once(team):
    panel = makers.panel(makers.scene(makers.project(team)))
    keys = [uuid.uuid4() for _ in range(6)]
    images = [makers.bare_image(team) for _ in keys]
    start, errors = threading.Barrier(len(keys) * 2), []

    def arrive(key, image):
        try:
            start.wait()
            take(models.Panel.objects.get(pk=panel.pk), key, image)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=arrive, args=pair) for pair in zip(keys * 2, images * 2, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(panel.takes.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    panel.refresh_from_db()
    assert panel.picked.number == 1
