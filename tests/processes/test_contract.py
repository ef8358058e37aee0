"""What the engine room promises, with one worker on SQLite and with two on PostgreSQL, each a process on a data folder of its own."""

from __future__ import annotations

import os
import signal
import threading
import time
from decimal import Decimal

import pytest

from tests.soak.judge import judge
from tests.soak.world import PAID, Inside, World

pytestmark = pytest.mark.processes
SERVER = os.environ.get("DATABASE_URL", "")
LEASE = 4  # seconds, instead of 60
MINUTE = 15  # seconds, ours and the emulators'


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with World(
        tmp_path_factory.mktemp("room"), server=SERVER, machines=2 if SERVER else 1, STUDIO_LEASE=str(LEASE),
        STUDIO_TEST_MINUTE=str(MINUTE), emulators=("--scale", str(MINUTE / 60), "--concurrency", "1000", "--per-minute", "1000000"),
    ) as made:  # fmt: skip
        yield made


@pytest.fixture
def world(room):
    """Nothing seen, nothing charged, nobody at work, the usual limits."""
    for name, service in room.services.items():
        service.forget()
        service.mend()
        service.set(latency=0.4)
        service.tell()
        room.inside.do(
            "limits", engine=name, concurrency=8, per_minute=None, monthly_cap=None, rests_until=None, health="ready"
        )
    room.after = room.inside.do("last")
    yield room
    for machine in room.machines:
        for life in machine.lives:
            if not life.over.is_set():
                life.send(signal.SIGCONT)
                life.kill()
    room.inside.do("cancel_everything")


def work(world):
    return [machine.start() for machine in world.machines]


def assert_right(world, **states):
    verdict = judge(world, world.after)
    assert not verdict.wrong
    if states:
        found = {}
        for job in world.inside.do("jobs", after=world.after):
            found[job["state"]] = found.get(job["state"], 0) + 1
        assert found == states
    return verdict


def over(world):
    return not world.open()


def test_it_keeps_to_the_pictures_at_once(world):
    limits = {"runware": 3, "hiapi": 4, "gemini": 2}
    for name, most in limits.items():
        world.inside.do("limits", engine=name, concurrency=most)
        world.services[name].tell(concurrency=most)
        world.inside.do("ask", engine=name, pictures=12)
    work(world)
    world.until(lambda: over(world), 60)
    assert_right(world, done=36)
    for name, most in limits.items():
        [seen] = world.services[name].seen().values()
        assert seen["over"]["concurrency"] == 0
        assert seen["most_at_once"] == most, "what is allowed is used"


def test_it_keeps_to_the_calls_a_minute(world):
    for name, pictures in (("runware", 18), ("hiapi", 18), ("gemini", 30)):
        world.inside.do("limits", engine=name, per_minute=24)
        world.services[name].tell(per_minute=24)
        world.inside.do("ask", engine=name, pictures=pictures)
    work(world)
    world.until(lambda: over(world), 90)
    assert_right(world, done=66)
    for name in PAID:
        [seen] = world.services[name].seen().values()
        assert seen["over"]["calls"] == seen["over"]["creates"] == 0
        assert seen["calls"] > 24, "or there was nothing to keep to"


def test_it_never_draws_what_was_cancelled(world):
    for name in PAID:
        world.inside.do("limits", engine=name, concurrency=1)
    asked = {name: world.inside.do("ask", engine=name, pictures=8) for name in PAID}
    work(world)
    world.until(lambda: sum(len(service.ledger()) for service in world.services.values()) >= 3, 30)
    stopped = sum(world.inside.do("cancel", keys=keys) for keys in asked.values())
    world.until(lambda: over(world), 30)
    assert stopped >= 6
    assert_right(world, done=24 - stopped, cancelled=stopped)


def test_it_never_passes_a_cap_however_many_click(world):
    each = Decimal(world.inside.do("price", engine="runware"))
    used = Decimal(world.inside.do("used", engine="runware"))
    world.inside.do(
        "limits", engine="runware", monthly_cap=str((used + each * 5).quantize(Decimal("0.01"), "ROUND_UP"))
    )
    others = [Inside("tests.soak.inside", machine.environment) for machine in (world.machines * 4)[:4]]
    answers = []

    def click(inside):
        answers.extend(inside.do("try_to_ask", engine="runware") for _ in range(5))

    try:
        clicking = [threading.Thread(target=click, args=(one,)) for one in others]
        for one in clicking:
            one.start()
        for one in clicking:
            one.join()
    finally:
        for one in others:
            one.close()
    work(world)
    world.until(lambda: over(world), 30)
    assert len(answers) == 20
    assert sum(answer != "over" for answer in answers) == 5
    assert_right(world, done=5)
    assert len(world.services["runware"].charged()) == 5


def test_one_asked_for_by_hand_goes_first(world):
    world.inside.do("limits", engine="runware", concurrency=1)
    world.inside.do("ask", engine="runware", pictures=6)
    work(world)
    world.until(lambda: world.services["runware"].ledger(), 30)
    [urgent] = world.inside.do("ask", engine="runware", pictures=1, priority=10)
    world.until(lambda: over(world), 60)
    assert_right(world, done=7)
    order = [job["key"] for job in sorted(world.inside.do("jobs", after=world.after), key=lambda job: job["started"])]
    assert order.index(urgent) <= 2


@pytest.mark.parametrize("point", ["before the call", "after the call", "doubted", "waiting", "kept"])
def test_a_worker_that_dies_is_replaced(world, point):
    for name in PAID:
        world.inside.do("ask", engine=name, pictures=4)
        if point == "doubted" and name != "gemini":
            world.services[name].break_at("start", "drop_after", times=3)
    dying = world.machine.dies_at(point)
    world.until(lambda: dying.over.is_set() or world.inside.do("held"), 60)
    others = [machine.start() for machine in world.machines[1:]]
    assert dying.dies(60)
    assert all(not life.over.is_set() for life in others)
    world.machine.start()
    world.until(lambda: over(world), 60)
    verdict = assert_right(world)
    assert {one["engine"] for one in verdict.listed} <= {"gemini"}


def test_a_machine_that_is_lost_is_replaced_once_its_lease_is_over(world):
    for name in PAID:
        world.services[name].set(latency=1.5)
        world.inside.do("ask", engine=name, pictures=4)
    lost = world.machine.start()
    world.until(lambda: world.inside.do("held") >= 6, 30)
    lost.kill()
    if len(world.machines) == 1:  # its folder is brought up on another machine: nobody knows that the first one is dead
        (world.machine.data / "worker.id").unlink()
    world.machines[-1].start()
    waited = world.until(lambda: over(world), 60)
    assert waited < LEASE + 20
    verdict = assert_right(world)
    assert {one["engine"] for one in verdict.listed} <= {"gemini"}
    assert verdict.takes + len(verdict.listed) == 12


def test_a_machine_that_only_slept_pays_nothing_twice_and_writes_nothing_late(world):
    for name in PAID:
        world.services[name].set(latency=1.5)
        world.inside.do("ask", engine=name, pictures=4)
    asleep = world.machine.start()
    world.until(lambda: world.inside.do("held") >= 6, 30)
    asleep.send(signal.SIGSTOP)
    others = [machine.start() for machine in world.machines[1:]]
    if others:
        world.until(lambda: over(world), 60)
    else:
        time.sleep(LEASE * 2)
    before = world.inside.do("jobs", after=world.after)
    asleep.send(signal.SIGCONT)
    world.until(lambda: over(world), 60)
    time.sleep(3)
    verdict = assert_right(world)
    assert verdict.takes + len(verdict.listed) == 12
    assert not asleep.over.is_set(), "it goes on with other work"
    if others:
        for job, then in zip(world.inside.do("jobs", after=world.after), before, strict=True):
            late = then["state"] == "unknown" and job["state"] == "done"  # the picture that it had been asleep over
            assert late or job == then


@pytest.mark.parametrize("point", ["before the call", "after the call", "collected", "filed", "settled"])
def test_a_machine_that_stands_still_holds_nobody_up(world, point):
    """At “settled” it is in the middle of a transaction, with the job's, the panel's and the batch's rows in its hands."""
    for name in PAID:
        world.inside.do("ask", engine=name, pictures=4)
    still = world.machine.stops_at(point)
    world.until(lambda: still.stands_still, 60)
    others = [machine.start() for machine in world.machines[1:]]
    if others:
        world.until(lambda: over(world), LEASE * 2 + 30)
    else:
        time.sleep(LEASE + 1)
    still.send(signal.SIGCONT)
    world.until(lambda: over(world), 60)
    time.sleep(1)
    verdict = assert_right(world)
    assert {one["engine"] for one in verdict.listed} <= {"gemini"}
    assert verdict.takes + len(verdict.listed) == 12
    assert not still.over.is_set()


def test_a_machine_that_slept_keeps_to_the_calls_a_minute(world):
    for name in ("runware", "hiapi"):
        world.inside.do("limits", engine=name, per_minute=24)
        world.services[name].tell(per_minute=24)
        world.inside.do("ask", engine=name, pictures=12)
    first = work(world)
    world.until(lambda: world.services["runware"].seen(), 30)
    time.sleep(1)
    first[0].send(signal.SIGSTOP)
    time.sleep(LEASE + 2)
    first[0].send(signal.SIGCONT)
    world.until(lambda: over(world), 120)
    assert_right(world, done=24)
    for name in ("runware", "hiapi"):
        [seen] = world.services[name].seen().values()
        assert seen["over"]["calls"] == 0
