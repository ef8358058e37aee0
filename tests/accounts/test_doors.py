"""Wrong tokens, passwords and codes at every door: 429 from the 20th at the latest, wherever they seem to come from.

The suite tries 120 for each count, `make thorough` a thousand.
Requests go through the whole stack, but for the test client, which costs more than a refusal.
"""

from __future__ import annotations

import os
import uuid
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from studio.generation import links
from studio.lib import signing
from studio.models import Tally
from studio.review import actions as review
from tests import makers

SEEN = 19  # answered before the pause begins
TRIES = int(os.environ.get("STUDIO_TRIES", "40"))  # from each of three places
PASSWORD = "correct horse battery"
HANDLER, FACTORY = BaseHandler(), RequestFactory()
PLACES = {
    "one IPv4": lambda n: {"REMOTE_ADDR": "192.0.2.7"},
    "one IPv6 /64": lambda n: {"REMOTE_ADDR": f"2001:db8:1:2:{n:x}::{n:x}"},
    "forged headers": lambda n: {
        "REMOTE_ADDR": "192.0.2.8",
        "HTTP_X_FORWARDED_FOR": f"203.0.113.{n % 250}",
        "HTTP_X_REAL_IP": f"198.51.100.{n % 250}",
        "HTTP_FORWARDED": f"for=203.0.113.{n % 250}",
        "HTTP_CF_CONNECTING_IP": f"203.0.113.{n % 250}",
    },
}


@pytest.fixture(autouse=True, scope="module")
def _stack():
    HANDLER.load_middleware()


@pytest.fixture(autouse=True)
def _many_mailboxes(settings, caplog):
    """So that the count by address is what closes the door; keys of one person close it sooner, and have tests of their own."""
    caplog.set_level("CRITICAL")
    rates = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = {
        **rates,
        "second_step": rates["second_step"].replace("5/10m/key", "9999/10m/key"),
        "review_password": rates["review_password"].replace("100/h/key", "9999/h/key"),
    }


def knock(place, n, path, form=None, cookies="", kind="application/x-www-form-urlencoded"):
    """The status that a stranger's request is answered with. With a `form` it is a POST."""
    head = {**PLACES[place](n), **({"HTTP_COOKIE": cookies} if cookies else {})}
    if form is None:
        request = FACTORY.get(path, **head)
    else:
        request = FACTORY.generic("POST", path, form if isinstance(form, bytes) else urlencode(form), kind, **head)
    request._dont_enforce_csrf_checks = True
    return HANDLER.get_response(request).status_code


def cookies_of(client):
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@pytest.fixture
def doors(team, ada, pavel):
    """By name, `(place, n) -> status` of one wrong try, and what a wrong try is answered with before the pause."""
    TOTP.activate(ada, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    half = Client(REMOTE_ADDR="10.0.0.1")
    half.post("/sign-in/", {"login": ada.email, "password": PASSWORD})
    half_in = cookies_of(half)
    project = makers.project(team)
    makers.take(makers.panel(makers.scene(project)), picked=True)
    round_ = review.send_round(project=project, by=pavel)
    _, token = review.make_link(round=round_, by=pavel, name="Dana", password="open sesame")
    account = makers.account(team)
    account.callback_sealed = signing.seal("s" * 32)
    account.save()
    bell = f"/called/{account.code}/{links.callback_secret(account.code)}/"
    json, sha = b'{"taskId": "x"}', "0" * 64
    unsigned = {"form": json, "kind": "application/json"}
    return {
        "password": (lambda at, n: knock(at, n, "/sign-in/", {"login": f"n{n}@example.test", "password": f"{n}"}), 422),
        "one-time link asked": (lambda at, n: knock(at, n, "/sign-in/link/", {"login": f"n{n}@example.test"}), 200),
        "one-time link": (lambda at, n: knock(at, n, f"/enter/guess-{n}/", {} if n % 2 else None), 404),
        "code": (lambda at, n: knock(at, n, "/sign-in/code/", {"code": f"{n:06}"}, half_in), 422),
        "passkey as second step": (lambda at, n: knock(at, n, "/sign-in/code/", {"credential": "{}"}, half_in), 422),
        "passkey": (lambda at, n: knock(at, n, "/sign-in/passkey/", {"credential": "{}"}), 422),
        "invitation": (lambda at, n: knock(at, n, f"/join/guess-{n}/", {"name": "x"} if n % 2 else None), 404),
        "review link": (lambda at, n: knock(at, n, f"/r/{n:043d}/{REVIEW[n % len(REVIEW)]}"), 404),
        "review link, written to": (lambda at, n: knock(at, n, f"/r/{n:043d}/{WRITTEN[n % len(WRITTEN)]}", {}), 404),
        "link's password": (lambda at, n: knock(at, n, f"/r/{token}/", {"password": f"{n}"}), 422),
        "way out of letters": (lambda at, n: knock(at, n, f"/stop/{n}:guess:guess/", {} if n % 2 else None), 404),
        "bell": (lambda at, n: knock(at, n, f"/called/{account.code}/guess-{n}/", **unsigned), 404),
        "bell's signature": (lambda at, n: knock(at, n, bell, **unsigned), 403),
        "lent picture": (lambda at, n: knock(at, n, f"/handed/{uuid.UUID(int=n)}/{sha}/guess-{n}/"), 404),
    }  # fmt: skip


REVIEW = ["", "name/", "news/", "present/", "panels/x/", "panels/x/compare/", "pictures/x/320/", "pictures/x/original/"]
WRITTEN = ["decide/", "name/", "panels/x/notes/", "notes/x/edit/", ""]
COUNTS = {
    "login_failed": ["password"],
    "request_login_code": ["one-time link asked"],
    "second_step": ["code"],
    "passkey": ["passkey", "passkey as second step"],
    "wrong_link": ["one-time link", "invitation", "way out of letters"],
    "wrong_review_link": ["review link", "review link, written to"],
    "review_password": ["link's password"],
    "wrong_service": ["bell", "bell's signature", "lent picture"],
}


def test_it_closes_each_door_by_itself(doors):
    """Those that share a count; one that has its own stays closed by itself below."""
    assert set(doors) == {name for names in COUNTS.values() for name in names}
    for name in [name for names in COUNTS.values() if len(names) > 1 for name in names]:
        attempt, wrong = doors[name]
        for place in PLACES:
            Tally.objects.all().delete()
            answers = [attempt(place, n) for n in range(SEEN + 3)]
            assert answers == [wrong] * SEEN + [429] * 3, (name, place)


@pytest.mark.parametrize("count", COUNTS)
def test_it_stays_closed(doors, count):
    """A third of the tries from each place. Doors that share a count are tried in turn: none is a way around another."""
    names = COUNTS[count]
    for place in PLACES:
        Tally.objects.all().delete()
        answers = [doors[names[n % len(names)]][0](place, n) for n in range(TRIES)]
        assert answers[:SEEN] == [doors[names[n % len(names)]][1] for n in range(SEEN)], place
        assert answers[SEEN:] == [429] * (TRIES - SEEN), place


def test_a_refusal_is_cheap(doors, settings, monkeypatch):
    """No password is hashed, nothing written, few questions asked, and no line in the log for each."""
    for name, (attempt, _) in doors.items():
        Tally.objects.all().delete()
        for n in range(32):
            attempt("one IPv4", n)
        monkeypatch.setattr("django.contrib.auth.hashers.verify_password", None)
        with CaptureQueriesContext(connection) as asked:
            assert attempt("one IPv4", 99) == 429
        monkeypatch.undo()
        assert len(asked) <= 8, name
        assert all(query["sql"].startswith("SELECT") for query in asked if "AVEPOINT" not in query["sql"]), name
    kept = settings.LOGGING["filters"]["no_guesses"]["callback"]
    assert not kept(SimpleNamespace(status_code=429))
    assert kept(SimpleNamespace(status_code=500))
