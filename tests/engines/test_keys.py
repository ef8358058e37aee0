"""Another key for an account: it lifts what paused it, and the old one is gone."""

import pytest

from studio.generation import actions
from studio.generation.errors import Refused
from studio.generation.models import Check, EngineAccount
from studio.lib import signing
from studio.models import Event
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db
OTHER = "another-key-0123456789-c09e"


def test_it_replaces_the_key(signed_in, ada, account):
    EngineAccount.objects.update(health="key", said="The engine did not accept our key.")
    answer = signed_in(ada).post(f"/team/engines/{account.code}/key/", {"key": f" {OTHER}\n"})
    assert answer["Location"] == "/team/engines/"
    account.refresh_from_db()
    assert signing.unseal(account.key_sealed) == OTHER
    assert (account.key_tail, account.health, account.said, account.revision) == ("c09e", "unchecked", "", 2)
    assert not account.paused
    assert Check.objects.get().answered is None
    assert OTHER not in str(list(Event.objects.values()))
    assert Event.objects.get(verb="account.key").actor == ada


def test_it_forgets_what_a_check_of_the_old_one_said(ada, account):
    Check.objects.create(account=account, said="The engine did not accept our key.")
    actions.rotate_key(account=account, by=ada, key=OTHER)
    assert not Check.objects.exists()


@pytest.mark.parametrize("typed", ["", "   ", "two words", "x" * 600])
def test_it_says_why_not(signed_in, ada, account, typed):
    was = account.key_sealed
    answer = signed_in(ada).post(f"/team/engines/{account.code}/key/", {"key": typed}, headers=HTMX)
    assert answer.status_code == 422
    account.refresh_from_db()
    assert account.key_sealed == was


def test_it_leaves_the_environments_key_to_the_environment(signed_in, ada, account, monkeypatch):
    EngineAccount.objects.update(from_environment="RUNWARE_API_KEY")
    account.refresh_from_db()
    monkeypatch.setenv("RUNWARE_API_KEY", "something")
    client = signed_in(ada)
    assert "change it there" in client.get(f"/team/engines/{account.code}/key/").content.decode()
    assert client.post(f"/team/engines/{account.code}/key/", {"key": OTHER}, headers=HTMX).status_code == 422
    with pytest.raises(Refused, match="RUNWARE_API_KEY"):
        actions.rotate_key(account=account, by=ada, key=OTHER)
    monkeypatch.delenv("RUNWARE_API_KEY")  # taken out there: then it is ours
    client.post(f"/team/engines/{account.code}/key/", {"key": OTHER})
    account.refresh_from_db()
    assert signing.unseal(account.key_sealed) == OTHER


def test_it_asks_for_the_right(signed_in, account, pavel, mei, rosa, viktor, outsider):
    was = account.key_sealed
    for user in (pavel, mei, rosa, viktor):
        assert signed_in(user).post(f"/team/engines/{account.code}/key/", {"key": OTHER}).status_code == 403
    assert signed_in(outsider).post(f"/team/engines/{account.code}/key/", {"key": OTHER}).status_code == 404
    account.refresh_from_db()
    assert account.key_sealed == was
