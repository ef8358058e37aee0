"""The team's page: roles, removal, its name; and where one is signed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts import actions
from studio.accounts.rights import RIGHTS, Right, Role
from studio.models import AuditEntry, Event, Membership, User
from studio.templatetags.studio_tags import moment
from tests import makers


def member(user, team):
    return Membership.objects.get(user=user, team=team)


def test_it_lists_everybody_to_everybody(signed_in, team, ada, viktor, outsider):
    page = signed_in(viktor).get("/team/").content.decode()
    assert ada.email in page
    assert outsider.email not in page
    assert "<select" not in page
    assert "/team/invitations/" not in page
    assert "/team/members/" not in page
    assert "<select" in signed_in(ada).get("/team/").content.decode()


def test_it_prints_the_rights_it_asks(signed_in, ada):
    page = signed_in(ada).get("/team/")
    printed = dict(page.context["rights"])
    for right in Right:
        assert printed[right.label] == [right in RIGHTS[role] for role in Role]
        assert right.label in page.content.decode()


def test_it_changes_a_role_at_once(signed_in, team, ada, mei):
    theirs = signed_in(mei)
    assert theirs.post("/team/invitations/", {"role": "viewer", "uses": 1}).status_code == 403
    answer = signed_in(ada).post(
        f"/team/members/{member(mei, team).pk}/", {"role": "owner"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "Saved" in answer.content.decode()
    assert theirs.post("/team/invitations/", {"role": "viewer", "uses": 1}).status_code == 200
    event = Event.objects.get(verb="member.role")
    assert (event.actor, event.data) == (ada, {"whom": mei.email, "was": "artist", "now": "owner"})


def test_it_works_without_scripts(signed_in, team, ada, mei):
    answer = signed_in(ada).post(f"/team/members/{member(mei, team).pk}/", {"role": "viewer"})
    assert answer["Location"] == "/team/"
    assert member(mei, team).role == Role.VIEWER


@pytest.mark.parametrize("role", ["", "emperor", "OWNER"])
def test_it_refuses_a_role_there_is_not(signed_in, team, ada, mei, role):
    answer = signed_in(ada).post(
        f"/team/members/{member(mei, team).pk}/", {"role": role}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert member(mei, team).role == Role.ARTIST


def test_it_leaves_ones_own_role_to_others(signed_in, team, ada):
    mine = member(ada, team)
    client = signed_in(ada)
    answer = client.post(f"/team/members/{mine.pk}/", {"role": "viewer"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "You cannot change your own role." in answer.content.decode()
    client.post(f"/team/members/{mine.pk}/remove/")
    assert member(ada, team).role == Role.OWNER


def test_it_keeps_the_last_owner(team, ada, mei):
    with pytest.raises(actions.Refused, match="needs an owner"):
        actions.change_role(member=member(ada, team), role="viewer", by=mei)
    with pytest.raises(actions.Refused, match="needs an owner"):
        actions.remove_member(member=member(ada, team), by=mei)
    actions.change_role(member=member(mei, team), role="owner", by=ada)
    actions.change_role(member=member(ada, team), role="viewer", by=mei)
    assert member(ada, team).role == Role.VIEWER


def test_it_removes_a_member_at_once(signed_in, team, ada, mei):
    theirs, row = signed_in(mei), member(mei, team)
    assert theirs.get("/team/").status_code == 200
    client = signed_in(ada)
    assert "Mei Tan loses the way" in client.get(f"/team/members/{row.pk}/remove/").content.decode()
    assert client.post(f"/team/members/{row.pk}/remove/")["Location"] == "/team/"
    assert theirs.get("/team/").status_code == 403
    assert client.post(f"/team/members/{row.pk}/remove/").status_code == 404


def test_it_is_closed_to_others(signed_in, team, ada, mei, pavel, outsider):
    row = member(mei, team)
    for path in (f"/team/members/{row.pk}/", f"/team/members/{row.pk}/remove/"):
        assert signed_in(outsider).post(path, {"role": "owner"}).status_code == 404
        assert signed_in(pavel).post(path, {"role": "owner"}).status_code == 403
        assert Client().post(path).status_code == 302
    assert member(mei, team).role == Role.ARTIST


def test_it_renames_the_team(signed_in, team, ada, pavel):
    assert signed_in(pavel).post("/team/", {"name": "Mine"}).status_code == 403
    client = signed_in(ada)
    answer = client.post("/team/", {"name": ""})
    assert answer.status_code == 422
    assert "A team needs a name." in answer.content.decode()
    assert client.post("/team/", {"name": "Harbour & Sons <b>"})["Location"] == "/team/"
    page = client.get("/team/").content.decode()
    assert "Harbour &amp; Sons &lt;b&gt;" in page


def test_it_lists_and_ends_ones_own_sessions(ada, outsider):
    here = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"})
    phone = Client(
        headers={
            "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
        }
    )
    third = Client()
    for client in (here, phone, third):
        client.post("/sign-in/", {"login": ada.email, "password": "correct horse battery"})
    page = here.get("/team/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("This one") == 1
    assert page.count("from 127.0.0.1") == 3

    theirs = UserSession.objects.get(session_key=phone.session.session_key)
    stranger = Client()
    stranger.force_login(outsider)
    assert stranger.post(f"/me/sessions/{theirs.pk}/end/").status_code == 404
    assert phone.get("/team/").status_code == 200
    here.post(f"/me/sessions/{theirs.pk}/end/")
    assert phone.get("/team/").status_code == 302
    assert third.get("/team/").status_code == 200
    assert AuditEntry.objects.get(verb="user.sessions_ended").data == {"which": "Safari on iPhone"}
    here.post("/me/sessions/end/")
    assert third.get("/team/").status_code == 302
    assert here.get("/team/").status_code == 200
    assert stranger.get("/team/").status_code == 200


def test_it_notes_when_somebody_was_last_seen(client, ada):
    client.post("/sign-in/", {"login": ada.email, "password": "correct horse battery"})
    long_ago = timezone.now() - timedelta(days=3)
    User.objects.update(last_seen=long_ago)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/team/")
    ada.refresh_from_db()
    assert timezone.now() - ada.last_seen < timedelta(minutes=1)
    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("past", "ago", "since"),
    [
        (timedelta(minutes=2), "now", "today, 13:58"),
        (timedelta(minutes=12), "12 min ago", "today, 13:48"),
        (timedelta(hours=5), "today, 09:00", "today, 09:00"),
        (timedelta(days=1), "Friday", "Friday"),
        (timedelta(days=6), "Sunday", "Sunday"),
        (timedelta(days=7), "14 Nov", "14 Nov"),
        (timedelta(days=400), "17 Oct 2025", "17 Oct 2025"),
    ],
)
def test_it_says_when_in_words(past, ago, since, monkeypatch):
    now = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert moment(now - past) == ago
    assert moment(now - past, "since") == since


def test_it_lists_many_members_with_as_many_queries(signed_in, team, ada):
    client = signed_in(ada)
    client.get("/team/")

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get("/team/")
        return len(queries)

    few = count()
    for n in range(30):
        makers.member(team, f"Guest{n} Person", "viewer")
        actions.invite(team=team, by=ada, role="viewer")
    assert count() == few


POWERS = {
    "role": "owner",
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "0",
    "team": "1",
    "pk": "1",
    "id": "1",
    "user": "1",
}


def test_it_gives_no_power_to_extra_fields(signed_in, team, ada, mei, outsider):
    """Forms of one's own, sent with fields that are not theirs."""
    client = signed_in(mei)
    client.post("/me/", {"name": "Mei", "email": mei.email, "theme": "", "letter_keys": "on", **POWERS})
    client.post("/me/password/", {"current": "correct horse battery", "password": "quite another phrase", **POWERS})
    _, token = actions.invite(team=team, by=ada, role="viewer")
    new = {"name": "Ines Roth", "email": "ines@example.test", "password": "a long enough phrase"}
    Client().post(f"/join/{token}/", {**new, **POWERS})
    for user in User.objects.exclude(pk__in=[ada.pk, outsider.pk]):
        assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert member(mei, team).role == "artist"
    assert member(User.objects.get(email=new["email"]), team).role == "viewer"
    assert Membership.objects.count() == 4
