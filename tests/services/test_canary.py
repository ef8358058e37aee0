"""A key that is set in every account turns up nowhere: not in pages, logs, errors, files, or the database."""

from __future__ import annotations

import asyncio
import io
import logging
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from studio.exports import actions as exports
from studio.generation import actions, engines, runner
from studio.generation.models import EngineAccount, Job
from studio.lib import threads
from tests import makers
from tests.access.matrix import ROWS
from tests.access.test_matrix import Visitor
from tests.access.world import build
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.runware import RunwareEmulator

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "canary-9c41-in-no-byte-of-it"
SERVICES = {
    "runware": (RunwareEmulator, "google:4@3"),
    "hiapi": (HiApiEmulator, "Nano-Banana-2"),
    "gemini": (GeminiEmulator, "gemini-3-pro-image-preview"),
}
# each ends a job in its own way, and repeats what it was sent where it can
FAULTS = (
    ("echo", 400), ("echo", 401), ("html", None), ("echo", 500), ("status", (302, {"location": f"https://{CANARY}.example/?key={CANARY}"})),
    ("status", (500, {f"no header {CANARY}": "so the line is no HTTP"})), None,
)  # fmt: skip
CHECKING = {"runware": "poll", "hiapi": "poll", "gemini": "models"}  # the step of each that a key is tried by


@pytest.fixture
def world(team, ada):
    return build(team, ada, "Wombat")


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="django.template")  # it says every missing variable, with all of the context
    for name in ("httpx", "httpcore", "studio", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def drawn(team, mei, panel):
    """Jobs of every engine and every way to fail; the accounts they were drawn by, and what was said of each as it was tried."""
    accounts, said = [], {}
    for engine, (kind, model) in SERVICES.items():
        with kind(key=CANARY, scale=0.01) as emulator:
            account = makers.account(team, engine.title(), engine, base=emulator.base, key=CANARY, per_minute=None)
            accounts.append(account)
            for fault in FAULTS:
                if fault:
                    emulator.break_at("start", *fault)
                EngineAccount.objects.filter(pk=account.pk).update(health="ready", rests_until=None)
                batch = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), account=account, model=model)
                asyncio.run(run(batch.jobs.get().pk))
                actions.cancel_batch(batch=batch, by=mei)
            EngineAccount.objects.filter(pk=account.pk).update(health="ready", rests_until=None)
            emulator.break_at(CHECKING[engine], "echo", 400)
            said[f"checking {engine}"] = told("checkproviders")
            assert not [fault for fault in emulator.faults if fault.times]  # each was felt
        threads.let_go()
    return accounts, said


def told(command):
    """All that a command says, its end included."""
    try:
        call_command(command, stdout=(out := io.StringIO()), stderr=out)
    except SystemExit:
        pass
    except Exception as error:
        out.write(f"{error!r}")
    return out.getvalue().encode()


async def run(job):
    engines._made.clear()  # a loop of its own, a line of its own
    await runner.run(job)
    for _, provider in engines._made.values():
        await provider.aclose()


def test_a_key_is_never_seen_again(team, ada, mei, world, log, capsys, monkeypatch, settings):
    settings.PUBLIC, settings.PUBLIC_URL = (
        True,
        "https://studio.example",
    )  # else hiapi gets no reference, and is never called
    monkeypatch.setattr("studio.generation.retrying.pause", lambda *_: 0.01)
    accounts, said = drawn(team, mei, world.panel)
    states = set(Job.objects.exclude(account=None).values_list("state", flat=True))
    assert {"done", "failed"} <= states, states  # the faults were felt, and the good ones drawn
    places = {**said}

    visitor = Visitor(ada)
    for row in ROWS:
        if row.get:
            answer = visitor.ask(row, world, "GET")
            places[f"page {row.name}"] = answer.body + repr(answer.headers).encode()

    export = exports.request_export(
        project=world.project, by=ada, key=uuid.uuid4(), format="zip", options={"which": "all"}
    )
    exports.run(export.pk)
    export.refresh_from_db()
    assert export.state == "done", export.error
    places["export"] = default_storage.open(export.path).read()

    for name in ("jobs", "checkproviders"):
        places[f"command {name}"] = told(name)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            places[f"table {table}"] = repr(cursor.fetchall()).encode()
    places["log"] = log.text.encode()
    places["output"] = "".join(capsys.readouterr()).encode()
    for account in accounts:
        account.refresh_from_db()
        provider = engines.make(account)
        places[f"what {account} looks like"] = f"{account!r} {vars(account)} {provider!r} {engines.USUAL}".encode()
        asyncio.run(provider.aclose())

    assert len(places) > 60
    assert [where for where, what in places.items() if CANARY.encode() in what] == []
    assert engines.signing.unseal(accounts[0].key_sealed) == CANARY  # it is there, and only sealed
