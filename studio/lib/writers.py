"""Whose transaction is next, where the database lets only one write at a time.

SQLite's own way to wait is to sleep and to look again, ever more seldom: whoever comes at the right moment is first, and of several
threads that write all the time one may wait for seconds. Here they stand in line, those who let something else begin ahead of all
others. Other processes wait as SQLite has it. A server has locks of its own for each row, and nobody stands in line.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from django.db import connection

_line = threading.Condition()
_ahead = 0  # of those who wait, and go first
_writing = False


@contextlib.contextmanager
def writing(*, behind: bool = False) -> Iterator[None]:
    """Around a transaction: the only one of this process meanwhile. With `behind`, after all who wait without it.

    Inside a transaction it does nothing: the place is taken then.
    """
    global _ahead, _writing
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _line:
        _ahead += not behind
        try:
            _line.wait_for(lambda: not (_writing or (behind and _ahead)))
            _writing = True
        finally:
            _ahead -= not behind
    try:
        yield
    finally:
        with _line:
            _writing = False
            _line.notify_all()
