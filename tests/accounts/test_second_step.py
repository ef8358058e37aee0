"""Whoever has set up a second factor is asked for it, by whichever door they come."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from studio.accounts import actions

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def guarded(ada):
    cache.clear()
    TOTP.activate(ada, SECRET)
    return ada


def code():
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def by_password(client, user):
    return client.post("/sign-in/", {"login": user.email, "password": "correct horse battery", "next": "/team/"})


def by_link(client, user):
    return client.post(f"/enter/{actions.make_sign_in_link(user=user)}/")


@pytest.mark.parametrize("door", [by_password, by_link])
def test_it_asks_for_the_second_step(client, guarded, door):
    assert door(client, guarded)["Location"].startswith("/sign-in/code/")
    assert client.get("/team/").status_code == 302
    assert client.get("/sign-in/code/").status_code == 200
    refused = client.post("/sign-in/code/", {"code": "000000"})
    assert 'id="code-error" role="alert"' in refused.content.decode()
    assert client.get("/team/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 302
    assert client.get("/team/").status_code == 200


def test_it_has_no_second_step_without_a_first(client, guarded):
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
