"""Who goes first to the database, and who is written together."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from django.db import OperationalError

from studio.lib import threads
from studio.lib.threads import opened, quiet, rows, rows_behind, rows_together, something_waits

pytestmark = pytest.mark.django_db(transaction=True)


def run(work):
    try:
        return asyncio.run(work)
    finally:
        threads.let_go()


def slow(name, order, seconds=0.05):
    def work():
        time.sleep(seconds)
        order.append(name)
        return name

    return work


def test_what_lets_others_begin_goes_first():
    order = []

    async def all_of_them():
        first = [asyncio.create_task(rows(slow(n, order))) for n in range(8)]
        await asyncio.sleep(0)
        await asyncio.gather(rows_behind(slow("behind", order)), *first)

    run(all_of_them())
    assert order[-1] == "behind"
    assert sorted(order[:8]) == list(range(8))


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(threads, "LONGEST", 0.2)
    order = []

    async def never_calm(until):
        while not until.is_set():
            await rows(slow("ahead", order, 0.01))

    async def all_of_them():
        over = asyncio.Event()
        busy = asyncio.create_task(never_calm(over))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await asyncio.gather(*(rows_behind(slow("behind", order, 0)) for _ in range(6)))
        took = time.monotonic() - began
        over.set()
        await busy
        return took

    took = run(all_of_them())
    assert order.count("behind") == 6
    assert 0.15 < took < 2  # each waited for itself: not one after the other


def test_it_is_quiet_at_once_where_nothing_can_be_begun():
    async def all_of_them():
        something_waits(False)
        busy = asyncio.create_task(rows(time.sleep, 0.6))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await quiet(5)
        took = time.monotonic() - began
        await busy
        something_waits(True)
        return took

    assert run(all_of_them()) < 0.3


def test_those_who_come_meanwhile_are_written_together():
    groups = []

    def written(those):
        groups.append(those)
        time.sleep(0.1)
        return [one * 2 for one in those]

    async def all_of_them():
        first = asyncio.create_task(rows_together(written, 0))
        await asyncio.sleep(0.03)
        return [await first, *await asyncio.gather(*(rows_together(written, n) for n in range(1, 20)))]

    assert run(all_of_them()) == [n * 2 for n in range(20)]
    assert [len(group) for group in groups] == [1, threads.TOGETHER, 19 - threads.TOGETHER], (
        "the first need not wait for the last"
    )


def test_one_that_cannot_be_written_spoils_nothing_for_the_others():
    def written(those):
        if 3 in those:
            raise ValueError("not that one")
        return those

    async def all_of_them():
        return await asyncio.gather(*(rows_together(written, n) for n in range(6)), return_exceptions=True)

    found = run(all_of_them())
    assert isinstance(found[3], ValueError)
    assert [one for one in found if not isinstance(one, Exception)] == [0, 1, 2, 4, 5]


def test_a_database_that_does_not_answer_is_asked_once_for_all():
    tries = []

    def written(those):
        tries.append(those)
        raise OperationalError("the server is away")

    async def all_of_them():
        return await asyncio.gather(*(rows_together(written, n) for n in range(5)), return_exceptions=True)

    assert {type(one) for one in run(all_of_them())} == {OperationalError}
    assert len(tries) <= 2


def test_one_who_no_longer_waits_keeps_nobody_from_being_written():
    groups = []

    def written(those):
        groups.append(those)
        time.sleep(0.1)
        return those

    async def all_of_them():
        gone, stays = (asyncio.create_task(rows_together(written, n)) for n in range(2))
        await asyncio.sleep(0.03)
        gone.cancel()
        return await stays

    assert run(all_of_them()) == 1


def test_pictures_are_opened_in_threads_of_their_own():
    async def all_of_them():
        return await opened(lambda: threading.current_thread().name), await rows(
            lambda: threading.current_thread().name
        )

    picture, row = run(all_of_them())
    assert picture.startswith("pictures")
    assert row.startswith("rows")
