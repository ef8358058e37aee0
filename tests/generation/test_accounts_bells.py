"""Bells of the services, rung through our own address: whatever they say, the picture is asked for, and comes once."""

from __future__ import annotations

import asyncio

import pytest

from studio.board.models import Take
from studio.generation import retrying
from studio.lib import engine, signing
from tests import makers
from tests.generation import services

pytestmark = pytest.mark.django_db(transaction=True)
BELLS = {
    "runware": ("", "twice", "together", "late", "unsigned", "malformed", "never"),
    "hiapi": ("", "twice", "together", "late", "unsigned", "malformed", "never", "forged", "old"),
}
# The others come without what makes them ours. Runware signs nothing: its secret is our address's path, which stays where a query goes.
HEARD = {"runware": {"", "twice", "together", "late", "unsigned"}, "hiapi": {"", "twice", "together", "late"}}
SECRET = "a-secret-of-twenty-letters"


@pytest.fixture
def public(live_server, settings):
    settings.PUBLIC, settings.PUBLIC_URL = True, live_server.url
    return live_server


@pytest.mark.parametrize("name", list(BELLS))
def test_a_bell_is_never_believed_and_never_buys(team, scene, service, public, monkeypatch, name):
    heard = []
    monkeypatch.setattr(engine, "called", lambda kind, *ids: heard.extend(ids))
    monkeypatch.setattr(retrying.Pace, "next", lambda self: 1.5)  # each bell comes before the picture is asked for
    emulator = service(
        name, latency=0.4
    )  # a bell that rings before the ticket is written finds nobody, and is not needed
    emulator.scale = 0.01
    if name == "hiapi":
        emulator.per_minute = emulator.concurrent = 100_000
        emulator.scale, emulator.secret = 1.0, SECRET
    jobs = {}
    for bell in BELLS[name]:
        account = services.account(team, emulator, callback_sealed=signing.seal(SECRET) if name == "hiapi" else "")
        jobs[bell] = services.ask(makers.panel(scene), account), account
        if bell:
            emulator.break_at("callback", bell, 0.2 if bell == "late" else None, key=account.key)

    async def rung(job):
        found = await services.worked(job.pk)
        for _ in range(200):  # a bell may take its time
            if wanted <= set(heard):
                break
            await asyncio.sleep(0.05)
        return found

    wanted = {jobs[bell][0].pk for bell in HEARD[name]}
    done = services.run(*(rung(job) for job, _ in jobs.values()))
    assert {job.state for job in done} == {"done"}
    assert {services.theirs(emulator, account)[0] for _, account in jobs.values()} == {1}
    assert Take.objects.count() == len(jobs)
    for bell, (job, _) in jobs.items():
        assert (job.pk in heard) == (bell in HEARD[name]), bell
    services.counted_right()
