"""The seam to the job engine (DBOS). Rows are the only truth: the engine decides *when* a runner is called, and calls it
again after a crash. Only ids go into it, and nobody outside this file knows it.

Asking is cheap: a web process writes rows and rings a bell (`submit`); it never loads the engine. The worker looks which
rows are due when the bell rings, when work ends, and every second in any case, and starts the most urgent at once: nothing
waits inside the engine, so a cancelled row costs nothing, an urgent one is behind nobody, and no queue has to be polled.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
import os
import secrets
import signal
import sys
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from studio.lib import bell, books, env, lock
from studio.lib.bell import called, ring, until_called
from studio.lib.threads import let_go, rows, something_waits, threaded

__all__ = [
    "ALONE",
    "Kind",
    "called",
    "cancel",
    "look",
    "machine",
    "me",
    "reconcile",
    "register",
    "ring",
    "run_worker",
    "running_worker",
    "submit",
    "until_called",
]

logger = logging.getLogger("studio.engine")

APPLICATION = "studio"
VERSION = "1"  # of the runners' meaning to the engine: work begun by an older release is taken up by a newer one
LOOK = 1.0  # seconds between looks when no bell rings
PRUNE = 60.0
BREATH = 0.01  # seconds between looks at one kind: what comes free in the same moment is given away together
TOGETHER = 16  # rows that are taken in one go: the first of many have begun when the last are taken
BEAT = 5.0  # seconds between two signs of life
GRACE = 7.0  # for what is under way when the worker is told to stop; whoever started it waits ten
REST = 0.05  # seconds before a row that came back unfinished is taken up again; doubled each time
LONGEST_REST = 2.0
LEAVING = 1.0  # seconds for letting go of what is held, after the grace; then the process ends as it stands
ABANDONED = 24 * 3600.0  # seconds after which nobody comes back for what a lost machine had begun
RUN = secrets.token_hex(3)  # this process, among those that ever had its pid


ALONE = object()  # what a runner may give back: nothing else may begin because this one ended


class AlreadyRunning(Exception):
    """Another worker holds this data folder."""


@dataclass(frozen=True)
class Kind:
    """A sort of work. `run` is a coroutine function, or a plain one that gets a thread.

    `due(limit)` gives (id, priority) of rows that wait and of rows whose lease ran out, most urgent first; higher
    priorities are more urgent. Whatever it gives may be begun now, at most `slots` of a kind at once; a row that was not
    free after all comes back unfinished and rests a moment. `forsake(machine, me)` ends the leases of this machine's
    earlier workers, which are dead. `poll` is how long the row waits at most if the bell was lost, in seconds.

    `take(ids)` is called in a thread with the rows that are about to be run together, so that many are claimed at the price of
    one. It may take some or none: `run` is called for each of them in any case. Where a place came free before the end, `run` gives
    back ALONE, so that nobody looks once more.
    """

    run: Callable[[int], Any]
    due: Callable[[int], list[tuple[int, int]]]
    forsake: Callable[[str, str], Any]
    slots: int
    poll: float = LOOK
    take: Callable[[list[int]], Any] | None = None


_kinds: dict[str, Kind] = {}
_at_work: _Worker | None = None
Row = tuple[str, int]  # kind, id


def register(name: str, kind: Kind) -> None:
    """Tell the worker how this sort of work is done. Before `run_worker`."""
    _kinds[name] = kind


def submit(kind: str, *ids: int, priority: int = 0) -> None:
    """Say that rows of this kind wait, after their commit. Costs nothing, and may be lost: the worker looks by itself."""
    ring()


def cancel(kind: str, *ids: int) -> None:
    """Say that rows were stopped. The worker reads it from the rows: a runner that finds its row over does nothing."""
    ring()


def look(kind: str) -> None:
    """In the worker's own loop: a row of this kind may begin. Cheaper than the bell, at which all kinds are looked at."""
    if _at_work is not None:
        _at_work.look_at(kind)


def running_worker() -> int | None:
    """The pid of the worker that holds this data folder, None where there is none. Its heartbeat is the lock file's mtime."""
    return lock.holder(_lock_file())


@functools.cache
def machine() -> str:
    """This data folder's name among workers: eight hex digits, made once."""
    return env.key_file(settings.DATA / "worker.id", lambda: secrets.token_hex(4))


def me() -> str:
    """This process as it stands in a lease."""
    return f"{machine()}-{os.getpid()}-{RUN}"


def run_worker(
    *,
    until: Callable[[], bool] | None = None,
    closing: Callable[[], Awaitable[None]] | None = None,
    beat: Callable[[], Any] | None = None,
) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or until `until()` says so. Raises AlreadyRunning. `beat` is called every few
    seconds, as a sign of life.

    On a stop nothing new begins; what is under way has seven seconds and is otherwise left for the next worker.
    """
    with _exclusive() as held:
        asyncio.run(_Worker(dict(_kinds), held, until, closing, beat).work())


def reconcile() -> dict[str, int]:
    """How many rows of each kind are due: those the worker will take up. The worker itself does so all the time."""
    ring()
    return {name: len(kind.due(10_000)) for name, kind in _kinds.items()}


def _lock_file() -> Path:
    return settings.DATA / "worker.lock"


@contextlib.contextmanager
def _exclusive() -> Iterator[IO[str]]:
    """The one worker of this data folder, for as long as this lasts; the kernel lets go when the process dies."""
    try:
        with lock.hold(_lock_file()) as file:
            yield file
    except lock.Held as held:
        raise AlreadyRunning(
            f"A worker (process {held}) already works on {settings.DATA}. Stop it, or set STUDIO_DATA to another folder."
        ) from None


@dataclass
class _Worker:
    """One life of the worker process."""

    kinds: dict[str, Kind]
    held: IO[str]
    until: Callable[[], bool] | None
    closing: Callable[[], Awaitable[None]] | None
    beat: Callable[[], Any] | None = None
    stopping: bool = False
    handed: set[Row] = field(default_factory=set)  # given to the engine by this process, not ended
    running: set[Row] = field(default_factory=set)
    resting: dict[Row, tuple[float, float]] = field(default_factory=dict)  # until when, and for how long
    looks: dict[str, float] = field(default_factory=dict)  # when each kind is looked at next
    looked: dict[str, float] = field(default_factory=dict)  # and when it was looked at last
    workflows: dict[str, Callable[..., Any]] = field(default_factory=dict)

    async def work(self) -> None:
        global _at_work
        _at_work = self
        try:
            await self._work()
        finally:
            _at_work = None

    async def _work(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rung = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(ValueError, RuntimeError):  # not the main thread: then somebody else stops us
                self.loop.add_signal_handler(name, self._stop)
        for kind in self.kinds.values():
            await rows(kind.forsake, machine(), me())
        await self._launch()
        listener = await bell.listen(lambda: self.look_at(*self.kinds))
        if self.until is None:
            logger.info("The worker is ready.")
        try:
            await self._look_until_stopped()
            await self._drain()
        finally:
            if listener:
                listener.close()
                bell.place().unlink(missing_ok=True)
            await self._let_go()

    def _stop(self) -> None:
        self.stopping = True
        self.rung.set()
        if self.until is None:
            last = threading.Timer(GRACE + LEAVING, _leave)  # whatever hangs then, a thread or a connection
            last.daemon = True
            last.start()

    async def _let_go(self) -> None:
        """End the engine, what the runners hold, and the threads with their connections."""
        from dbos import DBOS

        if self.running and self.stopping and self.until is None:
            _leave()
        with ThreadPoolExecutor(1) as beside:  # not in the loop's own threads: those end with the engine
            await self.loop.run_in_executor(beside, functools.partial(DBOS.destroy, destroy_registry=True))
        if self.database:
            self.database.dispose()
        self.loop.set_default_executor(ThreadPoolExecutor())
        if self.closing:
            await self.closing()
        await asyncio.to_thread(let_go)

    async def _launch(self) -> None:
        """Start the engine: it takes up what an earlier life of this worker had begun."""
        from dbos import DBOS

        for name, kind in self.kinds.items():
            self.workflows[name] = DBOS.workflow(name=name)(self._called(name, kind))
        self.database = books.database()
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": books.address().replace("postgres://", "postgresql://", 1) or None,
                "system_database_engine": self.database,
                "application_version": VERSION,
                "executor_id": machine(),
                "log_level": "WARNING",
                "use_listen_notify": False,  # nobody waits for its messages
                "notification_listener_polling_interval_sec": 0.2,  # its thread sleeps so long when it is to end
            }
        )
        DBOS.listen_queues([])  # it starts at once what it is given; its queues are only for taking up
        # In this loop, so that the engine adopts it: runners, connections and bell share one, which still turns while the
        # engine ends. With a loop of its own a thread that began work as the loop closed kept the worker for ten seconds.
        DBOS.launch()

    def _called(self, name: str, kind: Kind) -> Callable[..., Any]:
        """What the engine calls: the runner of each row, with the books kept and nothing raised. The rows tell how it went."""
        run = kind.run if inspect.iscoroutinefunction(kind.run) else threaded(kind.run)

        async def called(*numbers: int) -> None:
            # The others were begun anew by their rows, and are taken up by the engine as well.
            mine = [number for number in numbers if (name, number) not in self.running]
            ahead = {(name, number) for number in mine}
            self.handed |= ahead
            self.running |= ahead
            try:
                if not self.stopping:
                    await _taken(name, kind, mine)
                    await asyncio.gather(*(one(number, ahead) for number in mine))
            finally:
                self.running -= ahead
                self.handed -= ahead

        async def one(number: int, ahead: set[Row]) -> None:
            row = (name, number)
            ahead.discard(row)
            ended = None
            try:
                ended = await run(number)
            except Exception:
                logger.exception("%s %s failed unexpectedly", name, number)
            finally:
                full = sum(one[0] == name for one in self.handed) >= kind.slots
                self.running.discard(row)
                self.handed.discard(row)
                self._rest(row)
                if full or ended is not ALONE:
                    self.look_at(name)

        return called

    def _rest(self, row: Row) -> None:
        """Should this row be due again, then not before it has rested: twice as long each time."""
        now = time.monotonic()
        _, before = self.resting.get(row, (now, 0.0))
        pause = min(before * 2, LONGEST_REST) or REST
        self.resting[row] = (now + pause, pause)

    def look_at(self, *names: str) -> None:
        for name in names:
            self.looks[name] = min(self.looks.get(name, 0.0), self.looked.get(name, 0.0) + BREATH)
        self.rung.set()

    async def _look_until_stopped(self) -> None:
        pruned, beaten, until = 0.0, 0.0, self.until
        while not self.stopping:
            self.rung.clear()
            try:
                for name, kind in self.kinds.items():
                    if time.monotonic() >= self.looks.get(name, 0.0):
                        self.looked[name] = time.monotonic()
                        self.looks[name] = self.looked[name] + kind.poll
                        await self._hand_over(name, kind)
                if time.monotonic() - pruned > PRUNE:
                    pruned = time.monotonic()
                    await asyncio.to_thread(self._prune)
                os.utime(self.held.fileno())
                if self.beat and time.monotonic() - beaten > BEAT:
                    await rows(self.beat)
                    beaten = time.monotonic()
                over = False if until is None else await rows(until)
                if over:
                    return
            except Exception:  # a locked database, a server that restarts: try again
                logger.exception("The worker could not look for work")
            soonest = min(self.looks.values(), default=0.0) - time.monotonic()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.rung.wait(), min(max(soonest, 0.001), LOOK))

    async def _hand_over(self, name: str, kind: Kind) -> None:
        """Start the most urgent due rows, as many as there are slots."""
        now = time.monotonic()
        self.resting = {row: rest for row, rest in self.resting.items() if now - rest[0] < LONGEST_REST}
        mine = [row for row in {*self.handed, *self.resting} if row[0] == name]
        free = kind.slots - sum(row in self.handed for row in mine)
        if free <= 0:
            return
        found: list[int] = []
        for number, _ in await rows(kind.due, free + len(mine)):
            row = (name, number)
            until, _ = self.resting.get(row, (0.0, 0.0))
            if until > time.monotonic():
                self.looks[name] = min(self.looks[name], until)
            elif row not in self.handed and len(found) < free:
                found.append(number)
        if kind.take is not None:
            something_waits(bool(found))
        for start in range(0, len(found), TOGETHER):
            if not self.stopping:
                await self._begin(name, found[start : start + TOGETHER])

    async def _begin(self, name: str, numbers: list[int]) -> None:
        """From here on the engine knows of them: what this process does not finish, the next one is given again."""
        from dbos import DBOS, SetWorkflowID

        rows_of_it = {(name, number) for number in numbers}
        self.handed |= rows_of_it
        try:
            with SetWorkflowID(f"{name}-{numbers[0]}-{uuid.uuid4().hex[:12]}"):
                await DBOS.start_workflow_async(self.workflows[name], *numbers)
        except Exception:
            self.handed -= rows_of_it
            raise

    def _prune(self) -> None:
        """Forget what ended an hour ago, and what nobody came back for: the rows are the history."""
        from dbos import DBOS

        for age, states in ((3600.0, ["SUCCESS", "ERROR", "CANCELLED"]), (ABANDONED, ["PENDING", "ENQUEUED"])):
            before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age))
            old = DBOS.list_workflows(end_time=before, status=states, limit=1000, load_input=False, load_output=False)
            if old:
                DBOS.delete_workflows([one.workflow_id for one in old])

    async def _drain(self) -> None:
        end = time.monotonic() + GRACE
        while self.running and time.monotonic() < end:
            await asyncio.sleep(0.05)
        if self.running:
            logger.warning("%d left under way; the next worker takes them up.", len(self.running))
        elif writing := asyncio.all_tasks() - {asyncio.current_task()}:  # the engine writes down that they ended
            await asyncio.wait(writing, timeout=0.5)


def _leave() -> None:
    """End this process as it stands, as a kill would: its lock, its pipes and its children go with it."""
    logger.warning("The worker did not let go in time and is ended.")
    with contextlib.suppress(OSError, ValueError):
        bell.place().unlink(missing_ok=True)
        sys.stdout.flush()
    logging.shutdown()
    os._exit(0)


async def _taken(name: str, kind: Kind, numbers: list[int]) -> None:
    if kind.take is not None:
        try:
            await rows(kind.take, numbers)
        except Exception:  # each is claimed by itself then
            logger.exception("%s %s could not be taken together", name, numbers)
