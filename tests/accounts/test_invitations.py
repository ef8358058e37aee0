"""Coming in by invitation: made once, shown once, used as often as it says."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from studio.accounts import actions
from studio.accounts.rights import Role
from studio.models import Invitation, Membership, User
from tests import makers

NEW = {"name": "Ines Roth", "email": "Ines@Example.test", "password": "a long enough phrase"}


@pytest.fixture
def link(team, ada):
    """`link(role="artist", uses=1, email="")` gives the path of a fresh invitation."""

    def make(role="artist", uses=1, email=""):
        _, token = actions.invite(team=team, by=ada, role=role, uses=uses, email=email)
        return f"/join/{token}/"

    return make


def roles(team):
    return {m.user.email: m.role for m in Membership.objects.filter(team=team).select_related("user")}


def test_it_shows_the_link_once(signed_in, team, ada):
    client = signed_in(ada)
    assert "Make the link" in client.get("/team/invitations/").content.decode()
    answer = client.post("/team/invitations/", {"role": "reviewer", "uses": "3", "email": ""})
    assert answer["Cache-Control"] == "no-store"
    token = re.search(r"/join/([\w-]+)/", answer.content.decode())[1]
    assert token not in client.get("/team/").content.decode()
    row = Invitation.objects.get()
    assert (row.role, row.uses_allowed, row.team) == ("reviewer", 3, team)
    assert token not in str(Invitation.objects.values())
    assert timedelta(days=6.9) < row.expires - timezone.now() < timedelta(days=7)


@pytest.mark.parametrize(
    "bad", [{"role": "emperor"}, {"uses": "0"}, {"uses": "1000"}, {"uses": "x"}, {"email": "nobody"}]
)
def test_it_refuses_nonsense(signed_in, ada, bad):
    answer = signed_in(ada).post("/team/invitations/", {"role": "artist", "uses": "1", "email": "", **bad})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_it_does_not_invite_a_member(signed_in, ada, mei):
    answer = signed_in(ada).post("/team/invitations/", {"role": "artist", "uses": "1", "email": mei.email.upper()})
    assert f"{mei.email} is in the team already." in answer.content.decode()


def test_it_lets_only_owners_invite(signed_in, team, pavel, outsider, link):
    link()
    code = Invitation.objects.get().code
    assert signed_in(pavel).get("/team/invitations/").status_code == 403
    for act in ("again", "withdraw"):
        path = f"/team/invitations/{code}/{act}/"
        assert signed_in(pavel).post(path).status_code == 403
        assert signed_in(outsider).post(path).status_code == 404
        assert Client().post(path).status_code == 302


def test_it_takes_in_somebody_new(client, team, link):
    path = link(role="reviewer")
    page = client.get(path)
    assert page["Cache-Control"] == "no-store"
    assert "Join Harbour Pictures" in page.content.decode()
    assert client.post(path, NEW)["Location"] == "/"
    assert roles(team)["ines@example.test"] == "reviewer"
    assert client.get("/team/").status_code == 200
    assert User.objects.get(email="ines@example.test").check_password(NEW["password"])
    assert Client().get(path).status_code == 404, "used up"


def test_it_takes_in_who_is_signed_in(signed_in, team, outsider, link):
    client = signed_in(outsider)
    path = link(role="producer")
    assert "Join as Otis Vane" in client.get(path).content.decode()
    client.post(path)
    assert roles(team)[outsider.email] == "producer"
    assert "Harbour Pictures" in client.get("/team/").content.decode(), "the new team is the one at hand"


def test_it_costs_no_use_and_changes_no_role_to_come_again(signed_in, team, mei, link):
    path = link(role="owner")
    signed_in(mei).post(path)
    assert roles(team)[mei.email] == "artist"
    assert Invitation.objects.get().uses == 0


@pytest.mark.parametrize(
    "bad", [{"name": ""}, {"email": "x"}, {"password": ""}, {"password": "password"}, {"password": "ines roth"}]
)
def test_it_says_what_is_wrong_and_keeps_the_rest(client, team, link, bad):
    path = link()
    answer = client.post(path, {**NEW, **bad})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    if "password" in bad:
        assert NEW["name"] in answer.content.decode()
    assert not User.objects.filter(email="ines@example.test").exists()
    assert Invitation.objects.get().uses == 0


def test_it_binds_an_address(client, signed_in, team, outsider, link):
    path = link(email="sofia@example.test")
    answer = signed_in(outsider).post(path)
    assert answer.status_code == 409
    assert f"for sofia@example.test; you are signed in as {outsider.email}" in answer.content.decode()
    client.post(path, {**NEW, "email": "mallory@example.test"})
    assert "sofia@example.test" in roles(team), "what is typed for a fixed address is ignored"
    assert not User.objects.filter(email="mallory@example.test").exists()


def test_it_asks_an_account_to_sign_in_first(client, team, outsider, link):
    path = link()
    answer = client.post(path, {**NEW, "email": outsider.email.upper()})
    assert answer.status_code == 409
    assert "has an account here. Sign in first" in answer.content.decode()
    assert outsider.email not in roles(team)
    assert client.get("/team/").status_code == 302


def test_it_withdraws(client, signed_in, ada, link):
    path = link()
    row = Invitation.objects.get()
    assert signed_in(ada).post(f"/team/invitations/{row.code}/withdraw/")["Location"] == "/team/"
    assert client.get(path).status_code == 404
    assert client.post(path, NEW).status_code == 404
    assert not User.objects.filter(email="ines@example.test").exists()


def test_it_makes_a_new_link_in_place_of_the_old(client, signed_in, ada, team, link):
    old = link()
    row = Invitation.objects.get()
    Invitation.objects.update(expires=timezone.now() + timedelta(minutes=1))
    page = signed_in(ada).post(f"/team/invitations/{row.code}/again/").content.decode()
    new = re.search(r"/join/[\w-]+/", page)[0]
    assert client.get(old).status_code == 404
    assert client.post(new, NEW).status_code == 302
    row.refresh_from_db()
    assert row.expires - timezone.now() > timedelta(days=6.9)
    assert signed_in(ada).post(f"/team/invitations/{row.code}/again/")["Location"] == "/team/", (
        "used up: a toast says so"
    )


def test_it_ends_after_a_week(client, link):
    path = link()
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert client.post(path, NEW).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_it_takes_in_one_of_twenty_at_once():
    team = makers.team()
    owner = makers.member(team, "Ada Osei", Role.OWNER)
    people = [makers.member(makers.team(), f"Guest{n} Person", Role.OWNER) for n in range(20)]
    invitation, _ = actions.invite(team=team, by=owner, role=Role.ARTIST)
    gate = Barrier(20)

    def come(person):
        gate.wait()
        try:
            actions.accept(invitation=invitation, user=person)
            return True
        except actions.Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        came = list(pool.map(come, people))
    assert came.count(True) == 1
    assert Membership.objects.filter(team=team).count() == 2
    assert Invitation.objects.get().uses == 1


@pytest.mark.django_db(transaction=True)
def test_it_lets_a_sign_in_link_win_once_of_twenty():
    user = makers.member(makers.team(), "Ada Osei", Role.OWNER)
    token, gate = actions.make_sign_in_link(user=user), Barrier(20)

    def use(_):
        gate.wait()
        try:
            actions.use_sign_in_link(token=token)
            return True
        except actions.Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(use, range(20))).count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_it_keeps_an_owner_when_two_demote_each_other():
    team = makers.team()
    pair = [makers.member(team, name, Role.OWNER) for name in ("Ada Osei", "Bo Lind")]
    rows = [Membership.objects.get(user=user) for user in pair]
    gate = Barrier(2)

    def demote(n):
        gate.wait()
        try:
            actions.change_role(member=rows[n], role=Role.VIEWER, by=pair[1 - n])
        except actions.Refused:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(demote, range(2)))
    assert Membership.objects.filter(team=team, role=Role.OWNER).count() == 1
