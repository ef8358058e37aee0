"""Who may begin: the rows that are due, and taking one of them for this worker. Limits of an account hold over all workers,
because they are counted under a lock on its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from studio.generation import engines, health, pace, spool, states
from studio.generation.models import AT_SERVICE, OVER, UNDER_WAY, EngineAccount, Job, JobState
from studio.lib import engine, env
from studio.lib.writers import writing
from studio.providers import registry

_taken: dict[int, Job] = {}  # claimed together with others, until each is run

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
        _there(asked - {None}).order_by().values_list("account").annotate(Count("pk"))
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


def take(job_ids: list[int]) -> None:
    """Claim those of these jobs that may begin now, most urgent first, in one transaction for each account. `claim` gives them out."""
    read = _whole().filter(pk__in=job_ids, state=JobState.QUEUED)
    jobs = sorted((_known(job) for job in read), key=lambda job: job_ids.index(job.pk))
    for account in {job.account_id: None for job in jobs}:
        for job in _begun([job for job in jobs if job.account_id == account]):
            _taken[job.pk] = job


def taken(job_id: int) -> Job | None:
    """The job that `take` claimed, once. Asks no database."""
    job = _taken.pop(job_id, None)
    return job if job is not None and job.lease_until and job.lease_until > timezone.now() else None


def claim(job_id: int) -> Job | None:
    """Take the job for this worker: QUEUED → STARTING, or a left one under a new lease. None where it is not to be had."""
    now = timezone.now()
    job = taken(job_id)
    if job is not None:
        return job
    job = _read(job_id)
    if job is None or job.state in OVER:
        return None
    if job.state == JobState.QUEUED:
        return next(iter(_begun([job])), None)
    if job.lease_until and job.lease_until > now:
        return None
    held: dict[str, Any] = {"worker": engine.me(), "lease_until": now + LEASE}
    left = Job.objects.filter(pk=job.pk, state=job.state, worker=job.worker, lease_until=job.lease_until)
    if left.update(changed=now, **held) != 1:
        return None
    if job.account_id is not None:
        job.account = EngineAccount.objects.get(pk=job.account_id)
    died = bool(job.worker)  # else it was put aside
    job.worker, job.lease_until = held["worker"], held["lease_until"]
    return _resumed(job) if died or not (job.ticket or job.doubtful) else job


def _whole() -> QuerySet[Job]:
    return Job.objects.select_related("batch__created_by", "panel__scene__project__team")


def _read(job_id: int) -> Job | None:
    """The job with all that drawing it asks for; its account is read where it is counted. None where it is gone."""
    try:
        return _known(_whole().get(pk=job_id))  # not first(), whose order costs more here than the reading
    except Job.DoesNotExist:
        return None


def _known(job: Job) -> Job:
    """Its batch is of the project that was read with the panel, wherever the panel still is there."""
    project = job.panel.scene.project
    if job.batch.project_id == project.pk:
        job.batch.project, job.batch.team = project, project.team
    return job


def _begun(jobs: list[Job]) -> list[Job]:
    """QUEUED → STARTING for those of one account that still wait and have room there, in the order given.

    Holds the account's row meanwhile, so that two workers cannot both take the last place.
    """
    now = timezone.now()
    with writing(), transaction.atomic():
        account = None
        if jobs and jobs[0].account_id is not None:
            account = EngineAccount.objects.select_for_update().get(pk=jobs[0].account_id)
            if account.paused or (account.rests_until and account.rests_until > now):
                return []
        ready = Q(not_before=None) | Q(not_before__lte=now)
        waiting = Job.objects.filter(ready, pk__in=[job.pk for job in jobs], state=JobState.QUEUED)
        attempts = dict(waiting.values_list("pk", "attempts"))
        chosen = [job for job in jobs if job.pk in attempts]
        if account is not None:
            chosen = _with_turns(account, chosen[: max(0, account.concurrency - _there([account.pk]).count())])
        for job in chosen:
            job.account, job.attempts = account, attempts[job.pk] + 1
        words: dict[str, Any] = {"not_before": None, "ticket": None, "error": "", "remedy": ""}
        words |= {"started": now, "attempts": F("attempts") + 1, "worker": engine.me(), "lease_until": now + LEASE}
        return states.move_all(chosen, JobState.STARTING, pass_over=True, **words)


def _there(accounts: Collection[int | None]) -> QuerySet[Job]:
    """What takes a place at the service of one of these accounts."""
    return Job.objects.filter(state__in=AT_SERVICE, account__in=accounts)


def _with_turns(account: EngineAccount, jobs: list[Job]) -> list[Job]:
    """Of these the first for whom the account has calls left in this minute. Where one call makes the picture, its turn is taken
    here, not while it counts as sent."""
    if not account.per_minute or engines.replay_safe(account.engine):
        return jobs
    for n, _ in enumerate(jobs):
        if not pace.take_now(account):
            health.rest(account, pace.ahead(account))
            return jobs[:n]
        account.refresh_from_db(fields=["paced_until"])
    return jobs


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
            remedy="Look at the engine’s own history, then draw again if it is not there.",
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
