"""A file that one process holds, as long as it lives: the kernel lets go when it dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO


class Held(Exception):
    """Another process holds the file. The message is its pid, or a question mark."""


@contextlib.contextmanager
def hold(path: Path) -> Iterator[IO[str]]:
    """Hold the file, this process's pid in it. Raises Held."""
    with path.open("a+") as file:
        if not _locked(file):
            file.seek(0)
            raise Held((file.read().split() or ["?"])[0])
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield file
        file.truncate(0)


def holder(path: Path) -> int | None:
    """The pid of who holds the file, None where nobody does."""
    try:
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().split()[0] or 0)
    except (FileNotFoundError, IndexError, ValueError):
        pass
    return None


def _locked(file: IO[str]) -> bool:
    for _ in range(5):  # somebody may be asking who holds it, and hold it for that moment
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return True
    return False
