"""Attempts that cost something, written as the runner leaves them."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from studio.generation import runner, states
from studio.generation.models import Batch, Job, JobEvent, JobState, Spend
from studio.lib import threads
from tests import makers
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.runware import RunwareEmulator

HX = {"hx-request": "true"}
NOW = timezone.now
WORDS = {
    "size": "1K", "prompt": "She lifts the flask, in ink.", "aspect": "16:9", "width": 1376, "height": 768, "layout": {}, "options": {},
    "template_version": "v1", "plan": {"slots": []}, "versions": {}, "test_shot": False, "crop": None,
}  # fmt: skip


@pytest.fixture
def project(team):
    return makers.project(team, "Night ferry")


@pytest.fixture
def panel(project):
    return makers.panel(makers.scene(project))


@pytest.fixture
def hiapi(team, ada):
    return makers.account(team, "hiapi, main", "hiapi", base="http://127.0.0.1:9")


@pytest.fixture
def attempt(panel, hiapi, mei):
    """`attempt("unknown")`: one of hiapi's, in that state, with its ledger. `at` is when it was asked for, `told` the service's figure."""

    def made(
        state="done",
        price="0.17",
        *,
        on=panel,
        account=hiapi,
        at=None,
        by=mei,
        charged=None,
        told=None,
        error="",
        **fields,
    ):
        at, price = at or NOW(), Decimal(price)
        team = on.scene.project.team
        batch = Batch.objects.create(team=team, project=on.scene.project, key=uuid.uuid4(), created_by=by, created=at)
        fields = {
            "model": "Nano-Banana-Pro",
            "tier": "hero",
            "request": WORDS,
            "template_version": "v1",
            "attempts": 1,
            **fields,
        }
        job = Job.objects.create(
            batch=batch, panel=on, account=account, engine=account.engine if account else "sketch", estimate=price, counted=price,
            state=JobState.QUEUED if state in {"queued", "cancelled"} else JobState.STARTING, created=at, started=at, **fields,
        )  # fmt: skip
        JobEvent.objects.create(job=job, after=JobState.QUEUED, at=at)
        Spend.objects.create(
            team=team, project=on.scene.project, job=job, kind="reserved", amount=price, account=account, by=by, at=at,
            dated=dt.date(2026, 11, 20),
        )  # fmt: skip
        if state == "done":
            take = makers.take(on)
            assert states.move(job, JobState.DONE, take=take, charged=True)
            states.settle(job, True, told=told, by=by)
        elif state == "cancelled":
            assert states.stop(job, by=by)
        elif state in {"failed", "refused", "unknown"}:
            assert states.lose(job, state, error=error or "The engine took too long.", charged=charged)
        job.refresh_from_db()
        return job

    return made


@pytest.fixture
def ledger_of():
    """What stands in the ledger of an attempt: kind, amount, whose figure."""
    return lambda job: [(row.kind, row.amount, row.source) for row in job.spends.all()]


@pytest.fixture
def services(team):
    """`services("hiapi")` is an account whose service runs here, with the service."""
    running = []

    def made(engine, **more):
        kind = {"hiapi": HiApiEmulator, "runware": RunwareEmulator}[engine]
        emulator = kind(key="key-of-the-service-1", **more)
        running.append(emulator)
        account = makers.account(team, f"{engine} here", engine, base=emulator.base, key=emulator.key, per_minute=6000)
        if engine == "hiapi":
            emulator.per_minute = 6000
        return account, emulator

    yield made
    for one in running:
        one.close()


@pytest.fixture
def run():
    """Run a job as the worker would, and give it as it is then."""

    def ran(job):
        asyncio.run(runner.run(job.pk))
        job.refresh_from_db()
        return job

    yield ran
    threads.let_go()
