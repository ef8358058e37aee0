"""A scene is copied: after the first, under its own number, with panels and cast but nothing drawn."""

import pytest

from studio import models
from studio.board import actions
from tests import makers

pytestmark = pytest.mark.django_db


def test_it_copies_panels_and_cast_but_nothing_drawn(team, mei, project, shed, wall, labels, named):
    panel = named(shed, "1B")
    makers.take(panel, picked=True)
    holder = makers.appearance(panel, makers.subject(team))
    product = makers.appearance(panel, makers.subject(team, "Bottle", "product"))
    models.Appearance.objects.filter(pk=product.pk).update(held_by=holder)
    copy = actions.duplicate_scene(scene=shed, by=mei)
    assert (copy.number, copy.place, copy.revision) == ("3", "boat shed", 1)
    assert list(project.scenes.values_list("number", flat=True)) == ["1", "3", "2"]
    assert (labels(shed), labels(copy)) == (["1A", "1B", "1C"], ["3A", "3B", "3C"])
    twin = named(copy, "3B")
    assert (twin.action, twin.picked, twin.takes.count()) == (panel.action, None, 0)
    held = twin.appearances.get(subject=product.subject)
    assert held.held_by == twin.appearances.get(subject=holder.subject)
    assert models.Event.objects.filter(verb="scene.copied", code=copy.code, actor=mei).exists()


def test_it_leaves_deleted_panels_and_labels_in_use_alone(mei, project, shed, labels, named):
    models.Panel.objects.filter(pk=named(shed, "1A").pk).update(deleted="2026-01-01T00:00:00Z")
    models.Panel.objects.filter(pk=named(shed, "1C").pk).update(label="2A")
    copy = actions.duplicate_scene(scene=shed, by=mei)
    assert (labels(shed), labels(copy)) == (["1B", "2A"], ["2B", "2C"])


def test_it_is_duplicated_from_its_dialog(signed_in, mei, rosa, outsider, project, shed, labels):
    there = f"/scenes/{shed.code}/duplicate/"
    assert there in signed_in(mei).get(f"/scenes/{shed.code}/").content.decode()
    assert signed_in(rosa).post(there).status_code == 403
    assert signed_in(outsider).post(there).status_code == 404
    assert project.scenes.count() == 1
    answer = signed_in(mei).post(there)
    copy = project.scenes.get(number="2")
    assert answer.url == f"/projects/{project.code}/?at={copy.code}#scene-{copy.code}"
    assert labels(copy) == ["2A", "2B", "2C"]
