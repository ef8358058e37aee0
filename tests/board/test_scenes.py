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
    assert answer.url == f"/projects/{project.code}/?at={scene.code}#scene-{scene.code}"
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


def test_it_adds_a_time_of_day_of_its_own(signed_in, mei, project, shed):
    client = signed_in(mei)
    answer = client.post(f"/scenes/{shed.code}/", {**WORDS, "revision": 1, "own_time": "  Blue\thour "})
    assert answer.status_code == 302
    shed.refresh_from_db()
    project.refresh_from_db()
    assert (shed.time_of_day, project.words["time_of_day"]) == ("Blue hour", ["Blue hour"])
    assert "Blue hour" in client.get(f"/projects/{project.code}/scenes/").content.decode()
    client.post(f"/projects/{project.code}/scenes/", {**WORDS, "number": "6", "own_time": "DUSK"})
    assert project.scenes.get(number="6").time_of_day == "dusk"


def test_it_says_when_there_are_too_many_words(signed_in, mei, project, shed):
    project.words = {"time_of_day": [f"hour {n}" for n in range(40)]}
    project.save()
    answer = signed_in(mei).post(f"/scenes/{shed.code}/", {**WORDS, "revision": 1, "own_time": "Blue hour"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "40 words of your own is the most" in page
    assert 'value="Blue hour"' in page


def test_it_moves_a_scene_in_the_outline_and_keeps_the_page(signed_in, mei, outsider, project, shed, wall):
    there = f"/scenes/{wall.code}/move/"
    headers = {"HX-Request": "true", "HX-Target": f"outline-{wall.code}"}
    assert signed_in(outsider).post(there, {"after": ""}, headers=headers).status_code == 404
    answer = signed_in(mei).post(there, {"after": ""}, headers=headers)
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert page.index(f"outline-{wall.code}") < page.index(f"outline-{shed.code}")
    assert "panel-card" not in page
    assert list(project.scenes.values_list("number", flat=True)) == ["2", "1"]


def test_it_leads_to_drawing_a_scene_that_is_all_drawn(signed_in, mei, project, shed):
    for panel in shed.panels.all():
        makers.take(panel, picked=True)
    client, there = signed_in(mei), f"/projects/{project.code}/estimate/?scene={shed.code}"
    assert f'href="{there}"' in client.get(f"/scenes/{shed.code}/").content.decode()
    assert f"Draw {shed.panels.count()} picture" in client.get(there).content.decode()
