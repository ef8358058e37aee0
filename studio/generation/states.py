"""The one place where a job's state changes, and what that means for its batch and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.generation import cost
from studio.generation.models import LOST, OVER, Batch, Job, JobEvent, JobState, Spend

Fields = Callable[[Job], dict[str, Any]]


def move(job: Job, after: str, *, note: str = "", held_by: str | None = None, **fields: Any) -> bool:
    """Change the job from the state it was read in to `after`, exactly once; False where somebody else was first.

    With `held_by`, only while that worker still holds it. Leaves a JobEvent, stamps `changed`, and ends the batch with
    its last job. On success `job` has the new values.
    """
    now = timezone.now()
    fields |= {"state": after, "changed": now}
    if after in OVER:
        fields |= {"finished": now, "lease_until": None}
    with transaction.atomic(savepoint=False):
        if after in OVER:  # two last jobs at once: one sees the other
            Batch.objects.select_for_update().values_list("pk").get(pk=job.batch_id)
        row = Job.objects.filter(pk=job.pk, state=job.state)
        if held_by is not None:
            row = row.filter(worker=held_by)
        if row.update(**fields) != 1:
            return False
        JobEvent.objects.create(job=job, before=job.state, after=after, note=note[:300], at=now)
        if after in OVER:
            _end_batch(job.batch_id, now)
    for name, value in fields.items():
        setattr(job, name, value)
    return True


def move_all(
    jobs: list[Job], after: str, *, pass_over: bool = False, each: Fields | None = None, **fields: Any
) -> list[Job]:
    """Change those of these jobs that are still in the state, and in the hands, in which they were read; gives them back.

    As `move`, in one transaction, for states that are no end. `each` adds what differs from job to job; a field that the database
    reckons is left to the caller in `job`. With `pass_over`, not those that somebody else is writing at this moment.
    """
    now = timezone.now()
    fields |= {"state": after, "changed": now}
    with transaction.atomic():
        rows = Job.objects.select_for_update(skip_locked=pass_over).filter(pk__in=[job.pk for job in jobs])
        found = {pk: same for pk, *same in rows.order_by("pk").values_list("pk", "state", "worker")}
        moved = [job for job in jobs if found.get(job.pk) == [job.state, job.worker]]
        own = {job.pk: each(job) if each else {} for job in moved}
        if each is None:
            Job.objects.filter(pk__in=own).update(**fields)
        else:
            for pk, more in own.items():
                Job.objects.filter(pk=pk).update(**fields, **more)
        JobEvent.objects.bulk_create(JobEvent(job=job, before=job.state, after=after, at=now) for job in moved)
    for job in moved:
        for name, value in (fields | own[job.pk]).items():
            if not hasattr(value, "resolve_expression"):
                setattr(job, name, value)
    return moved


def settle(job: Job, charged: bool | None, *, told: Decimal | None = None, by: Any = None, note: str = "") -> Spend:
    """Close the job's reservation: charged (with the service's figure where it gave one), given back, or uncertain.

    Called twice it changes nothing: the ledger takes each kind once a job.
    """
    held = Spend.Source.SERVICE if job.quoted else Spend.Source.TABLE
    if charged:
        kind = Spend.Kind.CHARGED
        amount, source = (job.estimate, held) if told is None else (told, Spend.Source.SERVICE)
    else:
        kind = Spend.Kind.UNCERTAIN if charged is None else Spend.Kind.RELEASED
        amount, source = job.estimate, held
    try:  # whoever settles has moved the job in the same transaction: nobody else writes this row now
        row = Spend.objects.get(job=job, kind=kind)
    except Spend.DoesNotExist:
        row = Spend.objects.create(
            team_id=job.batch.team_id,
            project_id=job.batch.project_id,
            job=job,
            kind=kind,
            amount=amount,
            source=source,
            dated=cost.dated(job.engine, job.model) if source == Spend.Source.TABLE else None,
            account_id=job.account_id,
            by=by,
            note=note[:200],
        )
        _tell(job, row, by)
    job.counted = Decimal(0) if kind == Spend.Kind.RELEASED else row.amount
    Job.objects.filter(pk=job.pk).update(counted=job.counted)
    return row


def lose(
    job: Job,
    after: str,
    *,
    error: str,
    remedy: str = "",
    details: str = "",
    charged: bool | None,
    told: Decimal | None = None,
    held_by: str | None = None,
) -> bool:
    """End the job without a picture: FAILED, REFUSED or UNKNOWN, in words, with its money settled (`told`: the service's figure).

    What was charged before, and was only to be fetched again, stays charged as it is in the books.
    """
    if job.charged:
        after, charged = (JobState.FAILED if after == JobState.UNKNOWN else after), True
    with transaction.atomic():
        moved = move(
            job,
            after,
            note=error,
            held_by=held_by,
            error=error[:300],
            remedy=remedy[:300],
            details=details[:4000],
            charged=charged,
        )
        if moved:
            settle(job, charged, told=told, note=error)
    return moved


def close(job: Job, *, amount: Decimal, by: Any, why: str) -> bool:
    """Settle an uncertain attempt as a person says: `amount` US dollars were charged, nothing where it is 0. False where somebody
    was first, or where it is being asked for again."""
    open_ = Job.objects.filter(pk=job.pk, state__in=LOST, charged=None)
    fields = {"charged": amount > 0, "counted": amount, "changed": timezone.now()}
    with transaction.atomic():
        if open_.update(**fields) != 1:
            return False
        Spend.objects.create(
            team_id=job.batch.team_id,
            project_id=job.batch.project_id,
            job=job,
            kind=Spend.Kind.CHARGED if amount > 0 else Spend.Kind.RELEASED,
            amount=amount if amount > 0 else job.estimate,
            source=Spend.Source.HAND,
            account_id=job.account_id,
            by=by,
            note=why[:200],
        )
    for name, value in fields.items():
        setattr(job, name, value)
    return True


def reopen(job: Job, after: str, *, note: str, **fields: Any) -> bool:
    """Put an attempt that nobody knows the end of, or that was charged and brought no picture, back to work, for a worker to take up.
    Its money stays counted. False where it has been settled or taken up since it was read."""
    begun: dict[str, Any] = {
        "worker": "",
        "lease_until": None,
        "finished": None,
        "not_before": None,
        "started": timezone.now(),
    }
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=job.batch_id)
        same = Job.objects.select_for_update().filter(pk=job.pk, state__in=LOST, charged=job.charged, take=None)
        if job.charged is False or not same.exists():
            return False
        if not move(job, after, note=note, error="", remedy="", **begun, **fields):
            return False
        Batch.objects.filter(pk=job.batch_id).update(finished=None)
    return True


def stop(job: Job, *, by: Any) -> bool:
    """Cancel the job if it has not begun. False where it is under way or over: then it finishes and is kept."""
    if job.state != JobState.QUEUED:
        return False
    with transaction.atomic():
        stopped = move(job, JobState.CANCELLED, charged=False)
        if stopped:
            settle(job, False, by=by, note="Cancelled before it began")
    return stopped


def _tell(job: Job, row: Spend, by: Any) -> None:
    """Money that is gone, or may be, stands in the audit log under whoever asked for the picture."""
    if row.kind == Spend.Kind.RELEASED or not row.amount:
        return
    batch = job.batch
    audit.note(
        verb=f"attempt.{row.kind}", team=batch.team, actor=by or batch.created_by, about="job", code=job.code,
        project=batch.project.code, batch=batch.code, engine=job.engine, model=job.model, dollars=str(row.amount),
    )  # fmt: skip


def _end_batch(batch_id: int, now: Any) -> None:
    if not Job.objects.active().filter(batch_id=batch_id).exists():
        Batch.objects.filter(pk=batch_id, finished=None).update(finished=now)
