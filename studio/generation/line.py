"""Who may begin: the rows that are due, and taking one of them for this worker. Limits of an account hold over all workers,
because they are counted under a lock on its row."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from studio.generation import engines, health, pace, spool, states
from studio.generation.models import AT_SERVICE, OVER, UNDER_WAY, EngineAccount, Job, JobState
from studio.lib import engine, env
from studio.providers import registry

LEASE = dt.timedelta(seconds=env.number("STUDIO_LEASE", 60))  # after that, a silent machine's work is another's
DEATHS = 12  # workers that may die over one job before it is set aside


def due(limit: int) -> list[tuple[int, int]]:
    """(id, priority) of jobs that may begin now: left behind under a lease that ran out, or waiting where there is room."""
    now = timezone.now()
    left = Job.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=UNDER_WAY)
    found = list(left.values_list("pk", "priority")[:limit])
    waiting = Job.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=JobState.QUEUED)
    for account_id, room in _rooms(waiting, now).items():
        urgent = waiting.filter(account=account_id).order_by("-priority", "created", "pk")
        found += urgent.values_list("pk", "priority")[: min(room, limit)]
    return sorted(found, key=lambda one: -one[1])[:limit]


def _rooms(waiting: Any, now: dt.datetime) -> dict[int | None, int]:
    """How many more may begin, by account (None: drawn on this machine), of those that anybody waits for."""
    asked = set(waiting.order_by().values_list("account", flat=True).distinct())
    if not asked:
        return {}
    busy = dict(
        Job.objects.filter(state__in=AT_SERVICE, account__in=asked - {None}).order_by().values_list("account").annotate(Count("pk"))
    )  # fmt: skip
    found: dict[int | None, int] = {}
    for account in EngineAccount.objects.filter(pk__in=asked - {None}):
        if not account.paused and not (account.rests_until and account.rests_until > now):
            found[account.pk] = max(0, account.concurrency - busy.get(account.pk, 0))
    if None in asked:
        here = Job.objects.filter(state__in=UNDER_WAY, account=None, worker__startswith=f"{engine.machine()}-")
        found[None] = max(0, registry.slots("sketch") - here.count())
    return found


def forsake(machine: str, me: str) -> int:
    """End the leases of earlier workers of this machine: they are dead, or this one would not have its lock."""
    theirs = Job.objects.filter(state__in=UNDER_WAY, worker__startswith=f"{machine}-").exclude(worker=me)
    return theirs.update(lease_until=None)


def claim(job_id: int) -> Job | None:
    """Take the job for this worker: QUEUED → STARTING, or a left one under a new lease. None where it is not to be had."""
    job = _read(job_id)
    now = timezone.now()
    if job is None or job.state in OVER:
        return None
    held: dict[str, Any] = {"worker": engine.me(), "lease_until": now + LEASE}
    if job.state == JobState.QUEUED:
        if job.not_before and job.not_before > now:
            return None
        begun = {
            "started": now,
            "attempts": job.attempts + 1,
            "not_before": None,
            "ticket": None,
            "error": "",
            "remedy": "",
            **held,
        }
        with transaction.atomic():
            return job if _may_begin(job) and states.move(job, JobState.STARTING, **begun) else None
    if job.lease_until and job.lease_until > now:
        return None
    left = Job.objects.filter(pk=job.pk, state=job.state, worker=job.worker, lease_until=job.lease_until)
    if left.update(changed=now, **held) != 1:
        return None
    if job.account_id is not None:
        job.account = EngineAccount.objects.get(pk=job.account_id)
    died = bool(job.worker)  # else it was put aside
    job.worker, job.lease_until = held["worker"], held["lease_until"]
    return _resumed(job) if died or not (job.ticket or job.doubtful) else job


def _read(job_id: int) -> Job | None:
    """The job with all that drawing it asks for; its account is read where it is counted. None where it is gone."""
    wanted = Job.objects.select_related("batch__created_by", "panel__scene__project__team")
    try:
        job = wanted.get(pk=job_id)  # not first(), whose order costs more here than the reading
    except Job.DoesNotExist:
        return None
    project = job.panel.scene.project
    if job.batch.project_id == project.pk:
        job.batch.project, job.batch.team = project, project.team
    return job


def _may_begin(job: Job) -> bool:
    """Whether the account has room for one more, now. Holds its row, so that two workers cannot both take the last place."""
    if job.account_id is None:
        return True
    account = EngineAccount.objects.select_for_update().get(pk=job.account_id)
    if account.paused or (account.rests_until and account.rests_until > timezone.now()):
        return False
    job.account = account
    if Job.objects.filter(account=account, state__in=AT_SERVICE).count() >= account.concurrency:
        return False
    if engines.replay_safe(account.engine) or pace.take_now(account):
        return True
    health.rest(account, pace.ahead(account))  # one call a job: its turn is taken here, not while it counts as sent
    return False


def _resumed(job: Job) -> Job | None:
    """A job whose worker died. What was accepted is collected, what was spooled is kept; else only an engine that bills a key
    once is asked again."""
    safe = engines.replay_safe(job.engine)
    if job.state != JobState.STARTING and job.ticket and not (safe and job.ticket.get("at_once")):
        return _outlived(job)
    if not safe and spool.get(str(job.key)) is not None:
        taken: dict[str, Any] = {"held_by": job.worker, "ticket": {"data": {}, "at_once": True}}
        return (
            job
            if states.move(job, JobState.SAVING, note="Taken up from the disk after the worker stopped", **taken)
            else None
        )
    if not safe:
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
            JobState.FAILED if job.account_id is None else JobState.UNKNOWN,
            held_by=job.worker,
            error="The worker stopped each time it drew this picture.",
            remedy="Draw the panel again with another size or fewer references.",
            charged=None if job.account_id else job.estimate > 0,
        )
        return None
    again = states.move(
        job,
        JobState.STARTING,
        held_by=job.worker,
        note="Asked again with the same key after the worker stopped",
        attempts=job.attempts + 1,
        ticket=None,
        doubtful=job.account_id is not None,
    )
    return job if again else None


def _outlived(job: Job) -> Job | None:
    """What was accepted, once more counted: a picture that kills each worker is set aside, with what is known of its money."""
    if job.attempts < DEATHS:
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
        job.attempts += 1
        return job
    came = job.state == JobState.SAVING
    states.lose(
        job,
        JobState.FAILED if came or job.account_id is None else JobState.UNKNOWN,
        held_by=job.worker,
        error="The worker stopped each time it took this picture in.",
        remedy="It was charged. Look for it at the service, or ask again."
        if came
        else "Check it at the service, then ask again.",
        charged=job.estimate > 0 if came or job.account_id is None else None,
    )
    return None
