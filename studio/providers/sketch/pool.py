"""The processes that draw: one per core, made on first use, remade when one of them dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor

from studio.providers.base import ImageRequest

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
_closed: ProcessPoolExecutor | None = None  # the last one that was ended on purpose: what it drew is not started again


def submit(request: ImageRequest) -> Future[bytes]:
    """Start drawing. The answer is a JPEG, or the error that the drawing ended with.

    A worker killed while drawing breaks the pool; the picture is then started once more in a new one.
    """
    outer: Future[bytes] = Future()
    _chain(request, outer, again=True)
    return outer


def close() -> None:
    """End the processes, whatever they draw: they keep nothing. The next `submit` starts new ones."""
    global _pool, _closed
    with _lock:
        pool, _pool = _pool, None
        _closed = pool
    if pool:
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:  # asked politely, one that is still loading takes seconds on a busy machine
            process.terminate()
        for process in processes:
            process.join(2)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chain(request: ImageRequest, outer: Future[bytes], *, again: bool) -> None:
    pool = _current()
    try:
        inner = pool.submit(_draw, request)
    except (BrokenExecutor, RuntimeError) as error:
        _drop(pool)
        if again:
            _chain(request, outer, again=False)
        else:
            outer.set_exception(error)
        return

    def done(finished: Future[bytes]) -> None:
        if outer.cancelled():
            return
        error = finished.exception() if not finished.cancelled() else RuntimeError("Drawing was stopped.")
        if isinstance(error, BrokenExecutor) and again and pool is not _closed:
            _drop(pool)
            # a callback runs in the broken pool's own thread: start the new pool from another one
            threading.Thread(target=_chain, args=(request, outer), kwargs={"again": False}).start()
        elif error:
            outer.set_exception(error)
        else:
            outer.set_result(finished.result())

    inner.add_done_callback(done)


def _current() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            context = multiprocessing.get_context("spawn")
            _pool = ProcessPoolExecutor(cores(), mp_context=context, initializer=_prepare)
            for _ in range(cores()):
                _pool.submit(_warm)
        return _pool


def _drop(pool: ProcessPoolExecutor) -> None:
    global _pool
    with _lock:
        if _pool is pool:
            _pool = None
    pool.shutdown(wait=False)


def _prepare() -> None:
    """In the new process: leave Ctrl-C to the parent, load the drawing code, and never outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _warm()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(0)


def _warm() -> None:
    from studio.providers.sketch import draw  # noqa: F401


def _draw(request: ImageRequest) -> bytes:
    from studio.providers.sketch.draw import draw

    return draw(request)
