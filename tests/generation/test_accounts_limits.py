"""Limits of an account as the service sees them: never more at once, never more in a minute, whoever works how fast."""

from __future__ import annotations

import asyncio
import itertools
import threading

import pytest
from django.db import connections

from studio.generation import actions, engines, line, pace, runner
from studio.generation.models import UNDER_WAY, EngineAccount, Job
from studio.lib.threads import rows
from tests import makers
from tests.generation import services

pytestmark = pytest.mark.django_db(transaction=True)


def asked(scene, account, count):
    """So many pictures, each of a panel of its own."""
    return [services.ask(makers.panel(scene), account) for _ in range(count)]


def together(count, work):
    """Each call in a thread and with a connection of its own, begun in the same moment; what they gave back."""
    start, found = threading.Barrier(count), [None] * count

    def one(n):
        start.wait(20)
        try:
            found[n] = work(n)
        except Exception as error:
            found[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


async def worker(stop_at):
    """As the engine does: whatever is due, as much as there is room for, until so many are over."""
    under_way: set[asyncio.Task] = set()
    while True:
        due = await rows(runner.due, 50)
        for pk, _ in due:
            under_way.add(asyncio.create_task(runner.run(pk)))
        _, under_way = await asyncio.wait(under_way, timeout=0.03) if under_way else (None, under_way)
        if await rows(Job.objects.filter(state="done").count) >= stop_at:
            await asyncio.gather(*under_way)
            return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", ["runware", "gemini"])
def test_two_who_claim_at_the_same_moment_never_take_more_than_there_is_room_for(team, scene, name):
    account = makers.account(team, name, name, concurrency=3, per_minute=None)
    jobs = asked(scene, account, 12)
    claimed = together(12, lambda n: line.claim(jobs[n].pk))
    assert sum(isinstance(one, Job) for one in claimed) == 3
    assert not [one for one in claimed if isinstance(one, Exception)]
    assert Job.objects.filter(state__in=UNDER_WAY).count() == 3
    assert line.due(50) == []
    assert sum(isinstance(one, Job) for one in together(12, lambda n: line.claim(jobs[n].pk))) == 0


def test_a_job_is_claimed_by_one(team, scene):
    account = makers.account(team, per_minute=None)
    (job,) = asked(scene, account, 1)
    assert sum(isinstance(one, Job) for one in together(8, lambda _: line.claim(job.pk))) == 1


def test_turns_booked_at_the_same_moment_are_different_ones(team):
    account = makers.account(team, per_minute=30)
    waits = sorted(together(8, lambda _: pace.book(account.pk)))
    assert max(waits[:3]) < 0.2
    assert all(later - sooner > 1.5 for sooner, later in itertools.pairwise(waits[3:]))


@pytest.mark.parametrize("name", ["runware", "hiapi", "gemini"])
def test_the_service_never_sees_more_at_once(team, scene, service, name):
    emulator = service(name, latency=0.15)
    if name == "hiapi":
        emulator.per_minute = 100_000
    account = services.account(team, emulator, concurrency=3)
    emulator.concurrent = 3
    emulator.seen.tell(concurrency=3)
    asked(scene, account, 10)
    services.run(worker(10), worker(10))
    seen = emulator.seen.report()[account.key]
    assert (seen["over"]["concurrency"], seen["creates"]) == (0, 10)
    assert 2 <= seen["most_at_once"] <= 3
    services.counted_right()


@pytest.mark.processes  # it hangs on when calls arrive: alone, with nothing beside it
def test_the_service_never_sees_more_in_a_minute(team, scene, service, monkeypatch):
    """Questions count at hiapi. The minutes are short here, on both sides."""
    monkeypatch.setattr(pace, "MINUTE", 3.0)
    hiapi = service("hiapi", scale=3 / 60, per_minute=20, concurrency=100)
    gemini = service("gemini", scale=3 / 60, per_minute=20)
    for emulator, count in ((hiapi, 9), (gemini, 16)):
        asked(scene, services.account(team, emulator, per_minute=20, concurrency=6), count)
    services.run(worker(25), worker(25))
    for emulator in (hiapi, gemini):
        for seen in emulator.seen.report().values():
            assert seen["over"]["creates"] == 0
            assert seen["over"]["calls"] == 0
    assert not [call for call in hiapi.calls if call.status == 429]
    services.counted_right()


def test_one_asked_for_by_hand_goes_before_a_batch(team, scene, mei):
    account = makers.account(team, concurrency=1, per_minute=None)
    model, size = services.MODELS["runware"]
    panels = [makers.panel(scene) for _ in range(4)]
    actions.request_takes(panels=panels[:3], by=mei, key=makers.uuid.uuid4(), account=account, model=model, size=size)
    by_hand = services.ask(panels[3], account)
    assert [pk for pk, _ in line.due(10)] == [by_hand.pk]


def test_each_account_has_a_line_of_its_own(team, scene):
    full = makers.account(team, "Full", concurrency=1, per_minute=None)
    free = makers.account(team, "Free", "gemini", concurrency=2, per_minute=None)
    first, *_ = asked(scene, full, 3)
    line.claim(first.pk)
    waiting = asked(scene, free, 3)
    assert {pk for pk, _ in line.due(10)} == {job.pk for job in waiting[:2]}


def test_a_new_limit_holds_from_the_next_picture_on(team, scene):
    account = makers.account(team, concurrency=4, per_minute=None)
    jobs = asked(scene, account, 4)
    assert line.claim(jobs[0].pk)
    EngineAccount.objects.filter(pk=account.pk).update(concurrency=1)
    assert line.claim(jobs[1].pk) is None


def test_another_key_or_address_is_used_by_the_next_call(team, ada):
    account = makers.account(team)
    before = engines.for_account(account)
    assert engines.for_account(account) is before
    account = actions.rotate_key(account=account, by=ada, key="another-key-0123456789")
    after = engines.for_account(account)
    assert after is not before
    assert "another-key-0123456789" in str(after._door._headers)

    async def closed():
        await engines.close()

    asyncio.run(closed())
    assert engines._made == {}
