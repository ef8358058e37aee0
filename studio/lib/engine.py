"""The seam to the job engine (DBOS). Rows are the only truth: the engine decides *when* a runner is called, and calls it
again after a crash. Only ids go into it, and nobody outside this file knows it.

Asking is cheap: a web process writes rows and rings a bell (`submit`); it never loads the engine. The worker looks which
rows are due when the bell rings, when work ends, and every second in any case, and hands the most urgent to the engine:
a few more than it can run, so that a cancelled row costs nothing and an urgent one is not behind a thousand others.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import functools
import inspect
import logging
import os
import secrets
import signal
import socket
import sqlite3
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import close_old_connections

from studio.lib import env
from studio.lib.threads import let_go, rows

logger = logging.getLogger("studio.engine")

APPLICATION = "studio"
VERSION = "1"  # of the runners' meaning to the engine: work begun by an older release is taken up by a newer one
LOOK = 1.0  # seconds between looks when no bell rings
RECONCILE = 30.0
GRACE = 7.0  # for what is under way when the worker is told to stop; whoever started it waits ten
REST = 2.0  # seconds before a row that came back unfinished is taken up again
AHEAD = 4  # rows handed over for each that can run
RUN = secrets.token_hex(3)  # this process, among those that ever had its pid


class AlreadyRunning(Exception):
    """Another worker holds this data folder."""


@dataclass(frozen=True)
class Kind:
    """A sort of work. `run` is a coroutine function, or a plain one that gets a thread.

    `due(limit)` gives (id, priority) of rows that wait and of rows whose lease ran out, most urgent first; higher
    priorities are more urgent. `forsake(machine, me)` ends the leases of this machine's earlier workers, which are dead.
    `poll` is how often the engine asks its queue, in seconds: an idle worker does little else.
    """

    run: Callable[[int], Any]
    due: Callable[[int], list[tuple[int, int]]]
    forsake: Callable[[str, str], Any]
    slots: int
    poll: float = 0.2


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Tell the worker how this sort of work is done. Before `run_worker`."""
    _kinds[name] = kind


def submit(kind: str, *ids: int, priority: int = 0) -> None:
    """Say that rows of this kind wait, after their commit. Costs nothing, and may be lost: the worker looks by itself."""
    ring()


def cancel(kind: str, *ids: int) -> None:
    """Say that rows were stopped. The worker reads it from the rows: a runner that finds its row over does nothing."""
    ring()


def ring() -> None:
    """One datagram to this machine's worker, if it runs."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(b"!", str(_bell()))


def running_worker() -> int | None:
    """The pid of the worker that holds this data folder, None where there is none. Its heartbeat is the lock file's mtime."""
    try:
        with _lock_file().open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().split()[0] or 0)
    except (FileNotFoundError, IndexError, ValueError):
        pass
    return None


@functools.cache
def machine() -> str:
    """This data folder's name among workers: eight hex digits, made once."""
    return env.key_file(settings.DATA / "worker.id", lambda: secrets.token_hex(4))


def me() -> str:
    """This process as it stands in a lease."""
    return f"{machine()}-{os.getpid()}-{RUN}"


def run_worker(
    *, until: Callable[[], bool] | None = None, closing: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or until `until()` says so. Raises AlreadyRunning.

    On a stop nothing new begins; what is under way has seven seconds and is otherwise left for the next worker.
    """
    with _exclusive() as lock:
        asyncio.run(_Worker(dict(_kinds), lock, until, closing).work())


def reconcile() -> dict[str, int]:
    """How many rows of each kind are due: those the worker will take up. The worker itself does so all the time."""
    ring()
    return {name: len(kind.due(10_000)) for name, kind in _kinds.items()}


def _bell() -> Path:
    return settings.DATA / "worker.sock"


def _lock_file() -> Path:
    return settings.DATA / "worker.lock"


@contextlib.contextmanager
def _exclusive() -> Iterator[IO[str]]:
    """The one worker of this data folder, for as long as this lasts; the kernel lets go when the process dies."""
    with _lock_file().open("a+") as file:
        if not _locked(file):
            file.seek(0)
            pid = (file.read().split() or ["?"])[0]
            raise AlreadyRunning(
                f"A worker (process {pid}) already works on {settings.DATA}. Stop it, or set STUDIO_DATA to another folder."
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield file
        file.truncate(0)


def _locked(file: IO[str]) -> bool:
    for _ in range(5):  # somebody may be asking whether a worker runs, and hold it for that moment
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return True
    return False


@dataclass
class _Worker:
    """One life of the worker process."""

    kinds: dict[str, Kind]
    lock: IO[str]
    until: Callable[[], bool] | None
    closing: Callable[[], Awaitable[None]] | None
    stopping: bool = False
    handed: set[tuple[str, int]] = field(default_factory=set)  # given to the engine by this process, not ended
    running: set[tuple[str, int]] = field(default_factory=set)
    ended: dict[tuple[str, int], float] = field(default_factory=dict)  # when; a row that is due again has to rest
    workflows: dict[str, Callable[..., Any]] = field(default_factory=dict)

    async def work(self) -> None:
        from dbos import DBOS

        self.loop = asyncio.get_running_loop()
        self.bell = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(ValueError, RuntimeError):  # not the main thread: then somebody else stops us
                self.loop.add_signal_handler(name, self._stop)
        for kind in self.kinds.values():
            await rows(kind.forsake, machine(), me())
        await self._launch()
        listener = await self._listen()
        if self.until is None:
            logger.info("The worker is ready.")
        try:
            await self._look_until_stopped()
            await self._drain()
        finally:
            if listener:
                listener.close()
                _bell().unlink(missing_ok=True)
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
            if self.closing:
                await self.closing()
            await asyncio.to_thread(let_go)

    def _stop(self) -> None:
        self.stopping = True
        self.bell.set()

    async def _launch(self) -> None:
        """Start the engine: it takes up what an earlier life of this worker had begun."""
        from dbos import DBOS

        for name, kind in self.kinds.items():
            self.workflows[name] = DBOS.workflow(name=name)(self._called(name, kind))
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": _system_database(),
                "application_version": VERSION,
                "executor_id": machine(),
                "log_level": "WARNING",
                "use_listen_notify": False,  # nobody waits for its messages
            }
        )
        await asyncio.to_thread(DBOS.launch)  # in a thread: the engine then keeps a loop and threads of its own
        for name, kind in self.kinds.items():
            await asyncio.to_thread(
                DBOS.register_queue,
                name,
                worker_concurrency=kind.slots,
                polling_interval_sec=kind.poll,
                on_conflict="always_update",
            )

    def _called(self, name: str, kind: Kind) -> Callable[..., Any]:
        """What the engine calls: the runner, with the books kept and nothing raised. The row tells how it went."""

        @contextlib.contextmanager
        def booked(number: int) -> Iterator[bool]:
            self.running.add((name, number))
            try:
                yield not self.stopping
            except Exception:
                logger.exception("%s %s failed unexpectedly", name, number)
            finally:
                self.running.discard((name, number))
                self.handed.discard((name, number))
                self.ended[name, number] = time.monotonic()
                if sum(row[0] == name for row in tuple(self.handed)) < kind.slots * 2:
                    with contextlib.suppress(RuntimeError):
                        self.loop.call_soon_threadsafe(self.bell.set)

        async def in_the_loop(number: int) -> None:
            with booked(number) as go:
                if go:
                    await kind.run(number)

        def in_a_thread(number: int) -> None:
            with booked(number) as go:
                if go:
                    try:
                        kind.run(number)
                    finally:
                        close_old_connections()

        return in_the_loop if inspect.iscoroutinefunction(kind.run) else in_a_thread

    async def _listen(self) -> asyncio.DatagramTransport | None:
        class Bell(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: Any) -> None:
                worker.bell.set()

        worker = self
        _bell().unlink(missing_ok=True)
        try:
            transport, _ = await self.loop.create_datagram_endpoint(
                Bell, local_addr=str(_bell()), family=socket.AF_UNIX
            )
        except OSError as error:  # a path too long for a socket: looking every second is enough
            logger.warning("No bell at %s: %s", _bell(), error)
            return None
        return transport

    async def _look_until_stopped(self) -> None:
        reconciled, until = 0.0, self.until
        while not self.stopping:
            self.bell.clear()
            try:
                thorough = time.monotonic() - reconciled > RECONCILE
                for name, kind in self.kinds.items():
                    await self._hand_over(name, kind, thorough)
                if thorough:
                    await asyncio.to_thread(self._prune)
                    reconciled = time.monotonic()
                os.utime(self.lock.fileno())
                over = False if until is None else await rows(until)
                if over:
                    return
            except Exception:  # a locked database, a server that restarts: try again
                logger.exception("The worker could not look for work")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.bell.wait(), LOOK)

    async def _hand_over(self, name: str, kind: Kind, thorough: bool) -> None:
        """Give the engine the most urgent due rows that it doesn't have."""
        limit = kind.slots * AHEAD
        self.ended = {row: at for row, at in self.ended.items() if time.monotonic() - at < REST}
        for number, priority in await rows(kind.due, limit):
            if (name, number) in self.handed or (name, number) in self.ended or self.stopping:
                continue
            if await asyncio.to_thread(self._enqueue, name, number, priority):
                self.handed.add((name, number))
            elif thorough and (name, number) not in self.running:
                await asyncio.to_thread(self._drop_stale, name, number)
                self.bell.set()

    def _enqueue(self, name: str, number: int, priority: int) -> bool:
        """False where the engine has this row already: from an earlier life, or from another machine."""
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID, error

        place = min(max(1000 - priority, 1), 2000)  # the engine starts the lowest first
        try:
            with (
                SetWorkflowID(f"{name}-{number}-{uuid.uuid4().hex[:12]}"),
                SetEnqueueOptions(deduplication_id=f"{name}-{number}", priority=place),
            ):
                DBOS.enqueue_workflow(name, self.workflows[name], number)
        except error.DBOSQueueDeduplicatedError:
            return False
        return True

    def _drop_stale(self, name: str, number: int) -> None:
        """The engine holds this row's work as begun, but its lease is over: whoever began it is gone. Let it be begun anew."""
        from dbos import DBOS

        begun = DBOS.list_workflows(
            workflow_id_prefix=f"{name}-{number}-", status="PENDING", load_input=False, load_output=False
        )
        if begun:
            DBOS.cancel_workflows([one.workflow_id for one in begun])

    def _prune(self) -> None:
        """Forget what ended an hour ago: the rows are the history."""
        from dbos import DBOS

        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
        over = DBOS.list_workflows(
            completed_before=before, status=["SUCCESS", "ERROR", "CANCELLED"], limit=1000, load_input=False,
            load_output=False,
        )  # fmt: skip
        if over:
            DBOS.delete_workflows([one.workflow_id for one in over])

    async def _drain(self) -> None:
        end = time.monotonic() + GRACE
        while self.running and time.monotonic() < end:
            await asyncio.sleep(0.05)
        if self.running:
            logger.warning("%d left under way; the next worker takes them up.", len(self.running))
        else:
            await asyncio.sleep(0.2)  # the engine writes down that they ended


def _system_database() -> str:
    """Beside the studio's own: a file that is ours to set to WAL, or the same PostgreSQL in a schema of its own."""
    if settings.DATABASE_URL:
        return settings.DATABASE_URL.replace("postgres://", "postgresql://", 1)
    path = settings.DATA / "jobs.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{path}"
