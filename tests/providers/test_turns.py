"""Large answers are read one after the other, and nobody waits long for one that does not come."""

from __future__ import annotations

import asyncio
import time

import pytest

from studio.providers import turns
from studio.providers.turns import Turns


def read(order, n, pieces, each=0.0):
    async def reading(one):
        async with one.one():
            for _ in range(pieces):
                await asyncio.sleep(each)
            order.append(n)

    return reading


def test_the_first_are_here_before_the_last_have_begun():
    order, begun = [], []

    async def one(these, n):
        async with these.one():
            begun.append((n, len(order)))
            for _ in range(5):
                await asyncio.sleep(0)
            order.append(n)

    async def all_of_them():
        these = Turns()
        await asyncio.gather(*(one(these, n) for n in range(12)))

    asyncio.run(all_of_them())
    assert order == list(range(12))
    assert all(over >= n - 1 for n, over in begun), "never more than two at once"


def test_one_that_does_not_come_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    order = []

    async def all_of_them():
        these = Turns()
        slow = [asyncio.create_task(read(order, "slow", 1, 30)(these)) for _ in range(4)]
        await asyncio.sleep(0)
        began = time.monotonic()
        await read(order, "quick", 1)(these)
        took = time.monotonic() - began
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return took

    assert asyncio.run(all_of_them()) < 5
    assert order == ["quick"]


@pytest.mark.parametrize("how", ["it breaks", "it is cancelled", "it is cancelled while it waits"])
def test_a_turn_that_ends_badly_is_given_on(how, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST", 60)  # it has to be given back, not to run out
    order = []

    async def broken(these):
        async with these.one():
            await asyncio.sleep(0)
            raise OSError("the connection broke")

    async def all_of_them():
        these = Turns()
        ahead = [asyncio.create_task(read(order, "ahead", 1, 0.1)(these)) for _ in range(2)] if "waits" in how else []
        await asyncio.sleep(0)
        bad = [
            asyncio.create_task(broken(these) if "breaks" in how else read(order, "never", 1, 30)(these))
            for _ in range(6)
        ]
        await asyncio.sleep(0.01)
        for task in bad:
            task.cancel()
        await asyncio.gather(*bad, *ahead, return_exceptions=True)
        await asyncio.wait_for(asyncio.gather(*(read(order, n, 2)(these) for n in range(4))), 5)

    asyncio.run(all_of_them())
    assert order[-4:] == [0, 1, 2, 3]
    assert "never" not in order
