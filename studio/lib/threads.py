"""The threads in which coroutines read and write rows, each with a connection of its own.

Work that lets something else begin goes first: where a hundred pictures come back in one moment, their places are given to the
next hundred before the first of them is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import threading
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections

THREADS = 4
BEHIND = 2  # of what may wait, at once
GATHER = 0.005  # seconds in which those who write the same come together
TOGETHER = 16  # rows that are written in one go: the first of many go on when the last are written
LONGEST = 2.0  # seconds that it lets others pass
CALM = 0.05  # seconds without anything ahead: what comes in bursts comes with gaps
Given = ParamSpec("Given")
Result = TypeVar("Result")
One = TypeVar("One")
Waiting = tuple[Any, asyncio.Future[Any]]  # what somebody gave, and their answer


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="rows")


class _Line:
    """Of one event loop: how much is ahead, and the places of those who let it pass."""

    def __init__(self) -> None:
        self.ahead = 0
        self.calm = asyncio.Event()
        self.calm.set()
        self.soon: asyncio.TimerHandle | None = None
        self.more = True  # there is something to begin
        self.places = asyncio.Semaphore(BEHIND)
        self.waiting: dict[Callable[..., Any], list[Waiting]] = {}  # by their work, for `rows_together`
        self.writing: set[asyncio.Task[None]] = set()

    def come(self) -> None:
        self.ahead += 1
        if self.more:
            self.calm.clear()
        if self.soon:
            self.soon.cancel()

    def gone(self) -> None:
        self.ahead -= 1
        if not self.ahead:
            self.soon = asyncio.get_running_loop().call_later(CALM, self.calm.set)


_threads = _pool()
_openers = ThreadPoolExecutor(min(4, os.cpu_count() or 1) + 1, thread_name_prefix="pictures")  # children, and one more
_lines: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = weakref.WeakKeyDictionary()


async def rows(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Call what reads or writes the database from a coroutine: in one of a few threads, each with a connection.

    A connection that is old (CONN_MAX_AGE) or has failed is given back, so a server that restarts costs one attempt.
    """
    line = _line()
    line.come()
    try:
        return await _called(work, *args, **kwargs)
    finally:
        line.gone()


async def rows_behind(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """As `rows`, for what nothing else waits for: when it is quiet, or two seconds later, and never more than two at once."""
    line = _line()
    await quiet(LONGEST)
    async with line.places:
        return await _called(work, *args, **kwargs)


async def rows_together(work: Callable[[list[One]], list[Result]], one: One) -> Result:
    """As `rows`, in one go with all others who ask for the same work while it is busy: many rows at the price of one transaction.

    `work` gets what they gave and says for each, in that order, what came of it. Where it raises, each is tried alone, unless it
    is the database that does not answer.
    """
    loop, line = asyncio.get_running_loop(), _line()
    future: asyncio.Future[Result] = loop.create_future()
    if work in line.waiting:
        line.waiting[work].append((one, future))
    else:
        line.waiting[work] = [(one, future)]
        line.writing.add(task := loop.create_task(_written(work)))
        task.add_done_callback(line.writing.discard)
    return await future


async def quiet(most: float) -> None:
    """Until for a moment no `rows` was under way or waiting, `most` seconds at most."""
    line = _line()
    if not line.calm.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(line.calm.wait(), most)


def something_waits(more: bool) -> None:
    """Whether anything may be begun now. Where nothing may, nobody has to stand behind."""
    line = _line()
    line.more = more
    if not more:
        line.calm.set()


async def opened(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Call what opens pictures, in threads of its own: those who wait for a child to decode do not keep files from being written."""
    called = functools.partial(work, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_openers, called)


def let_go() -> None:
    """End those threads and their connections. New ones come when they are needed."""
    global _threads
    threads, _threads = _threads, _pool()
    together = threading.Barrier(THREADS)

    def close() -> None:
        together.wait(10)  # so that each thread closes its own
        connections.close_all()

    wait([threads.submit(close) for _ in range(THREADS)])
    threads.shutdown()


def threaded(run: Callable[[int], Any]) -> Callable[[int], Awaitable[Any]]:
    """A plain runner in a thread, with its connection given back."""

    def called(number: int) -> None:
        try:
            run(number)
        finally:
            close_old_connections()

    async def beside(number: int) -> None:
        await asyncio.to_thread(called, number)

    return beside


async def _written(work: Callable[[list[Any]], list[Any]]) -> None:
    waiting = _line().waiting
    await asyncio.sleep(GATHER)
    while now := waiting[work][:TOGETHER]:
        del waiting[work][:TOGETHER]
        try:
            await _answer(work, now)
        except (OperationalError, InterfaceError) as error:
            for _, future in now:
                if not future.done():
                    future.set_exception(error)
        except Exception:  # whoever is to blame, the others are not
            for one in now:
                await _alone(work, one)
    del waiting[work]


async def _answer(work: Callable[[list[Any]], list[Any]], now: list[Waiting]) -> None:
    results = await rows(work, [one for one, _ in now])
    for (_, future), result in zip(now, results, strict=True):
        if not future.done():
            future.set_result(result)


async def _alone(work: Callable[[list[Any]], list[Any]], one: Waiting) -> None:
    try:
        await _answer(work, [one])
    except Exception as error:
        if not one[1].done():
            one[1].set_exception(error)


def _line() -> _Line:
    loop = asyncio.get_running_loop()
    found = _lines.get(loop)
    if found is None:
        found = _lines[loop] = _Line()
    return found


async def _called(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    def called() -> Result:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, called)
