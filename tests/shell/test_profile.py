"""People set their name, address, theme and keys; and change the team at hand."""

import pytest
from django.urls import reverse

from studio import models
from tests import makers

MINE = {"name": "Mei Tan", "email": "mei@example.test", "theme": "", "letter_keys": "on"}


def test_it_saves_a_name_a_theme_and_keys(mei, signed_in):
    client = signed_in(mei)
    answer = client.post(
        reverse("profile"), {**MINE, "email": mei.email, "name": "Mei T.", "theme": "light", "letter_keys": ""}
    )
    assert answer.url == reverse("profile")
    mei.refresh_from_db()
    assert (mei.name, mei.theme, mei.letter_keys) == ("Mei T.", "light", False)
    body = client.get(reverse("profile")).content.decode()
    assert '<html lang="en" data-theme="light">' in body
    assert '"letters": false' in body


def test_it_asks_for_the_password_before_the_address_changes(mei, signed_in):
    client, before = signed_in(mei), mei.email
    assert client.post(reverse("profile"), {**MINE, "current": "wrong"}).status_code == 422
    mei.refresh_from_db()
    assert mei.email == before
    client.post(reverse("profile"), {**MINE, "email": "MEI@example.test", "current": "correct horse battery"})
    mei.refresh_from_db()
    assert mei.email == "mei@example.test"
    assert models.Event.objects.get(verb="user.email").data == {"before": before}


def test_it_refuses_an_address_that_is_taken(mei, ada, signed_in):
    data = {**MINE, "email": ada.email, "current": "correct horse battery"}
    answer = signed_in(mei).post(reverse("profile"), data)
    assert answer.status_code == 422
    assert "Somebody here signs in with this address already." in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"email": "no address"}, {"theme": "neon"}])
def test_it_says_what_is_wrong(mei, signed_in, wrong):
    assert signed_in(mei).post(reverse("profile"), {**MINE, "email": mei.email, **wrong}).status_code == 422


def test_it_keeps_a_theme_for_people_and_for_visitors(mei, signed_in, client):
    signed_in(mei).post(reverse("theme"), {"theme": "light"})
    mei.refresh_from_db()
    assert mei.theme == "light"
    answer = client.post(reverse("theme"), {"theme": "dark"}, headers={"Referer": "http://testserver/sign-in/"})
    assert answer.url == "/sign-in/"
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
    elsewhere = client.post(reverse("theme"), {"theme": "neon"}, headers={"Referer": "http://evil.test/"})
    assert elsewhere.url == "/"
    assert client.cookies["theme"].value == ""


def test_it_switches_keys_off(mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    assert client.post(reverse("letter_keys")).status_code == 204
    mei.refresh_from_db()
    assert not mei.letter_keys


def test_it_changes_the_team_at_hand(team, mei, outsider, signed_in):
    second = makers.team("Second unit")
    models.Membership.objects.create(user=mei, team=second, role="viewer")
    makers.project(second, "Orchard")
    client = signed_in(mei)
    client.post(reverse("team_switch"), {"team": second.pk})
    assert "Orchard" in client.get(reverse("projects")).content.decode()
    for wrong in (outsider.memberships.get().team_id, "x", "", "9" * 30):
        assert client.post(reverse("team_switch"), {"team": wrong}).status_code == 404
