"""Checking an account: asked by the page, made by the worker at the service's emulator, read by the page. It costs nothing."""

import asyncio
import datetime as dt

import pytest
from django.utils import timezone

from studio.generation import actions, checks, health
from studio.generation.models import Check, EngineAccount
from studio.models import Event
from tests import makers
from tests.engines.conftest import HTMX, KEY

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_asks_first_and_calls_nobody(signed_in, ada, account):
    answer = signed_in(ada).post(f"/team/engines/{account.code}/check/", headers=HTMX)
    text = answer.content.decode()
    assert "Being checked" in text
    assert 'hx-trigger="every 2s"' in text
    assert [pk for pk, _ in checks.due(10)] == [Check.objects.get().pk]


def test_it_finds_a_good_key(emulator, at, checked, signed_in, ada):
    account = checked(at(emulator, health="key", said="The engine did not accept our key."))
    assert account.health == "ready"
    assert account.said.startswith("Answers in ")
    assert account.check_row.good
    assert "Checking was free." in account.check_row.said
    assert emulator.ledger == []  # nothing was charged
    assert len(emulator.calls) == 1
    assert checks.due(10) == []
    page = signed_in(ada).get("/team/engines/?part=accounts", headers=HTMX).content.decode()
    assert "Checking was free." in page
    assert "every 2s" not in page
    assert 'id="tiers"' in page  # a pause that is over shows in the tiers too


def test_it_finds_a_wrong_key(emulator, at, checked, signed_in, ada):
    account = checked(at(emulator, key="a-wrong-key-0123456789"))
    assert account.health == "key"
    assert account.paused
    assert not account.check_row.good
    assert "did not accept our key" in account.check_row.said
    assert Event.objects.filter(verb="account.paused").count() == 1
    seen = account.seen
    again = checked(account)
    assert again.seen == seen  # paused since the first time
    assert Event.objects.filter(verb="account.paused").count() == 1
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert "did not accept our key." in page
    assert "nothing waits for it" in page
    assert "Replace the key" in page
    assert "1 paused" in page


def test_it_finds_nobody(emulator, at, checked, signed_in, ada):
    account = at(emulator)
    with emulator.refusing():
        account = checked(account)
    assert account.health == "unreachable"
    assert not account.paused
    assert "cannot be reached" in account.check_row.said
    assert "was not reached." in signed_in(ada).get("/team/engines/").content.decode()


def test_it_says_what_tells_nothing_of_the_key(at, checked, signed_in, ada, emulator):
    account = at(emulator, health="ready")
    emulator.break_at("models" if emulator.name == "gemini" else "poll", "status", (503, {}))
    account = checked(account)
    assert not account.check_row.good
    assert account.health == "ready"
    assert "said nothing of its key" in signed_in(ada).get("/team/engines/").content.decode()


def test_it_finds_a_wrong_address(at, checked, signed_in, ada, emulator):
    """Something answers there, in words that look like the service's own."""
    account = at(emulator)
    EngineAccount.objects.filter(pk=account.pk).update(base_url=f"{emulator.base}/nowhere")
    account = checked(EngineAccount.objects.get(pk=account.pk))
    assert not account.check_row.good
    assert account.health == "unchecked"
    assert "Look at its base URL." in account.check_row.said
    assert "model" not in account.check_row.said
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert "Could not be checked" in page
    assert "Never checked" not in page
    assert "Look at its address" in page


def test_it_is_over_once_a_request_is_taken(at, checked, signed_in, ada, emulator):
    account = at(emulator)
    EngineAccount.objects.filter(pk=account.pk).update(base_url=f"{emulator.base}/nowhere")
    account = checked(EngineAccount.objects.get(pk=account.pk))
    health.well(account)
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert "said nothing of its key" not in page


def test_it_is_made_once_however_often_it_is_asked_for(emulator, at, ada):
    account = at(emulator)
    rows = {actions.ask_check(account=account, by=ada).pk for _ in range(3)}
    assert len(rows) == 1

    async def workers():
        await asyncio.gather(*(checks.run(pk) for pk in (*rows, *rows)))

    asyncio.run(workers())
    assert len(emulator.calls) == 1


def test_it_is_made_again_when_a_worker_died_over_it(account):
    row = actions.ask_check(account=account, by=None)
    Check.objects.update(lease_until=timezone.now() + dt.timedelta(seconds=60))
    assert checks.due(10) == []
    Check.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert checks.due(10) == [(row.pk, 0)]


@pytest.mark.parametrize("old", ["a-wrong-key-0123456789", KEY])
def test_it_forgets_a_check_of_the_key_before(emulator, at, ada, monkeypatch, old):
    """The key is replaced while the service is asked: what it says of the old one changes nothing."""
    account = at(emulator, key=old)
    row = actions.ask_check(account=account, by=ada)
    look = checks.look

    async def slowly(claimed):
        await checks.rows(actions.rotate_key, account=account, by=None, key="key-of-now-0123456789")
        return await look(claimed)

    monkeypatch.setattr(checks, "look", slowly)
    asyncio.run(checks.run(row.pk))
    account.refresh_from_db()
    assert account.health == "unchecked"
    assert not Check.objects.exists()


def test_it_says_that_no_worker_is_there(signed_in, ada, account):
    actions.ask_check(account=account, by=ada)
    Check.objects.update(asked=timezone.now() - dt.timedelta(minutes=1))
    assert "No worker has taken it up." in signed_in(ada).get("/team/engines/").content.decode()


def test_it_checks_all_that_are_on(signed_in, team, ada, account):
    off = makers.account(team, "Off", on=False)
    assert signed_in(ada).post("/team/engines/check/")["Location"] == "/team/engines/"
    assert [row.account for row in Check.objects.all()] == [account]
    assert off.pk != account.pk


def test_it_opens_no_key_of_another_encryption_key(account, checked):
    EngineAccount.objects.update(key_sealed="gAAAA-not-ours")
    account.refresh_from_db()
    account = checked(account)
    assert account.health == "key"
    assert "cannot be opened" in account.said


def test_it_asks_for_the_right(signed_in, account, pavel, mei, rosa, viktor, outsider):
    for user in (pavel, mei, rosa, viktor):
        assert signed_in(user).post(f"/team/engines/{account.code}/check/").status_code == 403
        assert signed_in(user).post("/team/engines/check/").status_code == 403
    assert signed_in(outsider).post(f"/team/engines/{account.code}/check/").status_code == 404
    signed_in(outsider).post("/team/engines/check/")
    assert not Check.objects.exists()
