"""Kill -9 at any moment, start again: exactly the takes that were asked for, none twice, nothing left over."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from studio.lib.engine import GRACE, LEAVING
from tests.processes.conftest import BOARD
from tests.processes.running import alive, children_of, command_of

pytestmark = pytest.mark.processes
POINTS = ("claimed", "before the call", "after the call", "waiting", "saving", "kept", "done")
ASK = """
answer = actions.request_takes(panels=panels, by=by, key=uuid.uuid4(), takes={takes}).pk
"""
LOOK = """
from studio.models import Image, Panel, Rendition
from studio.generation.models import Job, Spend
answer = {
    "states": sorted(set(Job.objects.values_list("state", flat=True))),
    "takes": [panel.takes.count() for panel in Panel.objects.order_by("pk")],
    "numbers": [sorted(panel.takes.values_list("number", flat=True)) for panel in Panel.objects.order_by("pk")],
    "images": Image.objects.count(),
    "ledger": sorted(Spend.objects.values_list("job_id", "kind")),
    "jobs": sorted(Job.objects.values_list("pk", flat=True)),
    "attempts": max(Job.objects.values_list("attempts", flat=True)),
    "open": Job.objects.filter(batch__finished=None).count(),
}
"""


def assert_whole(found, takes, panels):
    assert found["states"] == ["done"]
    assert found["takes"] == [takes] * panels
    assert found["numbers"] == [list(range(1, takes + 1))] * panels
    assert found["images"] == takes * panels
    assert found["ledger"] == sorted([job, kind] for job in found["jobs"] for kind in ("reserved", "charged"))
    assert found["open"] == 0


def test_it_loses_and_doubles_nothing_when_killed_at_random(studio, until):
    studio.do(BOARD.format(panels=12) + ASK.format(takes=2))
    dice = random.Random(7)
    killed = 0
    for _ in range(6):
        before = studio.states()
        worker = studio.worker()
        until(lambda before=before: studio.states() != before or studio.is_over())
        time.sleep(dice.uniform(0.0, 0.5))
        if studio.is_over():
            break
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        killed += 1
    assert killed >= 4
    studio.worker()
    until(studio.is_over)
    assert_whole(studio.do(LOOK), takes=2, panels=12)


def test_it_loses_and_doubles_nothing_when_killed_at_a_named_point(studio, until, tmp_path):
    studio.do(BOARD.format(panels=6) + ASK.format(takes=4))
    for number, point in enumerate(POINTS):
        worker = studio.worker(STUDIO_TEST_CRASH=f"{point}:{tmp_path / str(number)}")
        until(lambda worker=worker: worker.poll() is not None)
        assert worker.returncode == -signal.SIGKILL, point
    studio.worker()
    until(studio.is_over)
    found = studio.do(LOOK)
    assert_whole(found, takes=4, panels=6)
    assert found["attempts"] > 1


def test_it_stops_when_asked_and_goes_on_later(studio, until):
    studio.do(BOARD.format(panels=12) + ASK.format(takes=1))
    worker = studio.worker()
    until(lambda: studio.states().get("done", 0) >= 2)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(12) == 0
    found = studio.states()
    assert set(found) <= {"queued", "done"}, "what was under way had time to finish"
    assert found.get("queued"), "nothing new was begun"
    studio.worker()
    until(studio.is_over)
    assert_whole(studio.do(LOOK), takes=1, panels=12)


def test_it_leaves_in_time_when_the_work_hangs_and_nothing_is_lost(studio, until):
    studio.do(BOARD.format(panels=6) + ASK.format(takes=1))
    worker = studio.worker()
    until(lambda: studio.states().get("done", 0) >= 1)
    frozen = [pid for pid in children_of(worker.pid) if "spawn_main" in command_of(pid)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(0.5)
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(12) == 0
        assert time.monotonic() - asked < GRACE + LEAVING + 1, "sooner than whoever started it would kill it"
        assert studio.states().get("starting"), "something was under way"
        assert not (studio.data / "worker.sock").exists()
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    until(lambda: not [pid for pid in frozen if alive(pid)], 10)
    studio.worker()
    until(studio.is_over)
    assert_whole(studio.do(LOOK), takes=1, panels=6)


def test_it_begins_within_a_second_and_works_alone(studio, until):
    studio.worker()
    until(lambda: (studio.data / "worker.sock").exists())
    second = studio.manage("worker")
    assert second.returncode == 3
    assert "already works on" in second.stderr
    studio.do(BOARD.format(panels=1) + ASK.format(takes=1))
    until(studio.is_over)
    began = studio.do(
        "from studio.generation.models import Job\n"
        "job = Job.objects.get()\n"
        "answer = (job.events.get(after='starting').at - job.created).total_seconds()"
    )
    assert began < 1
