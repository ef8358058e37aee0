"""A few long-lived decoding children, shared by all threads of this process."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from studio.media.child import CPU_SECONDS, LENGTH, MEMORY

ROOT = Path(__file__).resolve().parents[2]
FILES_EACH = 200  # then a child is replaced, so that nothing creeps
WALL_SECONDS = 40  # for one file, on a machine however busy
WAIT_SECONDS = 60  # for a free child
# One heap for both threads: each further one reserves 64 MB of the address space that is limited. In large pages where
# the system has them: touching small ones for the first time was a fifth of a photograph's time.
HEAP = {"MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
ANSWER_BYTES = 64 * 1024 * 1024
niceness = 0  # of the children begun from now on: a worker lets those go first who ask for pictures and fetch them


class ChildDied(Exception):
    """The child ended without an answer. `code`: memory, time or unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Child:
    """One process. Used by one thread at a time."""

    def __init__(self, memory: int, seconds: int, wall: float) -> None:
        # No inherited environment: the child has no business with keys and addresses.
        self.process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-W", "ignore", "-m", "studio.media.child", str(memory), str(seconds)],
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "NICE": str(niceness), **HEAP},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.files = 0
        self.wall = wall

    def ask(self, data: bytes) -> tuple[dict[str, Any], list[bytes], str]:
        """The answer, its blobs, and the file's SHA-256. Raises `ChildDied`; the child is of no use afterwards."""
        self.files += 1
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(self.wall, give_up)
        timer.start()
        try:
            arriving, leaving = self.process.stdin, self.process.stdout
            assert arriving is not None
            assert leaving is not None
            arriving.write(LENGTH.pack(len(data)))
            arriving.write(data)
            arriving.flush()
            sha256 = hashlib.sha256(data).hexdigest()  # while the child works
            head = json.loads(_exactly(leaving, LENGTH.unpack(_exactly(leaving, LENGTH.size))[0]))
            return head, [_exactly(leaving, size) for _, size, _, _ in head.get("files", [])], sha256
        except (OSError, EOFError, ValueError):
            self.process.kill()
            self.process.wait()
            raise ChildDied("time" if late.is_set() else self._why()) from None
        finally:
            timer.cancel()

    def _why(self) -> str:
        ended = self.process.returncode
        if ended == -signal.SIGXCPU:
            return "time"
        return "memory" if ended in (-signal.SIGKILL, -signal.SIGABRT, 1) else "unreadable"

    def close(self) -> None:
        """End it and take its exit status, so that no zombie stays."""
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        self.process.kill()
        self.process.wait()


class Pool:
    """Children by demand, up to `size`; kept for the next file, replaced when they die or have done their share."""

    def __init__(
        self,
        size: int,
        *,
        memory: int = MEMORY,
        seconds: int = CPU_SECONDS,
        wall: float = WALL_SECONDS,
        wait: float = WAIT_SECONDS,
    ) -> None:
        self.limits = (memory, seconds, wall)
        self.wait = wait
        self.free: list[Child] = []
        self.places = threading.BoundedSemaphore(size)
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def child(self) -> Iterator[Child]:
        """Raises `ChildDied("busy")` if none comes free in time, or the machine has no room for another process."""
        if not self.places.acquire(timeout=self.wait):
            raise ChildDied("busy")
        one: Child | None = None
        try:
            with self.lock:
                one = self.free.pop() if self.free else None
            if one is not None and one.process.poll() is not None:
                one.close()
                one = None
            try:
                one = one or Child(*self.limits)
            except OSError:
                raise ChildDied("busy") from None
            yield one
            if one.files < FILES_EACH and one.process.poll() is None:
                with self.lock:
                    self.free.append(one)
                one = None
        finally:
            if one is not None:
                one.close()
            self.places.release()

    def ask(self, data: bytes) -> tuple[dict[str, Any], list[bytes], str]:
        """What the child says of the file: head, blobs, SHA-256. Raises `ChildDied`."""
        with self.child() as one:
            answer = one.ask(data)
            if answer[0].get("refused") == "memory":
                one.files = FILES_EACH  # it is about to end
            return answer

    def close(self) -> None:
        with self.lock:
            children, self.free = self.free, []
        for one in children:
            one.close()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    if size > ANSWER_BYTES:
        raise ValueError("an answer too long to be one")
    got = stream.read(size)
    if len(got) < size:
        raise EOFError
    return got


_pool: Pool | None = None
_lock = threading.Lock()


def pool() -> Pool:
    """This process's pool: one child for each core, at most four."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = Pool(max(1, min(4, os.cpu_count() or 1)))
            atexit.register(_pool.close)
        return _pool


def _forget() -> None:
    global _pool, _lock
    _pool, _lock = None, threading.Lock()  # a forked process may not share its parent's pipes


os.register_at_fork(after_in_child=_forget)
