"""How a job ends: its take, or the words for what went wrong, each with its money in the same transaction.

Every ending is written only while the job is this worker's own. "Not charged" is said only where it is known.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.board.actions import add_take
from studio.generation import engines, health, line, retrying, spool, states
from studio.generation.models import UNDER_WAY, Batch, Job, JobState
from studio.generation.retrying import Step
from studio.lib import crash, disk, engine
from studio.lib.writers import writing
from studio.media import actions as media
from studio.media import intake
from studio.media.models import Image
from studio.providers.base import ImageResult, ProviderError

IN_DOUBT = "An earlier call of this attempt may have been drawn. Check it at the service, then settle it or ask again."

STILL_PAID = "It was charged before. Fetch it again later, or draw the panel anew."

KEPT = (
    "options",
    "crop",
    "promoted_from",
    "shot",
    "side",
    "base",
    "pass",
    "restyled_from",
)  # what a take keeps of the request, besides its own fields


class Lost(Exception):
    """The lease ran out and somebody else has the job: nothing more may be written."""


def still_ours(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, worker=job.worker, state__in=UNDER_WAY)


def keep_and_finish(job: Job, intaken: intake.Intaken, result: ImageResult) -> None:
    """The files first, then all that rows say of them in one transaction: no picture without its take, whenever a worker dies.

    Raises Lost, and intake.Refused where the disk takes nothing.
    """
    if not still_ours(job).exists():
        raise Lost
    name, before = f"{job.panel.label}.{media.ENDINGS[intaken.mime]}", job.state
    written = media.write(name=name, data=result.pictures[0].data, intaken=intaken)
    crash.here("filed")
    try:
        with media.taken_back_on_failure(written), writing(behind=True), transaction.atomic():
            by, team = job.batch.created_by, job.batch.team
            image = media.add(team=team, by=by, written=written, source=Image.Source.DRAWN)
            crash.here("kept")
            finish(job, image, result)
    except BaseException:
        job.state = before  # rolled back with everything else
        raise
    _forget_spooled(job)


def finish(job: Job, image: Image, result: ImageResult) -> None:
    """The take, the job's end and its money, all at once. Raises Lost where the job is no longer ours."""
    frozen = job.request
    cost = result.cost if result.cost is not None else job.estimate
    seed = result.pictures[0].seed
    assert job.started
    with transaction.atomic(savepoint=False):
        take = add_take(
            panel=job.panel,
            job_key=job.key,
            image=image,
            engine=job.engine,
            model=job.model,
            by=job.batch.created_by,
            size=frozen["size"],
            aspect=frozen["aspect"],
            seed=seed if seed is not None else job.seed,
            prompt=frozen["prompt"],
            template_version=job.template_version,
            plan=frozen["plan"],
            parameters={name: frozen.get(name) for name in KEPT if name in frozen} | {"request_id": result.request_id},
            versions=frozen["versions"],
            test_shot=frozen["test_shot"],
            cost=cost,
            seconds=(timezone.now() - job.started).total_seconds(),
        )
        done: dict[str, Any] = {"take": take, "charged": cost > 0, "error": "", "remedy": "", "details": ""}
        if not states.move(job, JobState.DONE, held_by=job.worker, **done):
            raise Lost
        states.settle(job, True, told=result.cost, by=job.batch.created_by)
        crash.here("settled")


def end(job: Job, error: ProviderError) -> None:
    """What becomes of a job whose engine said no for good: lost in words, with its money settled as far as it is known."""
    asking = job.state == JobState.STARTING
    if asking and error.charged is False and not job.doubtful:
        step = retrying.after_asking(job, error, engines.replay_safe(job.engine))
        if step in {Step.LATER, Step.WAIT_TURN, Step.PASS}:
            return put_back(job, error, step)
    after = JobState.REFUSED if error.kind == "refused" else JobState.FAILED
    charged, remedy = error.charged, error.remedy or "Draw the panel again."
    if asking and job.doubtful and charged is False:  # this answer is about this call; nobody knows of the one before
        charged, after, remedy = None, JobState.UNKNOWN, IN_DOUBT
    elif charged is None and error.kind in {"unknown_outcome", "invalid"}:
        after = JobState.UNKNOWN
    if job.charged:
        remedy = STILL_PAID
    states.lose(
        job,
        after,
        held_by=job.worker,
        error=error.message,
        remedy=remedy,
        details=error.details,
        charged=charged,
        told=error.cost,
    )


def put_back(job: Job, error: ProviderError, step: Step) -> None:
    """Nothing was accepted: the job waits its turn again, as told or for its account to be mended. Turns are no attempts."""
    turns = job.events.filter(after=JobState.STARTING).count()
    told = error.kind == "rate"
    if told and turns >= retrying.TURNS:
        return _told_too_often(job, error)
    pause = retrying.pause(turns if told else job.attempts, error.retry_after)
    if job.account is not None and error.kind in retrying.RESTING:
        health.rest(job.account, pause)
    remedy = error.remedy if told or step == Step.WAIT_TURN else f"It is tried again in {max(pause, 1):.0f} s."
    states.move(
        job,
        JobState.QUEUED,
        held_by=job.worker,
        note=f"{error.message} {remedy}",
        error=error.message[:300],
        remedy=remedy[:300],
        details=error.details[:4000],
        not_before=timezone.now() + retrying.seconds(pause),
        lease_until=None,
        attempts=max(0, job.attempts - (told or step == Step.WAIT_TURN)),
    )


def _told_too_often(job: Job, error: ProviderError) -> None:
    states.lose(
        job,
        JobState.FAILED,
        held_by=job.worker,
        error="The engine told us to wait each time.",
        remedy="Lower the account’s calls a minute, or draw the panel again later.",
        details=error.details,
        charged=False,
    )


def set_aside(job: Job, error: ProviderError, seconds: float) -> None:
    """Nothing can be done about it now, and what the job has is not let go: it is taken up again in so many seconds.

    It stays under way: it cannot be cancelled, and keeps its place at the account. After a day nobody waits any longer.
    """
    assert job.started
    if timezone.now() - job.started > retrying.KEEPING:
        return end(job, retrying.never_known(error))
    now = timezone.now()
    later: dict[str, Any] = {"worker": "", "lease_until": now + retrying.seconds(seconds), "changed": now}
    still_ours(job).update(error=error.message[:300], remedy=error.remedy[:300], details=error.details[:4000], **later)


def waits_for_room(job: Job, refused: intake.Refused) -> None:
    """The picture is paid for, and the disk, or the machine, has no room for it at the moment. Raises Lost."""
    words = {
        "error": disk.CANNOT if refused.code == "disk" else "Many pictures are coming in at the same time.",
        "remedy": "Make room on it: the picture is kept as soon as it fits." if refused.code == "disk" else "It waits for its turn.",
    }  # fmt: skip
    if not still_ours(job).update(**words, details=refused.reason[:4000], changed=timezone.now()):
        raise Lost


def spoilt(job: Job, refused: intake.Refused, result: ImageResult) -> None:
    """The engine answered with something that is not a usable picture, or that our disk does not take. It has its price all the same."""
    ours = refused.code == "disk"
    cost = result.cost if result.cost is not None else job.estimate
    states.lose(
        job,
        JobState.FAILED,
        held_by=job.worker,
        error=disk.CANNOT if ours else "The engine answered with a picture that could not be read.",
        remedy="Make room on it, then draw the panel again." if ours else "Draw the panel again.",
        details=refused.reason,
        charged=cost > 0,
        told=result.cost,
    )
    _forget_spooled(job)


def came_late(job: Job) -> bool:
    """A picture that came when the job had been given up as unknown: it is paid for, so it becomes its take after all.

    True where the job is this worker's again.
    """
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=job.batch_id)
        state = Job.objects.select_for_update().filter(pk=job.pk, take=None).values_list("state", flat=True).first()
        if state != JobState.UNKNOWN:
            return False
        job.state = state
        mine: dict[str, Any] = {"worker": engine.me(), "lease_until": timezone.now() + line.LEASE, "finished": None}
        mine |= {"ticket": {"data": {}, "at_once": True}, "error": "", "remedy": ""}
        states.move(job, JobState.SAVING, note="The picture came after all", **mine)
        Batch.objects.filter(pk=job.batch_id).update(finished=None)
    return True


def unexpected(job: Job, error: Exception) -> ProviderError:
    """A fault of our own or of the engine's code. Where nothing can have been paid, trying again is safe."""
    free = job.estimate == 0 and job.account_id is None
    came = job.state == JobState.SAVING
    return ProviderError(
        "Drawing stopped unexpectedly.",
        kind="broken" if free or came else "unknown_outcome",
        permanent=not free,
        remedy="Draw the panel again. If it stops again, the details say where.",
        charged=False if free else True if came else None,
        details=f"{type(error).__name__}: {error}",
    )


def _forget_spooled(job: Job) -> None:
    if not engines.replay_safe(job.engine):
        spool.drop(str(job.key))
