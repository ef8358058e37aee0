"""Accounts at emulators, and a worker that takes a job up whenever it is due, as the real one would."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import uuid
from decimal import Decimal

from django.utils import timezone

from studio.generation import actions, engines, runner
from studio.generation.models import OVER, EngineAccount, Job, JobState, Spend
from studio.lib import signing, threads
from studio.lib.threads import rows

MODELS = {
    "runware": ("google:4@3", "0.5K"),
    "hiapi": ("Nano-Banana-2", "1K"),
    "gemini": ("gemini-3.1-flash-image-preview", "0.5K"),
}
FREE = {"per_minute": None, "concurrency": 100}  # limits are tested by themselves
_keys = itertools.count(1)


def account(team, emulator, **fields):
    """An account with a key of its own at the emulator, so that its faults and its ledger are its own."""
    key = f"key-of-an-account-{next(_keys)}"
    emulator.also.add(key)
    fields = {"label": emulator.name, **FREE, **fields}
    made = EngineAccount.objects.create(
        team=team, engine=emulator.name, key_sealed=signing.seal(key), base_url=emulator.base, **fields
    )
    made.key = key
    return made


def ask(panel, account, *, tier="", **more):
    model, size = MODELS[account.engine]
    more = {"model": model, "size": size, "key": uuid.uuid4(), **more}
    return actions.request_takes(panels=[panel], by=None, account=account, tier=tier, **more).jobs.get()


def hurried(monkeypatch, *, patience=None):
    """Pauses of milliseconds; with `patience`, seconds after which an accepted request is given up."""
    from studio.generation import retrying

    monkeypatch.setattr(retrying, "pause", lambda tries, told=None: 0.01)
    monkeypatch.setattr(retrying, "MENDING", 0.05)
    monkeypatch.setattr(retrying.Pace, "next", lambda pace: 0.01)
    if patience is not None:
        short = retrying.seconds(patience)
        for name in ("PATIENCE", "AT_LEAST", "HOSTING"):
            monkeypatch.setattr(retrying, name, short)


def run(*work):
    """Coroutines together in a loop of their own; whatever they opened is closed."""

    async def all_of_them():
        try:
            return await asyncio.gather(*work)
        finally:
            await engines.close()

    try:
        return asyncio.run(all_of_them())
    finally:
        threads.let_go()


async def worked(pk, *, most=400):
    """The job after a worker has taken it up as often as it was due: until it is over, or waits for somebody to mend its account."""
    job = None
    for _ in range(most):
        await runner.run(pk)
        job = await rows(_read, pk)
        if job.state in OVER or _held_up(job):
            return job
        await asyncio.sleep(0.01)
    raise AssertionError(f"{job} is {job.state} after {most} turns: {job.error}")


def _read(pk):
    return Job.objects.select_related("account", "batch", "panel__scene").get(pk=pk)


def _held_up(job):
    resting = job.account.rests_until and (job.account.rests_until - timezone.now()).total_seconds() > 60
    return job.account.paused or (job.state == JobState.QUEUED and resting)


def mend(account):
    """As a check that succeeded."""
    from studio.generation import health

    account.refresh_from_db()
    health.checked(account, "Ready")
    account.refresh_from_db()


def ours(job):
    """The ledger's last word on the attempt, and its amount: held, charged, released or uncertain."""
    kinds = dict(Spend.objects.filter(job=job).values_list("kind", "amount"))
    for kind in ("charged", "released", "uncertain"):
        if kind in kinds:
            return kind, kinds[kind]
    return "held", kinds["reserved"]


def theirs(emulator, account):
    """How many pictures the service charged this account for, and how much."""
    charged = [row for row in emulator.charged() if row["account"] == account.key]
    return len(charged), sum((Decimal(str(row["amount"])) for row in charged), Decimal(0))


def counted_right(jobs=None):
    """Job.counted says what the ledger says, for every job there is."""
    for job in jobs or Job.objects.all():
        kind, amount = ours(job)
        assert job.counted == (0 if kind == "released" else amount), (job, job.state, kind, amount, job.counted)


@contextlib.contextmanager
def impatient(account, seconds):
    """Its calls and downloads are given up after so long."""
    provider = engines.for_account(account)
    provider._deadline = provider._door.patience = seconds
    yield provider
