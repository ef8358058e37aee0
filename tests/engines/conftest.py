"""An account, the services played on this machine, and the worker's part of a check."""

from __future__ import annotations

import asyncio

import pytest

from studio.generation import actions, checks
from studio.lib import threads
from tests import makers
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.runware import RunwareEmulator

HTMX = {"HX-Request": "true"}
KEY = "key-that-nobody-may-see-7f3a"
KINDS = {"runware": RunwareEmulator, "hiapi": HiApiEmulator, "gemini": GeminiEmulator}


@pytest.fixture
def account(team, ada):
    return makers.account(team, "Runware, Lisbon", key=KEY, by=ada)


@pytest.fixture(params=list(KINDS))
def emulator(request):
    with KINDS[request.param](key=KEY) as played:
        yield played


@pytest.fixture
def at(team):
    """`at(emulator)` is an account there, with the right key unless another is given."""

    def made(played, key=KEY, **fields):
        return makers.account(team, played.name, played.name, base=played.base, key=key, **fields)

    return made


@pytest.fixture
def checked():
    """Have an account checked as the page and the worker do, and give it as it is then."""

    def run(account):
        row = actions.ask_check(account=account, by=None)
        asyncio.run(checks.run(row.pk))
        account.refresh_from_db()
        account.check_row.refresh_from_db()
        return account

    yield run
    threads.let_go()


@pytest.fixture
def public(settings):
    settings.PUBLIC, settings.PUBLIC_URL = True, "https://studio.example"
