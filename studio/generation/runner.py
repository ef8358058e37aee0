"""One job, from waiting to picture, and again after any crash.

The guarantee: **a paid call is started at most once per attempt, unless the engine bills the same key once; an outcome
that cannot be known is shown as such, with its possible cost, and only a person asks again. A job makes at most one take.**

How: STARTING is committed before the call and the ticket before the wait, each by an UPDATE that must change exactly one
row and only while this worker holds it; the take is keyed by the job. A call that broke after sending, or a worker that
died in STARTING, leaves it open whether the request went out: the job is `doubtful` from then on, and no later answer is
taken for "not charged". A service that bills a key once is asked what became of it, and then asked again with the same key;
elsewhere the job is UNKNOWN. What an engine gives at once is spooled before any row says so. What to do about each sort of
failure stands in `retrying`.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import random
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from studio.generation import ending, engines, health, line, retrying, sending, spool, states
from studio.generation.actions import pass_on
from studio.generation.ending import Lost
from studio.generation.models import Job, JobState
from studio.generation.retrying import Step
from studio.lib import crash, engine
from studio.lib.threads import opened, quiet, rows, rows_behind, rows_together
from studio.lib.writers import writing
from studio.media import intake
from studio.providers.base import Fetches, Finds, ImageResult, Provider, ProviderError, Ticket
from studio.providers.failures import failed

logger = logging.getLogger("studio.runner")

RENEW = line.LEASE.total_seconds() / 3
ROOM = 15.0  # seconds between tries to keep a paid picture that there is no room for
CROWDED = {"disk", "busy"}  # reasons of intake that pass: the picture is not to blame
FETCHING, OPENING = 0.5, 1.0  # seconds that a picture waits, there and here, while others are begun
WRITING = 60.0  # seconds in which a database that does not answer is asked again, once money may have been spent
Result = TypeVar("Result")

due, forsake, take = line.due, line.forsake, line.take


async def run(job_id: int) -> object:
    """Bring the job as far as it will go. Does nothing where it is over, waits for its time or its account, or is in other hands."""
    job = line.taken(job_id) or await rows(line.claim, job_id)
    if job is None:
        return None
    crash.here("claimed")
    async with _leased(job):
        try:
            await _draw(job)
        except Aside as aside:
            await _surely(ending.set_aside, job, aside.why, aside.seconds)
        except ProviderError as error:
            await _surely(ending.end, job, error)
        except Lost:
            logger.info("Job %s went to another worker", job.code)
        except (OperationalError, InterfaceError):  # no verdict on the job: it is resumed from what its row says
            logger.exception(
                "The database was away for too long; job %s is taken up again when its lease is over", job.code
            )
        except Exception as error:
            logger.exception("Job %s stopped unexpectedly", job.code)
            await _surely(ending.end, job, ending.unexpected(job, error))
    drawn_away = job.account_id is not None and job.state == JobState.DONE
    return engine.ALONE if drawn_away else None  # its place was given back when the service was done


class Aside(Exception):
    """The job keeps what it has, and nothing can be done about it for so many seconds."""

    def __init__(self, why: ProviderError, seconds: float) -> None:
        super().__init__(why.message)
        self.why, self.seconds = why, seconds


async def _draw(job: Job) -> None:
    if job.ticket and job.ticket.get("at_once"):
        return await _save(job, await _kept(job))
    provider = await _provider(job)
    result: ImageResult | None = None
    accepted: dt.datetime | None = None
    if job.state == JobState.STARTING:
        ticket = await _asked(provider, job)
        if ticket is None:
            return
        accepted = timezone.now()
        result = ticket.result
        crash.here("answered")
        try:
            if not await _surely(_accepted, (job, ticket), through=rows_together):
                raise Lost
        except Lost:
            if result is None or not await _surely(ending.came_late, job):
                raise
        if result is not None and job.account_id is not None:
            engine.look("job")  # its place at the service is free
        crash.here("waiting")
        await _well(job)
    if result is None:
        result = await _brought(provider, job, accepted)
    crash.here("saving")
    await _save(job, result)


async def _provider(job: Job) -> Provider:
    """The client of the job's account. Where its key cannot be opened, what may have been accepted waits until it can."""
    try:
        return engines.for_job(job)
    except ProviderError as error:
        await _unwell(job, error)
        if job.state == JobState.STARTING and not job.doubtful:
            raise
        raise Aside(error, retrying.MENDING) from error


async def _asked(provider: Provider, job: Job) -> Ticket | None:
    """The ticket of the accepted request; None where the job waits for another time or has been passed on."""
    reads = bool(job.request["plan"]["slots"])  # else there is nothing to stand in line for
    request = await _surely(sending.request_of, job) if reads else sending.request_of(job)
    again = 0
    while True:
        try:
            ticket = await _found(provider, job) if job.doubtful else None
            if ticket is None:
                await _held(job)
                crash.here("before the call")
                ticket = await provider.start(request, str(job.key))
                crash.here("after the call")
                await _spooled(provider, job, ticket)
            return ticket
        except ProviderError as error:
            await _unwell(job, error)
            step = retrying.after_asking(job, error, provider.replay_safe)
            if step == Step.WAIT_TURN or step == Step.LATER:
                await _surely(ending.put_back, job, error, step)
                return None
            if step == Step.PASS and await _surely(_passed_on, job, error):
                return None
            if step == Step.ASIDE:
                raise Aside(error, retrying.MENDING) from error
            if step != Step.SAME_KEY:
                raise
            again += 1
            await _surely(_doubt, job, error)
            crash.here("doubted")
            if again >= retrying.BY_KEY:
                raise retrying.never_known(error) from error
            wait = retrying.pause(again, error.retry_after)
            if wait > retrying.LONGEST * 1.2:
                raise Aside(error, wait) from error
            await asyncio.sleep(wait)


def _passed_on(job: Job, error: ProviderError) -> bool:
    return pass_on(job=job, why=error.message) is not None


async def _found(provider: Provider, job: Job) -> Ticket | None:
    """What the service knows of an attempt whose answer was lost, before the same key is sent again."""
    return await provider.find(str(job.key)) if isinstance(provider, Finds) else None


async def _held(job: Job) -> None:
    """Whether the job is still this worker's, asked where so much time has gone that it may be another's. Raises Lost."""
    assert job.lease_until
    now = timezone.now()
    if now < job.lease_until - line.LEASE / 2:
        return
    if not await _surely(lambda: ending.still_ours(job).update(lease_until=now + line.LEASE)):
        raise Lost
    job.lease_until = now + line.LEASE


async def _spooled(provider: Provider, job: Job, ticket: Ticket) -> None:
    """What came at once and cannot be asked for again is on the disk before anything else."""
    if ticket.result is not None and not provider.replay_safe:
        with contextlib.suppress(OSError):  # a full disk is told when the take is kept
            await asyncio.to_thread(spool.put, str(job.key), ticket.result)
        crash.here("spooled")


async def _well(job: Job) -> None:
    if job.account is not None and not health.known_well(job.account):
        with contextlib.suppress(DatabaseError):  # no news is lost: the next picture tells the same
            await rows(health.well, job.account)


async def _unwell(job: Job, error: ProviderError) -> None:
    if job.account is not None:
        with contextlib.suppress(DatabaseError):  # the next failure tells the same
            await rows(health.unwell, job.account, error)


def _doubt(job: Job, error: ProviderError) -> None:
    """From now on nobody may say of this job that it was not charged. It stays ours: it cannot be cancelled."""
    words = {"error": error.message[:300], "remedy": error.remedy[:300], "details": error.details[:4000]}
    if not ending.still_ours(job).update(doubtful=True, changed=timezone.now(), **words):
        raise Lost
    job.doubtful = True


def _accepted(those: list[tuple[Job, Ticket]]) -> list[bool]:
    """The tickets are saved before anything else. An engine that answered at once is done waiting in the same moment.

    Says of each whether the job was still this worker's.
    """
    tickets = {job.pk: {"data": dict(ticket.data), "at_once": ticket.result is not None} for job, ticket in those}
    words: dict[str, Any] = {"doubtful": False, "error": "", "remedy": "", "details": "", **_lease()}
    jobs = [job for job, _ in those]
    try:
        with writing(), transaction.atomic():
            moved = states.move_all(jobs, JobState.WAITING, each=lambda job: {"ticket": tickets[job.pk]}, **words)
            states.move_all([job for job in moved if tickets[job.pk]["at_once"]], JobState.SAVING, **_lease())
    except BaseException:
        for job in jobs:
            job.state = JobState.STARTING  # rolled back with everything else
        raise
    return [job in moved for job in jobs]


def _drawn(jobs: list[Job]) -> list[bool]:
    """The service is done with them. Says of each whether it was still this worker's."""
    with writing():
        moved = states.move_all(jobs, JobState.SAVING, **_lease())
    return [job in moved for job in jobs]


async def _brought(provider: Provider, job: Job, accepted: dt.datetime | None) -> ImageResult:
    """Ask for the picture at growing intervals until it is there. A question that fails never loses the ticket."""
    assert job.ticket
    pace = retrying.Pace(job, getattr(provider, "pauses", (0.5, 5.0)), accepted)
    ticket = Ticket(data=job.ticket["data"])
    await engine.until_called("job", job.pk, pace.next())  # nothing is there in the moment it is accepted
    while True:
        wait = pace.next()
        try:
            if retrying.asked_back(job) and await _shows_nothing(provider, job):
                raise retrying.not_known_there()
            result = await _collected(provider, job, ticket, pace)
            pace.answered()
            if result is not None:
                crash.here("collected")
                await _place_back(job)
                return result
        except ProviderError as error:
            await _unwell(job, error)
            wait = retrying.after_collecting(job, error, pace)  # raises where it is over
            if wait > retrying.LONGEST * 1.2 or error.kind in retrying.TO_MEND:
                raise Aside(error, wait) from error  # whoever takes it up again has the account as it is then
        if pace.too_late():
            raise retrying.never_came(job)
        await engine.until_called("job", job.pk, wait)


async def _collected(provider: Provider, job: Job, ticket: Ticket, pace: retrying.Pace) -> ImageResult | None:
    """The picture once it is drawn and here. Its place at the service is given back before the bytes are fetched, where the last
    ones could be: else a host of pictures that fails would see one after the other bought, and none of them brought."""
    if not isinstance(provider, Fetches):
        result = await provider.collect(ticket)
        if result is not None:
            pace.done()
        return result
    drawn = await provider.drawn(ticket)
    if drawn is None:
        return None
    pace.done()
    if provider.fetches_well:
        await _place_back(job)
        crash.here("fetching")
    await quiet(FETCHING)
    return await provider.fetch(drawn)


async def _place_back(job: Job) -> None:
    if job.state == JobState.WAITING:
        if not await _surely(_drawn, job, through=rows_together):
            raise Lost
        engine.look("job")


async def _shows_nothing(provider: Provider, job: Job) -> bool:
    """A service may answer for what it never had as for what it draws; where it can be asked by key, that tells them apart."""
    return isinstance(provider, Finds) and await provider.find(str(job.key)) is None


async def _kept(job: Job) -> ImageResult:
    """What came at once in an earlier life of the worker."""
    kept = await asyncio.to_thread(spool.get, str(job.key))
    if kept is None:
        raise failed(
            "download", charged=True, permanent=True, message="The picture came, and was lost when the worker stopped.",
            remedy="It was charged. Look for it at the service, or ask again.",
        )  # fmt: skip
    crash.here("saving")
    return kept


async def _save(job: Job, result: ImageResult) -> None:
    """The engine's bytes are untrusted; they are opened in a child process, kept, and become the job's one take.

    One that was paid for waits where there is no room for it, instead of being thrown away.
    """
    if not result.pictures:
        raise ProviderError("The engine answered without a picture.", kind="empty", permanent=True, charged=None)
    data, name = result.pictures[0].data, f"Panel {job.panel.label}"
    until = asyncio.get_running_loop().time() + retrying.PATIENCE.total_seconds()
    slow = 0
    # What is drawn away has given its place back already; what is drawn on this machine gives it back with its take.
    away = job.account is not None
    while True:
        try:
            if away:
                await quiet(OPENING)
            intaken = await opened(intake.read, data, name, most=intake.MOST_DRAWN)
            await _surely(ending.keep_and_finish, job, intaken, result, through=rows_behind if away else rows)
            crash.here("done")
            return
        except intake.Refused as refused:
            slow += refused.code == "time"
            passing = refused.code in CROWDED or (refused.code == "time" and slow < 3)
            if not away or not passing or asyncio.get_running_loop().time() > until:
                await _surely(ending.spoilt, job, refused, result)
                return
            await _surely(ending.waits_for_room, job, refused)
        await asyncio.sleep(ROOM)


def _lease() -> dict[str, Any]:
    return {"lease_until": timezone.now() + line.LEASE}


async def _surely(work: Callable[..., Result], *args: Any, through: Callable[..., Any] = rows) -> Result:
    """Write what must not be lost: a database that is away for a moment is asked again."""
    until = asyncio.get_running_loop().time() + WRITING
    while True:
        try:
            return await through(work, *args)
        except (OperationalError, InterfaceError):
            if asyncio.get_running_loop().time() > until:
                raise
            logger.warning("The database does not answer; what is known is written again in a second.")
            await asyncio.sleep(random.uniform(0.5, 1.5))


@contextlib.asynccontextmanager
async def _leased(job: Job) -> AsyncIterator[None]:
    """Renew the lease while the work lasts."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(RENEW)
            with contextlib.suppress(Exception):  # a busy database: the next renewal is in time
                await rows(ending.still_ours(job).update, lease_until=timezone.now() + line.LEASE)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
