"""A scene's field saves itself: what comes back, what is refused, and who wins when two type."""

import pytest

from studio import models
from tests import makers

pytestmark = pytest.mark.django_db


def save(client, scene, field, value, revision=1, **more):
    data = {"field": field, field: value, "revision": revision, **more}
    return client.post(f"/scenes/{scene.code}/field/", data, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("field", "typed"), [("number", "5"), ("int_ext", "EXT"), ("place", "quay"), ("time_of_day", "dusk"), ("light", "")]
)
def test_it_saves_one_field_and_shows_it_on_the_board(signed_in, mei, shed, field, typed):
    answer = save(signed_in(mei), shed, field, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-state="saved" data-revision="2"' in page
    assert f'id="scene-{shed.code}"' in page
    assert 'id="outline" hx-swap-oob="morph"' in page
    shed.refresh_from_db()
    assert (getattr(shed, field), shed.revision) == (typed, 2)


def test_it_saves_a_set_and_takes_it_out(signed_in, mei, team, shed):
    place, client = makers.subject(team, "Quay", "location"), signed_in(mei)
    assert save(client, shed, "location", place.pk, **{"was-location": ""}).status_code == 200
    shed.refresh_from_db()
    assert shed.location == place
    assert save(client, shed, "location", "", revision=2).status_code == 200
    shed.refresh_from_db()
    assert shed.location is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("number", " ", "A scene needs a number"),
        ("number", "2", "There is already a scene 2."),
        ("place", "x" * 500, "at most 120"),
        ("time_of_day", "tea", "Select a valid choice"),
        ("location", "999999", "Select a valid choice"),
        ("own_time", " ", "Type the word to add."),
        ("position", "4", "A scene has no such field."),
        ("", "", "A scene has no such field."),
    ],
)
def test_it_says_why_not_and_writes_nothing(signed_in, mei, shed, wall, field, typed, words):
    answer = save(signed_in(mei), shed, field, typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    shed.refresh_from_db()
    assert shed.revision == 1


def test_it_tells_the_second_of_two_who_change_one_field(signed_in, ada, mei, team, shed):
    place = makers.subject(team, "Quay", "location")
    assert save(signed_in(ada), shed, "location", place.pk).status_code == 200
    answer = save(signed_in(mei), shed, "place", "mine", **{"was-place": "boat shed"})
    assert answer.status_code == 200  # another field
    other = makers.subject(team, "Pier", "location")
    answer = save(signed_in(mei), shed, "location", other.pk, **{"was-location": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-revision="3"' in page
    assert f'data-value="{place.pk}" dir="auto">Quay' in page
    shed.refresh_from_db()
    assert (shed.place, shed.location) == ("mine", place)
    assert save(signed_in(mei), shed, "location", other.pk, revision=3).status_code == 200


def test_it_names_whoever_was_first(signed_in, ada, mei, shed):
    save(signed_in(ada), shed, "place", "hers")
    page = save(signed_in(mei), shed, "place", "mine", **{"was-place": "boat shed"}).content.decode()
    assert "Ada Osei changed this" in page
    assert "hers" in page


def test_it_adds_a_time_of_day_of_its_own(signed_in, mei, project, shed):
    page = save(signed_in(mei), shed, "own_time", "Blue hour").content.decode()
    assert 'id="field-time_of_day" hx-swap-oob="true"' in page
    assert '<option value="Blue hour" selected>' in page
    shed.refresh_from_db()
    project.refresh_from_db()
    assert (shed.time_of_day, project.words["time_of_day"]) == ("Blue hour", ["Blue hour"])


def test_it_keeps_one_entry_of_history_while_somebody_types_on(signed_in, mei, shed):
    client = signed_in(mei)
    for revision, typed in enumerate(("a", "a q", "a quay"), 1):
        assert save(client, shed, "place", typed, revision=revision).status_code == 200
    assert models.Event.objects.filter(verb="scene.edited", code=shed.code).count() == 1


def test_it_refuses_viewers_and_hides_from_outsiders(signed_in, viktor, rosa, outsider, shed):
    assert save(signed_in(viktor), shed, "place", "No.").status_code == 403
    assert save(signed_in(rosa), shed, "place", "No.").status_code == 403
    assert save(signed_in(outsider), shed, "place", "No.").status_code == 404
    shed.refresh_from_db()
    assert shed.revision == 1
