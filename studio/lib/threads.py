"""The threads in which coroutines read and write rows, each with a connection of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

THREADS = 4
Given = ParamSpec("Given")
Result = TypeVar("Result")


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="rows")


_threads = _pool()


async def rows(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Call what reads or writes the database from a coroutine: in one of a few threads, each with a connection.

    A connection that is old (CONN_MAX_AGE) or has failed is given back, so a server that restarts costs one attempt.
    """

    def called() -> Result:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, called)


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
