"""The seam at work, with rows that live in memory: how many at once, in which order, how soon the next one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.processes.conftest import ROOT

pytestmark = pytest.mark.processes
PROGRAM = """
import asyncio, json, threading, time
import django
django.setup()
from studio.lib import engine

waiting, under, order, most = {{}}, set(), [], 0

def due(limit):
    return sorted(waiting.items(), key=lambda row: (-row[1], row[0]))[:limit]

async def run(number):
    global most
    if waiting.pop(number, None) is None:
        return
    under.add(number)
    most = max(most, len(under))
    try:
        await work(number)
    finally:
        under.discard(number)
        order.append(number)

{rows}
began = time.monotonic()
engine.register("job", engine.Kind(run, due, lambda machine, me: 0, SLOTS))
engine.run_worker(until=over)
print("=>" + json.dumps(answer()))
"""


def started(studio, program):
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env={**studio.environment, "DJANGO_SETTINGS_MODULE": "studio.settings"},
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


def worked(studio, rows):
    done = started(studio, PROGRAM.format(rows=rows))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "cancelled" not in done.stderr, "the engine had time to write down what ended"
    return json.loads(done.stdout.rsplit("=>", 1)[1])


def test_it_keeps_the_slots_full_and_never_more(studio):
    found = worked(
        studio,
        """
SLOTS = 8
waiting |= {number: 0 for number in range(64)}
async def work(number):
    await asyncio.sleep(0.25)
over = lambda: len(order) == 64
answer = lambda: {"most": most, "seconds": time.monotonic() - began}
""",
    )
    assert found["most"] == 8
    assert found["seconds"] < 9  # ideally 2; a poll of a second between two rows of a slot would make it 10


def test_it_takes_the_most_urgent_as_soon_as_a_slot_is_free(studio):
    found = worked(
        studio,
        """
SLOTS = 1
waiting |= {number: 0 for number in range(5)}
async def work(number):
    if number == 0:
        waiting[99] = 10
    await asyncio.sleep(0.05)
over = lambda: len(order) == 6
answer = lambda: order
""",
    )
    assert found == [0, 99, 1, 2, 3, 4]


def test_it_lets_a_row_that_comes_back_unfinished_rest_ever_longer(studio):
    found = worked(
        studio,
        """
SLOTS = 4
tries = []
waiting[1] = 0
async def work(number):
    tries.append(time.monotonic())
    waiting[1] = 0
over = lambda: bool(tries) and time.monotonic() - tries[0] > 2
answer = lambda: [after - before for before, after in zip(tries, tries[1:])]
""",
    )
    assert 2 <= len(found) <= 7
    assert found[0] >= 0.05
    assert found[-1] >= 0.2


TOGETHER = """
import asyncio, json, django
django.setup()
from studio.lib import engine
waiting, taken, ran = set(range(6)), [], []

async def run(number):
    waiting.discard(number)
    await asyncio.sleep(0.02 * number)
    if number == 2:
        raise ValueError("a runner that fails")
    ran.append(number)

def take(numbers):
    taken.append(sorted(numbers))
    {then}

engine.register("job", engine.Kind(run, lambda limit: [(n, 0) for n in sorted(waiting)], lambda a, b: 0, slots=4, take=take))
engine.run_worker(until=lambda: len(ran) == 5)
print("=>" + json.dumps([taken, sorted(ran)]))
"""


@pytest.mark.parametrize("then", ["return None", "raise OSError('the server is away')"])
def test_what_begins_in_the_same_moment_is_taken_together_and_runs_in_any_case(studio, then):
    done = started(studio, TOGETHER.format(then=then))
    assert "=>" in done.stdout, done.stderr
    taken, ran = json.loads(done.stdout.rsplit("=>", 1)[1])
    assert taken[0] == [0, 1, 2, 3]
    assert sorted(number for together in taken for number in together) == list(range(6))
    assert ran == [0, 1, 3, 4, 5]
    assert "job 2 failed unexpectedly" in done.stderr
    assert ("could not be taken together" in done.stderr) == then.startswith("raise")


LOOKS = """
import asyncio, json, django
django.setup()
from studio.lib import engine
waiting, ran, looks, since = list(range({rows})), [], [], []

async def run(number):
    waiting.remove(number)
    await asyncio.sleep(0.3 + 0.02 * number)
    ran.append(number)
    return engine.ALONE

def due(limit):
    if ran:
        looks.append(len(ran))
    return [(n, 0) for n in waiting][:limit]

engine.register("job", engine.Kind(run, due, lambda a, b: 0, slots=20, poll=30))
engine.run_worker(until=lambda: len(ran) == {rows})
print("=>" + json.dumps([len(looks), ran]))
"""


@pytest.mark.parametrize("rows", [20, 21])
def test_it_looks_again_only_where_something_may_begin(studio, rows):
    """Twenty that end one by one, and had given back what they held before: a look for each would be a question to all tables."""
    done = started(studio, LOOKS.format(rows=rows))
    assert "=>" in done.stdout, done.stderr
    looks, ran = json.loads(done.stdout.rsplit("=>", 1)[1])
    assert sorted(ran) == list(range(rows))
    assert looks < 10, "one where all slots were taken, and nobody waits for the poll"


def test_it_goes_on_after_work_that_raised_and_gives_plain_functions_a_thread(studio):
    done = subprocess.run(
        [sys.executable, "-c", """
import threading, django
django.setup()
from studio.lib import engine
waiting, threads = {1, 2}, []
def run(number):
    waiting.discard(number)
    threads.append(threading.current_thread() is threading.main_thread())
    if number == 1:
        raise ValueError("a runner that fails")
engine.register("export", engine.Kind(run, lambda limit: [(n, 0) for n in sorted(waiting)], lambda a, b: 0, slots=1))
engine.run_worker(until=lambda: len(threads) == 2)
print("=>", threads)
"""],
        cwd=ROOT, env={**studio.environment, "DJANGO_SETTINGS_MODULE": "studio.settings"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.rsplit("=>", 1)[1].strip() == "[False, False]", done.stderr
    assert "export 1 failed unexpectedly" in done.stderr
