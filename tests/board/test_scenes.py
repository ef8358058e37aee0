"""Scenes: added, edited, and what a stale form gets."""

import pytest

from studio import models
from tests import makers

pytestmark = pytest.mark.django_db
WORDS = {"number": "5", "int_ext": "EXT", "place": "quay", "time_of_day": "dusk", "light": "fog"}


def test_it_adds_a_scene(signed_in, mei, team, project, shed):
    place = makers.subject(team, "Quay", "location")
    client = signed_in(mei)
    assert 'value="2"' in client.get(f"/projects/{project.code}/scenes/").content.decode()
    answer = client.post(f"/projects/{project.code}/scenes/", {**WORDS, "location": place.pk})
    scene = project.scenes.get(number="5")
    assert answer.url == f"/projects/{project.code}/#scene-{scene.code}"
    assert (scene.place, scene.light, scene.location) == ("quay", "fog", place)
    assert models.Event.objects.filter(verb="scene.added", code=scene.code, actor=mei).exists()


def test_it_edits_a_scene(signed_in, mei, shed):
    answer = signed_in(mei).post(f"/scenes/{shed.code}/", {**WORDS, "revision": 1}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Ext. quay, dusk" in answer.content.decode()
    shed.refresh_from_db()
    assert (shed.number, shed.revision) == ("5", 2)
    assert shed.panels.first().label == "1A"


def test_it_keeps_both_texts_of_a_stale_form(signed_in, ada, mei, shed):
    signed_in(ada).post(f"/scenes/{shed.code}/", {**WORDS, "place": "hers", "revision": 1})
    answer = signed_in(mei).post(f"/scenes/{shed.code}/", {**WORDS, "place": "mine", "revision": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "EXT hers" in page
    assert 'value="mine"' in page
    assert 'name="revision" value="2"' in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": ""}, "A scene needs a number"),
        ({"number": "2"}, "There is already a scene 2."),
        ({"place": "x" * 500}, "at most 120"),
        ({"time_of_day": "tea"}, "Select a valid choice"),
    ],
)
def test_it_says_why_not(signed_in, mei, shed, wall, change, words):
    answer = signed_in(mei).post(f"/scenes/{shed.code}/", {**WORDS, "revision": 1, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_it_offers_only_the_sets_of_the_team(signed_in, mei, outsider, shed):
    theirs = makers.subject(outsider.memberships.get().team, "Their quay", "location")
    answer = signed_in(mei).post(f"/scenes/{shed.code}/", {**WORDS, "revision": 1, "location": theirs.pk})
    assert answer.status_code == 422
    assert signed_in(outsider).post(f"/scenes/{shed.code}/", {**WORDS, "revision": 1}).status_code == 404
    shed.refresh_from_db()
    assert shed.place == "boat shed"


def test_it_remembers_what_is_folded(signed_in, mei, project, shed, wall):
    client = signed_in(mei)
    client.cookies["folded"] = f"{wall.code}.unknown"
    page = client.get(f"/projects/{project.code}/").content.decode()
    assert f'id="panels-{wall.code}" aria-label="Panels in scene 2" hidden' in page
    assert f'id="panels-{shed.code}" aria-label="Panels in scene 1">' in page
