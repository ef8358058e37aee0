"""How often one may try: counted in the database, by address and by key, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts import limits
from studio.models import Tally


@pytest.fixture(autouse=True)
def _rates(settings):
    settings.ACCOUNT_RATE_LIMITS = {
        **settings.ACCOUNT_RATE_LIMITS,
        "knock": "5/m/ip",
        "guess": "20/m/ip,3/10m/key",
        "mine": "2/m/user",
    }


def asked(address="192.0.2.1", user=None, **headers):
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
    request.user = user or AnonymousUser()
    return request


def knock(address="192.0.2.1", **headers):
    return limits.allowed(asked(address, **headers), "knock")


def test_it_allows_as_many_as_the_rate_says(db):
    assert [knock() for _ in range(7)] == [True] * 5 + [False] * 2
    assert knock("192.0.2.2"), "somewhere else"


def test_it_opens_anew_when_the_window_has_run_out(db):
    assert [knock() for _ in range(6)][-1] is False
    Tally.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert [knock() for _ in range(6)] == [True] * 5 + [False]


def test_it_counts_an_ipv6_network_as_one(db):
    assert [knock(f"2001:db8:1:2::{n}") for n in range(1, 8)] == [True] * 5 + [False] * 2
    assert knock("2001:db8:1:3::1")


def test_it_believes_no_forged_address(db):
    tries = [knock(**{"x-forwarded-for": f"203.0.113.{n}", "x-real-ip": f"203.0.113.{n}"}) for n in range(7)]
    assert tries == [True] * 5 + [False] * 2


def test_it_believes_the_proxies_it_was_told_of(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert all(knock(**{"x-forwarded-for": f"203.0.113.{n}"}) for n in range(7))
    forged = [knock(**{"x-forwarded-for": f"203.0.113.{n}, 198.51.100.1"}) for n in range(7)]
    assert forged == [True] * 5 + [False] * 2, "only what the proxy itself wrote"


def test_it_counts_by_key_from_wherever(db):
    tries = [limits.allowed(asked(f"192.0.2.{n}"), "guess", "a-link") for n in range(5)]
    assert tries == [True] * 3 + [False] * 2
    assert limits.allowed(asked(), "guess", "another-link")


def test_it_counts_each_person_apart(ada, mei):
    assert [limits.allowed(asked(user=ada), "mine") for _ in range(3)] == [True, True, False]
    assert limits.allowed(asked(user=mei), "mine")


def test_it_says_what_is_left_and_writes_nothing_for_it(db):
    with CaptureQueriesContext(connection) as queries:
        assert limits.left(asked(), "guess", "k") == limits.Tries(3, 10)
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    for _ in range(3):
        limits.allowed(asked(), "guess", "k")
    assert str(limits.left(asked(), "guess", "k")) == "The next one is possible in 10 minutes."
    with CaptureQueriesContext(connection) as queries:
        assert not limits.allowed(asked(), "guess", "k")
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "DELETE"))] == []


def test_it_gives_back_a_try_that_was_right(db):
    for _ in range(10):
        assert limits.allowed(asked(), "guess", "k")
        limits.give_back(asked(), "guess", "k")
    assert limits.left(asked(), "guess", "k").left == 3


def test_it_forgets_a_key_but_not_an_address(db):
    for _ in range(3):
        limits.allowed(asked(), "guess", "k")
    limits.forget(asked(), "guess", "k")
    assert limits.left(asked(), "guess", "k").left == 3
    assert Tally.objects.get().count == 3


def test_it_knows_every_action_it_counts(db):
    with pytest.raises(KeyError):
        limits.allowed(asked(), "no-such-action")


def test_it_keeps_no_address_and_no_key(db):
    limits.allowed(asked("198.51.100.77"), "guess", "a-secret-token")
    stored = str(list(Tally.objects.values()))
    assert "198.51.100" not in stored
    assert "a-secret-token" not in stored


def test_it_clears_away_what_has_run_out(db):
    for n in range(9):
        knock(f"192.0.2.{n}")
    Tally.objects.update(until=timezone.now() - timedelta(days=1))
    knock("192.0.2.200")
    assert Tally.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("old", [False, True], ids=["first window", "next window"])
def test_it_allows_no_more_when_twenty_ask_at_once(old):
    if old:
        knock()
        Tally.objects.update(until=timezone.now() - timedelta(seconds=1))

    def one(_):
        try:
            return knock()
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))
    assert sum(answers) == 5
    assert Tally.objects.get().count == 5


@pytest.mark.django_db(transaction=True)
def test_it_says_once_to_one_of_twenty():
    def one(_):
        try:
            return limits.once("a code", 60)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(one, range(20))) == 1
