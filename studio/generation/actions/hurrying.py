"""One waiting picture before all others of its account."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.generation.models import Job, JobState
from studio.lib import engine

HIGHEST = 900  # the engine starts no row before one of this


def hurry_job(*, job: Job, by: User | None) -> bool:
    """Let it begin before everything that waits now. False where it waits no more."""
    waiting = Job.objects.filter(state=JobState.QUEUED, batch__team=job.batch.team_id, account=job.account_id)
    with transaction.atomic():
        first = waiting.aggregate(most=Max("priority"))["most"] or 0
        moved = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            priority=min(first + 1, HIGHEST), changed=timezone.now()
        )
        if moved:
            record(
                verb="job.hurried", team=job.batch.team, actor=by, about="batch", code=job.batch.code,
                project=job.batch.project.code, label=job.panel.label,
            )  # fmt: skip
            transaction.on_commit(lambda: engine.submit("job", job.pk))
    return bool(moved)
