"""The team goes to somebody else: both roles change or neither, and there is an owner at every moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from studio.accounts import actions
from studio.models import AuditEntry, Membership
from tests import makers

PASSWORD = "correct horse battery"


def role(user):
    return Membership.objects.get(user=user).role


@pytest.fixture
def owner(ada):
    """The owner, who has just signed in."""
    client = Client()
    client.post("/sign-in/", {"login": ada.email, "password": PASSWORD})
    return client


def pk(user):
    return Membership.objects.get(user=user).pk


def test_it_hands_the_team_over(owner, team, ada, mei):
    theirs = Client()
    theirs.force_login(mei)
    assert theirs.get("/team/log/").status_code == 403
    page = owner.get("/team/owner/").content.decode()
    assert "Mei Tan, artist" in page
    assert f'value="{pk(ada)}"' not in page
    assert owner.post("/team/owner/", {"to": pk(mei)})["Location"] == "/team/"
    assert (role(ada), role(mei)) == ("producer", "owner")
    assert theirs.get("/team/log/").status_code == 200, "at the next request"
    assert owner.get("/team/owner/").status_code == 403, "and the other way round"
    entry = AuditEntry.objects.get(verb="team.handed_over")
    assert (entry.who, entry.data["to"]) == (ada.email, mei.email)


def test_it_asks_who_it_is_first(signed_in, ada, mei):
    client = signed_in(ada)  # without a proof
    assert client.post("/team/owner/", {"to": pk(mei)})["Location"].startswith("/me/security/prove/")
    assert role(ada) == "owner"


def test_it_is_for_owners_only(signed_in, outsider, pavel, mei, ada):
    for user in (pavel, mei):
        assert signed_in(user).post("/team/owner/", {"to": pk(user)}).status_code == 403
    assert Client().post("/team/owner/").status_code == 302
    client = Client()
    client.post("/sign-in/", {"login": outsider.email, "password": PASSWORD})
    assert client.post("/team/owner/", {"to": pk(mei)}).status_code == 422, "somebody of another team"
    assert role(mei) == "artist"


def test_it_goes_to_nobody_who_cannot_have_it(owner, team, ada, mei):
    for to in ("", "0", "x", "9" * 40, pk(ada), "\x00"):
        assert owner.post("/team/owner/", {"to": to}).status_code == 422
    mei.is_active = False
    mei.save()
    assert owner.post("/team/owner/", {"to": pk(mei)}).status_code == 422
    gone = Membership.objects.get(user=mei)
    Membership.objects.filter(user=mei).delete()
    with pytest.raises(actions.Refused, match="The team is still yours"):
        actions.hand_over(team=team, by=ada, to=gone)
    assert role(ada) == "owner"


@pytest.mark.django_db(transaction=True)
def test_it_has_one_effect_of_twenty():
    team = makers.team("Harbour")
    ada = makers.member(team, "Ada Osei", "owner")
    heirs = [makers.member(team, f"Heir{n} Person", "artist") for n in range(4)]

    def one(n):
        try:
            actions.hand_over(team=team, by=ada, to=Membership.objects.get(user=heirs[n % 4]))
            return True
        except actions.Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(one, range(20))) == 1
    assert Membership.objects.filter(team=team, role="owner").count() == 1
    assert role(ada) == "producer"
