"""One job, from waiting to picture, and again after any crash.

The guarantee: **a paid call is started at most once per attempt, unless the engine bills the same key once; an outcome
that cannot be known is shown as such, with its possible cost, and only a person asks again. A job makes at most one take.**

How: STARTING is committed before the call and the ticket before the wait, each by an UPDATE that must change exactly one
row and only while this worker holds it; the take is keyed by the job. A worker that dies in STARTING leaves it open
whether the call went out: then the same key goes to an engine that is safe to ask twice, and else the job is UNKNOWN.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import random
from collections.abc import AsyncIterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.board.actions import add_take
from studio.generation import sending, states
from studio.generation.models import OVER, UNDER_WAY, Job, JobState
from studio.lib import crash, disk, engine
from studio.lib.threads import rows
from studio.media import actions as media
from studio.media import intake
from studio.media.models import Image
from studio.providers import registry
from studio.providers.base import ImageResult, Provider, ProviderError, Ticket

logger = logging.getLogger("studio.runner")

LEASE = dt.timedelta(seconds=60)
RENEW = 20.0  # seconds
ATTEMPTS = 4  # with one key, where that is safe
DEATHS = 12  # workers that may die over one job before it is set aside
PATIENCE = dt.timedelta(minutes=30)  # for an accepted request to bring its picture
AGAIN = {"rate", "slow", "broken"}  # kinds that may pass by themselves


def due(limit: int) -> list[tuple[int, int]]:
    """(id, priority) of jobs that nobody works at: waiting and allowed to begin, or left behind under a lease that ran out."""
    now = timezone.now()
    left = Q(state__in=UNDER_WAY) & (Q(lease_until=None) | Q(lease_until__lt=now))
    waiting = Q(state=JobState.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    urgent = Job.objects.filter(left | waiting).order_by("-priority", "created", "pk")
    return list(urgent.values_list("pk", "priority")[:limit])


def forsake(machine: str, me: str) -> int:
    """End the leases of earlier workers of this machine: they are dead, or this one would not have its lock."""
    theirs = Job.objects.filter(state__in=UNDER_WAY, worker__startswith=f"{machine}-").exclude(worker=me)
    return theirs.update(lease_until=None)


async def run(job_id: int) -> None:
    """Bring the job as far as it will go. Does nothing where it is over, waits for its time, or is in other hands."""
    job = await rows(claim, job_id)
    if job is None:
        return
    crash.here("claimed")
    async with _leased(job):
        try:
            await _draw(job)
        except ProviderError as error:
            await rows(fail, job, error)
        except intake.Refused as refused:
            await rows(spoilt, job, refused)
        except Lost:
            logger.info("Job %s went to another worker", job.code)
        except Exception as error:
            logger.exception("Job %s stopped unexpectedly", job.code)
            await rows(fail, job, _unexpected(job, error))


class Lost(Exception):
    """The lease ran out and somebody else has the job: nothing more may be written."""


def claim(job_id: int) -> Job | None:
    """Take the job for this worker: QUEUED → STARTING, or a left one under a new lease. None where it is not to be had."""
    wanted = Job.objects.select_related("batch__team", "batch__created_by", "panel__scene__project__team")
    job = wanted.filter(pk=job_id).first()
    now = timezone.now()
    if job is None or job.state in OVER:
        return None
    held: dict[str, Any] = {"worker": engine.me(), "lease_until": now + LEASE}
    if job.state == JobState.QUEUED:
        if job.not_before and job.not_before > now:
            return None
        begun = states.move(
            job, JobState.STARTING, started=now, attempts=job.attempts + 1, not_before=None, ticket=None, **held
        )
        return job if begun else None
    if job.lease_until and job.lease_until > now:
        return None
    left = Job.objects.filter(pk=job.pk, state=job.state, worker=job.worker, lease_until=job.lease_until)
    if left.update(changed=now, **held) != 1:
        return None
    job.worker, job.lease_until = held["worker"], held["lease_until"]
    return _resumed(job)


def _resumed(job: Job) -> Job | None:
    """A job whose worker died. A stored ticket is collected; without one only an engine that bills a key once is asked again."""
    if job.state != JobState.STARTING and job.ticket and not job.ticket.get("at_once"):
        return job
    if not registry.get(job.engine).replay_safe:
        states.lose(
            job,
            JobState.UNKNOWN,
            held_by=job.worker,
            error="The worker stopped while the engine was being asked. The picture may have been made and charged.",
            remedy="Look at the engine's own history, then draw again if it is not there.",
            charged=None,
        )
        return None
    if job.attempts >= DEATHS:
        states.lose(
            job,
            JobState.FAILED,
            held_by=job.worker,
            error="The worker stopped each time it drew this picture.",
            remedy="Draw the panel again with another size or fewer references.",
            charged=job.estimate > 0,
        )
        return None
    again = states.move(
        job,
        JobState.STARTING,
        held_by=job.worker,
        note="Asked again with the same key after the worker stopped",
        attempts=job.attempts + 1,
        ticket=None,
    )
    return job if again else None


async def _draw(job: Job) -> None:
    provider = registry.get(job.engine)
    result: ImageResult | None = None
    if job.state == JobState.STARTING:
        request = await rows(sending.request_of, job)
        crash.here("before the call")
        ticket = await provider.start(request, str(job.key))
        crash.here("after the call")
        result = ticket.result
        await rows(_accepted, job, ticket)
        crash.here("waiting")
    if result is None:
        assert job.ticket
        result = await _collected(provider, job, Ticket(data=job.ticket["data"]))
        if job.state == JobState.WAITING:
            await rows(_move, job, JobState.SAVING)
    crash.here("saving")
    await _save(job, result)


def _accepted(job: Job, ticket: Ticket) -> None:
    """The ticket is saved before anything else. An engine that answered at once is done waiting in the same moment."""
    at_once = ticket.result is not None
    with transaction.atomic():
        _move(job, JobState.WAITING, ticket={"data": dict(ticket.data), "at_once": at_once})
        if at_once:
            _move(job, JobState.SAVING)


async def _collected(provider: Provider, job: Job, ticket: Ticket) -> ImageResult:
    """Ask for the picture at growing intervals until it is there."""
    assert job.started
    pause = 0.5
    while True:
        result = await provider.collect(ticket)
        if result is not None:
            return result
        if timezone.now() - job.started > PATIENCE:
            raise ProviderError(
                "The engine accepted the request but brought no picture.", kind="unknown_outcome", permanent=True
            )
        await asyncio.sleep(pause * random.uniform(0.8, 1.2))
        pause = min(pause * 1.5, 5.0)


async def _save(job: Job, result: ImageResult) -> None:
    """The engine's bytes are untrusted; they are opened in a child process, kept, and become the job's one take."""
    if not result.pictures:
        raise ProviderError("The engine answered without a picture.", permanent=True, charged=None)
    picture = result.pictures[0]
    intaken = await asyncio.to_thread(intake.read, picture.data, f"Panel {job.panel.label}")
    await rows(_keep_and_finish, job, intaken, result)
    crash.here("done")


def _keep_and_finish(job: Job, intaken: intake.Intaken, result: ImageResult) -> None:
    image = _kept(job, result.pictures[0].data, intaken)
    crash.here("kept")
    finish(job, image, result)


def _kept(job: Job, data: bytes, intaken: intake.Intaken) -> Image:
    """Stored; after a crash the picture that was stored then, so that none is left over."""
    if job.attempts > 1:
        before = Image.objects.filter(team=job.batch.team_id, sha256=intaken.sha256, source=Image.Source.DRAWN)
        if found := before.filter(takes=None).first():
            return found
    return media.keep(
        team=job.batch.team,
        by=job.batch.created_by,
        name=f"{job.panel.label}.{media.ENDINGS[intaken.mime]}",
        data=data,
        intaken=intaken,
        source=Image.Source.DRAWN,
    )


def finish(job: Job, image: Image, result: ImageResult) -> None:
    """The take, the job's end and its money, all at once. Raises Lost where the job is no longer ours."""
    frozen = job.request
    cost = result.cost if result.cost is not None else job.estimate
    assert job.started
    with transaction.atomic():
        take = add_take(
            panel=job.panel,
            job_key=job.key,
            image=image,
            engine=job.engine,
            model=job.model,
            by=job.batch.created_by,
            size=frozen["size"],
            aspect=frozen["aspect"],
            seed=result.pictures[0].seed if result.pictures[0].seed is not None else job.seed,
            prompt=frozen["prompt"],
            template_version=job.template_version,
            plan=frozen["plan"],
            parameters={"options": frozen["options"], "crop": frozen.get("crop"), "request_id": result.request_id},
            versions=frozen["versions"],
            test_shot=frozen["test_shot"],
            cost=cost,
            seconds=(timezone.now() - job.started).total_seconds(),
        )
        if not states.move(job, JobState.DONE, held_by=job.worker, take=take, charged=cost > 0, error="", remedy=""):
            raise Lost
        states.settle(job, True, cost=result.cost, by=job.batch.created_by)


def fail(job: Job, error: ProviderError) -> None:
    """What becomes of a job whose engine said no: waits and tries again where that is safe and may help, else is lost in words."""
    may_repeat = not error.permanent and (error.kind in AGAIN or error.retry_after is not None)
    unpaid = error.charged is False or registry.get(job.engine).replay_safe
    if may_repeat and unpaid and job.attempts < ATTEMPTS and error.kind not in {"refused", "unknown_outcome"}:
        pause = (
            error.retry_after if error.retry_after is not None else min(60, 2**job.attempts) * random.uniform(0.8, 1.2)
        )
        states.move(
            job,
            JobState.QUEUED,
            held_by=job.worker,
            note=f"{error.message} Tried again in {pause:.0f} s.",
            not_before=timezone.now() + dt.timedelta(seconds=pause),
            lease_until=None,
        )
        return
    after = JobState.REFUSED if error.kind == "refused" else JobState.FAILED
    if error.charged is None and error.kind == "unknown_outcome":
        after = JobState.UNKNOWN
    states.lose(
        job,
        after,
        held_by=job.worker,
        error=error.message,
        remedy=error.remedy or "Draw the panel again.",
        details=error.details,
        charged=error.charged,
    )


def spoilt(job: Job, refused: intake.Refused) -> None:
    """The engine answered with something that is not a usable picture, or that our disk does not take. It has its price all the same."""
    ours = refused.code == "disk"
    states.lose(
        job,
        JobState.FAILED,
        held_by=job.worker,
        error=disk.CANNOT if ours else "The engine answered with a picture that could not be read.",
        remedy="Make room on it, then draw the panel again." if ours else "Draw the panel again.",
        details=refused.reason,
        charged=job.estimate > 0,
    )


def _unexpected(job: Job, error: Exception) -> ProviderError:
    """A fault of our own or of the engine's code. Where nothing can have been paid, trying again is safe."""
    free = job.estimate == 0
    return ProviderError(
        "Drawing stopped unexpectedly.",
        kind="broken" if free else "unknown_outcome",
        remedy="Draw the panel again. If it stops again, the details say where.",
        charged=False if free else None,
        details=f"{type(error).__name__}: {error}",
    )


def _move(job: Job, after: str, **fields: Any) -> None:
    if not states.move(job, after, held_by=job.worker, lease_until=timezone.now() + LEASE, **fields):
        raise Lost


@contextlib.asynccontextmanager
async def _leased(job: Job) -> AsyncIterator[None]:
    """Renew the lease while the work lasts."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(RENEW)
            held = Job.objects.filter(pk=job.pk, worker=job.worker, state__in=UNDER_WAY)
            with contextlib.suppress(Exception):  # a busy database: the next renewal is in time
                await rows(held.update, lease_until=timezone.now() + LEASE)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
