"""Panels and scenes are moved by their neighbour; labels stay."""

import threading

import pytest
from django.db import connection

from studio import models
from studio.board import actions, queries
from tests import makers


def post(client, panel, **data):
    return client.post(f"/panels/{panel.code}/move/", data, headers={"HX-Request": "true"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moving", "after", "order"),
    [("1A", "1C", "BCA"), ("1C", "", "CAB"), ("1B", "1B", "ACB"), ("1A", "nowhere", "BCA"), ("1A", "1B", "BAC")],
)
def test_it_moves_after_a_neighbour(signed_in, mei, shed, labels, moving, after, order):
    panels = {panel.label: panel for panel in shed.panels.all()}
    answer = post(signed_in(mei), panels[moving], after=panels[after].code if after in panels else after)
    assert answer.status_code == 200
    assert labels(shed) == [f"1{letter}" for letter in order]
    assert f'id="scene-{shed.code}"' in answer.content.decode()
    assert "moved to" in answer.headers["HX-Trigger-After-Settle"]


@pytest.mark.django_db
def test_it_moves_to_another_scene_and_keeps_its_label(signed_in, mei, shed, wall, labels):
    panel = shed.panels.get(label="1A")
    answer = post(signed_in(mei), panel, scene=wall.code)
    assert labels(shed) == ["1B", "1C"]
    assert labels(wall) == ["2A", "1A"]
    page = answer.content.decode()
    assert f'id="scene-{shed.code}"' in page
    assert f'id="scene-{wall.code}"' in page


@pytest.mark.django_db
def test_it_steps_over_the_edge_of_a_scene(signed_in, mei, shed, wall, labels):
    client = signed_in(mei)
    last = shed.panels.get(label="1C")
    post(client, last, step="later")
    assert (labels(shed), labels(wall)) == (["1A", "1B"], ["1C", "2A"])
    post(client, last, step="earlier")
    assert (labels(shed), labels(wall)) == (["1A", "1B", "1C"], ["2A"])
    post(client, shed.panels.get(label="1A"), step="earlier")
    assert labels(shed) == ["1A", "1B", "1C"]


@pytest.mark.django_db
def test_it_leaves_alone_what_was_put_away_in_the_meantime(mei, shed, wall, labels):
    panel = shed.panels.get(label="1A")
    actions.delete_panels(panels=[shed.panels.get(label="1A")], by=mei)
    actions.step_panel(panel=panel, by=mei, later=True)
    assert queries.neighbours(panel) == ("", "")
    actions.delete_scene(scene=models.Scene.objects.get(pk=shed.pk), by=mei)
    actions.step_scene(scene=shed, by=mei, later=True)
    assert (labels(shed), labels(wall)) == (["1B", "1C"], ["2A"])


@pytest.mark.django_db
def test_it_stays_in_its_project_and_its_team(signed_in, mei, outsider, viktor, shed, team, labels):
    elsewhere = makers.scene(makers.project(team, "Another"))
    panel = shed.panels.first()
    assert post(signed_in(mei), panel, scene=elsewhere.code).status_code == 404
    assert post(signed_in(outsider), panel, after="").status_code == 404
    assert post(signed_in(viktor), panel, after="").status_code == 403
    assert labels(shed) == ["1A", "1B", "1C"]


@pytest.mark.django_db
def test_it_goes_back_to_the_board_without_scripts(signed_in, mei, shed, labels):
    answer = signed_in(mei).post(f"/panels/{shed.panels.first().code}/move/", {"step": "later"})
    assert answer.status_code == 302
    assert labels(shed) == ["1B", "1A", "1C"]


@pytest.mark.django_db
def test_it_moves_scenes(signed_in, mei, outsider, shed, wall, project):
    client = signed_in(mei)
    numbers = lambda: [scene.number for scene in project.scenes.all()]  # noqa: E731
    client.post(f"/scenes/{wall.code}/move/", {"step": "earlier"})
    assert numbers() == ["2", "1"]
    client.post(f"/scenes/{wall.code}/move/", {"after": shed.code})
    assert numbers() == ["1", "2"]
    client.post(f"/scenes/{wall.code}/move/", {"step": "later"})
    assert numbers() == ["1", "2"]
    assert signed_in(outsider).post(f"/scenes/{wall.code}/move/", {"step": "earlier"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_it_loses_no_panel_when_many_move_at_once(team):
    scene = makers.scene(makers.project(team))
    panels = [makers.panel(scene) for _ in range(8)]
    start, errors = threading.Barrier(4), []

    def shuffle(mine):
        try:
            start.wait()
            for panel in mine:
                other = panels[(panels.index(panel) + 3) % 8]
                actions.move_panels(panels=[panel], scene=scene, after=other, by=None)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=shuffle, args=(panels[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    positions = list(models.Panel.objects.filter(scene=scene).order_by("position").values_list("position", flat=True))
    assert positions == list(range(8))
