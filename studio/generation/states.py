"""The one place where a job's state changes, and what that means for its batch and the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.generation.models import OVER, Batch, Job, JobEvent, JobState, Spend


def move(job: Job, after: str, *, note: str = "", held_by: str | None = None, **fields: Any) -> bool:
    """Change the job from the state it was read in to `after`, exactly once; False where somebody else was first.

    With `held_by`, only while that worker still holds it. Leaves a JobEvent, stamps `changed`, and ends the batch with
    its last job. On success `job` has the new values.
    """
    now = timezone.now()
    fields |= {"state": after, "changed": now}
    if after in OVER:
        fields |= {"finished": now, "lease_until": None}
    with transaction.atomic():
        if after in OVER:
            Batch.objects.select_for_update().get(pk=job.batch_id)  # two last jobs at once: one sees the other
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


def settle(job: Job, charged: bool | None, *, cost: Decimal | None = None, by: Any = None, note: str = "") -> Spend:
    """Close the job's reservation: charged (with the service's figure where it gave one), given back, or uncertain.

    Called twice it changes nothing: the ledger takes each kind once a job.
    """
    if charged:
        kind = Spend.Kind.CHARGED
        amount, source = (job.estimate, Spend.Source.TABLE) if cost is None else (cost, Spend.Source.SERVICE)
    else:
        kind = Spend.Kind.UNCERTAIN if charged is None else Spend.Kind.RELEASED
        amount, source = job.estimate, Spend.Source.TABLE
    row, _ = Spend.objects.get_or_create(
        job=job,
        kind=kind,
        defaults={
            "team_id": job.batch.team_id,
            "project_id": job.batch.project_id,
            "amount": amount,
            "source": source,
            "by": by,
            "note": note[:200],
        },
    )
    return row


def lose(
    job: Job,
    after: str,
    *,
    error: str,
    remedy: str = "",
    details: str = "",
    charged: bool | None,
    held_by: str | None = None,
) -> bool:
    """End the job without a picture: FAILED, REFUSED or UNKNOWN, in words, with its money settled."""
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
            settle(job, charged, note=error)
    return moved


def stop(job: Job, *, by: Any) -> bool:
    """Cancel the job if it has not begun. False where it is under way or over: then it finishes and is kept."""
    if job.state != JobState.QUEUED:
        return False
    with transaction.atomic():
        stopped = move(job, JobState.CANCELLED, charged=False)
        if stopped:
            settle(job, False, by=by, note="Cancelled before it began")
    return stopped


def _end_batch(batch_id: int, now: Any) -> None:
    if not Job.objects.active().filter(batch_id=batch_id).exists():
        Batch.objects.filter(pk=batch_id, finished=None).update(finished=now)
