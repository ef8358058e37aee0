"""Who is in a panel."""

import pytest

from studio.board import queries
from tests import makers

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def panel(shed):
    return shed.panels.first()


@pytest.fixture
def noor(team):
    return makers.subject(team, "Noor", locked=True)


def test_it_adds_somebody_once(signed_in, mei, panel, noor):
    client, url = signed_in(mei), f"/panels/{panel.code}/cast/"
    answer = client.post(url, {"subject": noor.code}, headers=HTMX)
    assert answer.status_code == 200
    assert "Noor" in answer.content.decode()
    again = client.post(url, {"subject": noor.code}, headers=HTMX)
    assert again.status_code == 422
    assert "Noor is already in panel 1A." in again.content.decode()
    assert panel.appearances.count() == 1


def test_it_edits_outfit_where_doing_and_view(signed_in, mei, panel, noor):
    jacket, row = makers.outfit(noor), makers.appearance(panel, noor)
    data = {"outfit": jacket.pk, "where": "left", "doing": "kneels", "view": "back"}
    page = signed_in(mei).post(f"/cast/{row.pk}/", data, headers=HTMX).content.decode()
    row.refresh_from_db()
    assert (row.outfit, row.where, row.doing, row.view) == (jacket, "left", "kneels", "back")
    assert "Work jacket, left, kneels" in page


def test_it_lets_a_character_hold_a_product(signed_in, mei, team, panel, noor):
    flask = makers.appearance(panel, makers.subject(team, "Flask", "product"))
    holder = makers.appearance(panel, noor)
    client = signed_in(mei)
    client.post(f"/cast/{flask.pk}/", {"held_by": holder.pk}, headers=HTMX)
    flask.refresh_from_db()
    assert flask.held_by == holder
    assert client.post(f"/cast/{flask.pk}/", {"held_by": flask.pk}, headers=HTMX).status_code == 422
    client.post(f"/cast/{holder.pk}/remove/", headers=HTMX)
    flask.refresh_from_db()
    assert flask.held_by is None


def test_it_keeps_places_and_strangers_out(signed_in, mei, outsider, team, panel, noor):
    place = makers.subject(team, "Quay", "location")
    answer = signed_in(mei).post(f"/panels/{panel.code}/cast/", {"subject": place.code}, headers=HTMX)
    assert "choose it for the scene" in answer.content.decode()
    theirs = makers.subject(outsider.memberships.get().team, "Stranger")
    assert signed_in(mei).post(f"/panels/{panel.code}/cast/", {"subject": theirs.code}).status_code == 404
    coat = makers.outfit(makers.subject(team, "Ida"), "Coat")
    row = makers.appearance(panel, noor)
    assert signed_in(mei).post(f"/cast/{row.pk}/", {"outfit": coat.pk}, headers=HTMX).status_code == 422


def test_it_refuses_those_who_may_not(signed_in, viktor, outsider, panel, noor):
    row = makers.appearance(panel, noor)
    for who, status in ((viktor, 403), (outsider, 404)):
        client = signed_in(who)
        assert client.post(f"/panels/{panel.code}/cast/", {"subject": noor.code}).status_code == status
        assert client.post(f"/cast/{row.pk}/", {"where": "left"}).status_code == status
        assert client.post(f"/cast/{row.pk}/remove/").status_code == status
    assert panel.appearances.count() == 1


def test_it_lists_the_cast_of_a_project(signed_in, viktor, project, panel, noor, shed, team):
    makers.appearance(panel, noor, outfit=makers.outfit(noor, "Oilskin"))
    shed.location = makers.subject(team, "Boat shed", "location")
    shed.save()
    page = signed_in(viktor).get(f"/projects/{project.code}/cast/").content.decode()
    for words in ("Noor", "Oilskin", f"/panels/{panel.code}/", f"/subjects/{noor.code}/", "Boat shed", "Scene 1"):
        assert words in page


def test_it_finds_where_a_subject_is_used(panel, noor, shed, team):
    makers.appearance(panel, noor)
    place = makers.subject(team, "Boat shed", "location")
    shed.location = place
    shed.save()
    assert queries.where_used(noor) == [panel]
    assert len(queries.where_used(place)) == 3
