"""A team may ask everyone for a second factor: who has none sees nothing of it, and is led to where one is set up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts import actions, second_step
from studio.models import AuditEntry, Membership, Team
from tests import makers

PASSWORD, PAGE = "correct horse battery", "/team/second-step/"


@pytest.fixture
def owner(ada):
    """The owner, who has just signed in."""
    client = Client()
    client.post("/sign-in/", {"login": ada.email, "password": PASSWORD})
    return client


@pytest.fixture
def asking(team, ada):
    actions.ask_second_step(team=team, on=True, by=ada)
    team.refresh_from_db()
    return team


def passkey(user):
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Laptop", "credential": {}})


def since(team, **ago):
    Team.objects.filter(pk=team.pk).update(second_step_since=timezone.now() - timedelta(**ago))


def test_it_is_switched_by_an_owner(owner, team, ada, mei, pavel):
    passkey(pavel)
    page = owner.get(PAGE).content.decode()
    assert "2 of the team have none yet" in page
    assert "(you)" in page
    assert "Mei Tan" in page
    assert "Pavel" not in page
    assert "secondstepoff" in page
    assert "recovery code" in page
    assert owner.post(PAGE, {"on": "yes"})["Location"] == "/team/"
    assert "Everyone here needs a second factor." in owner.get("/team/").content.decode()
    owner.post(PAGE, {"on": "yes"})
    owner.post(PAGE, {"on": "no"})
    assert Team.objects.get(pk=team.pk).second_step_since is None
    told = AuditEntry.objects.filter(verb="team.second_step").order_by("pk").values_list("who", "data__on")
    assert list(told) == [(ada.email, True), (ada.email, False)]


def test_it_asks_the_owner_who_they_are_first(signed_in, team, ada):
    assert signed_in(ada).post(PAGE, {"on": "yes"})["Location"].startswith("/me/security/prove/")
    assert Team.objects.get(pk=team.pk).second_step_since is None


def test_it_is_for_owners_only(signed_in, team, pavel, mei):
    for user in (pavel, mei):
        assert signed_in(user).post(PAGE, {"on": "yes"}).status_code == 403
    assert Client().post(PAGE).status_code == 302


def test_it_leads_who_has_none_to_set_one_up(signed_in, asking, mei):
    project = makers.project(asking, "Night ferry")
    makers.panel(makers.scene(project))
    client = signed_in(mei)
    for path in ("/projects/", f"/projects/{project.code}/", "/team/", "/notices/", "/library/characters/"):
        assert client.get(path)["Location"] == "/me/security/", path
    changed = client.post(f"/projects/{project.code}/field/", {"title": "Mine"})
    assert changed["Location"] == "/me/security/"
    by_htmx = client.get(f"/projects/{project.code}/", headers={"HX-Request": "true"})
    assert by_htmx.headers["HX-Redirect"] == "/me/security/"
    page = client.get("/me/security/")
    assert "Harbour Pictures asks everyone for a second factor." in page.content.decode()
    assert "Night ferry" not in page.content.decode()
    assert page.context["membership"] is None
    passkey(mei)
    assert client.get(f"/projects/{project.code}/").status_code == 200, "at the next request"
    assert "asks everyone" not in client.get("/me/security/").content.decode()
    Authenticator.objects.all().delete()
    assert client.get("/projects/").status_code == 302, "and shut again without"


def test_it_gives_no_picture_either(signed_in, asking, mei):
    image = makers.bare_image(asking)
    for path in (f"/media/{image.key}/320/", f"/media/{image.key}/original/"):
        assert signed_in(mei).get(path)["Location"] == "/me/security/"


def test_recovery_codes_alone_are_none(asking, mei):
    Authenticator.objects.create(user=mei, type="recovery_codes", data={})
    assert not second_step.has_one(mei)
    assert mei in second_step.lacking(asking)


def test_it_gives_owners_a_week(signed_in, asking, ada):
    client = signed_in(ada)
    until = second_step.grace_until(Membership.objects.get(user=ada))
    assert client.get("/projects/").status_code == 200
    assert f"by {until.day} " in client.get("/team/").content.decode()
    assert "you have until" in client.get("/me/security/").content.decode()
    since(asking, days=8)
    assert client.get("/projects/")["Location"] == "/me/security/"
    assert client.get("/me/security/").status_code == 200, "and there one is set up"


def test_it_shuts_no_other_team(signed_in, asking, mei):
    other = makers.team("Second House")
    Membership.objects.create(user=mei, team=other, role="artist")
    ours, theirs = makers.project(asking), makers.project(other)
    client = signed_in(mei)
    assert client.get(f"/projects/{theirs.code}/").status_code == 200
    assert client.get(f"/projects/{ours.code}/")["Location"] == "/me/security/"
    client.post("/team/switch/", {"team": other.pk})
    assert client.get("/projects/").status_code == 200


def test_strangers_learn_nothing_of_it(signed_in, asking, outsider):
    assert signed_in(outsider).get(f"/projects/{makers.project(asking).code}/").status_code == 404


def test_it_costs_one_question_where_it_is_asked(signed_in, team, ada, mei):
    passkey(mei)
    client = signed_in(mei)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/projects/").status_code == 200
        return len(queries)

    count()
    free = count()
    actions.ask_second_step(team=team, on=True, by=ada)
    assert count() == free + 1
