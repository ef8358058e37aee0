"""Asking for pictures, stopping them, asking again. Nothing outside is called here: the rows are written, the worker does the rest."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.board.models import Panel, Project
from studio.generation import cost, states
from studio.generation.errors import Refused
from studio.generation.models import ACTIVE, LOST, Batch, Job, JobEvent, JobState, Spend
from studio.lib import engine as jobs
from studio.prompting import freeze
from studio.providers import registry

BY_HAND = 10  # one panel asked for goes before a batch
MOST_TAKES = 4
MOST_PICTURES = 2000
AGAIN = uuid.UUID("6f7f4d0e-9a43-4a9e-8c64-7a2f9b1f5d11")


def request_takes(
    *,
    panels: Sequence[Panel],
    by: User | None,
    key: uuid.UUID,
    takes: int = 1,
    engine: str = "sketch",
    model: str = "",
    size: str = "1K",
    priority: int | None = None,
    title: str = "",
    seed: int | None = None,
    options: dict[str, Any] | None = None,
) -> Batch:
    """Ask for `takes` pictures of each panel, all of one project. The same key again answers with the batch it made.

    Everything is frozen and the money held in one transaction; the worker is woken when it is committed. First takes of
    all panels go before second ones. Raises Refused. `priority`: higher goes first; one panel alone goes before batches.
    """
    panels = list(panels)
    project = _common_project(panels)
    if not 1 <= takes <= MOST_TAKES:
        raise Refused(f"Ask for 1 to {MOST_TAKES} takes of a panel at once.")
    if len(panels) * takes > MOST_PICTURES:
        raise Refused(f"That is {len(panels) * takes:,} pictures. Up to {MOST_PICTURES:,} at once: draw it in parts.")
    if engine not in registry.names():
        raise Refused(f"There is no engine called {engine}.")
    model = model or registry.default_model(engine)
    limits = registry.get(engine).limits(model)
    if size not in limits.sizes:
        raise Refused(f"This engine does not draw {size}. Choose {' or '.join(limits.sizes)}.")
    if priority is None:
        priority = BY_HAND if len(panels) == 1 else 0
    with transaction.atomic():
        batch, made = _batch(project, by, key, title or _title(panels))
        if not made:
            return batch
        each = cost.price(engine, model, size)
        ready = freeze.prepare(panels, limits)
        frozen = [freeze.request_for(one, limits, size=size, options=options) for one in ready]
        rows = [
            Job(
                batch=batch,
                panel=panel,
                engine=engine,
                model=model,
                priority=priority,
                seed=_seed(seed, number) if limits.has_seed else None,
                request=request,
                template_version=request["template_version"],
                estimate=each,
            )
            for number in range(takes)
            for panel, request in zip(panels, frozen, strict=True)
        ]
        _write(batch, rows, by)
    return batch


def cancel_batch(*, batch: Batch, by: User | None) -> int:
    """Stop what has not begun, give its money back; what is under way finishes and is kept. Says how many were stopped."""
    with transaction.atomic():
        waiting = list(batch.jobs.select_related("batch").filter(state=JobState.QUEUED).select_for_update(of=("self",)))
        stopped = sum(states.stop(job, by=by) for job in waiting)
        Batch.objects.filter(pk=batch.pk, cancelled=None, finished=None).update(cancelled=timezone.now())
        Batch.objects.filter(pk=batch.pk, cancelled=None, jobs__state=JobState.CANCELLED).update(
            cancelled=timezone.now()
        )
        if stopped:
            _record("batch.cancelled", batch, by, stopped=stopped)
    batch.refresh_from_db()
    return stopped


def cancel_job(*, job: Job, by: User | None) -> bool:
    """Stop one picture that has not begun. False where it is under way or over."""
    job.refresh_from_db()
    with transaction.atomic():
        stopped = states.stop(job, by=by)
        if stopped:
            _record("job.cancelled", job.batch, by, label=job.panel.label)
    return stopped


def retry_job(*, job: Job, by: User | None) -> Batch:
    """Ask once more for a picture that was lost or stopped: a new attempt with the same frozen request, before all others.

    A second click answers with the batch that the first one made. Raises Refused while it may still arrive, or when it has.
    """
    job.refresh_from_db()
    if job.state in ACTIVE:
        raise Refused("This picture is still being drawn.")
    if job.state not in LOST | {JobState.CANCELLED}:
        raise Refused("This picture is drawn. Ask for another take instead.")
    with transaction.atomic():
        key = uuid.uuid5(AGAIN, str(job.key))
        batch, made = _batch(job.batch.project, by, key, f"Panel {job.panel.label}, again")
        if made:
            row = Job(
                batch=batch,
                panel=job.panel,
                engine=job.engine,
                model=job.model,
                priority=BY_HAND,
                seed=job.seed,
                request=job.request,
                template_version=job.template_version,
                estimate=cost.price(job.engine, job.model, job.request["size"]),
            )
            _write(batch, [row], by)
    return batch


def _common_project(panels: Sequence[Panel]) -> Project:
    if not panels:
        raise Refused("Choose a panel to draw.")
    project = panels[0].scene.project
    if any(panel.scene.project_id != project.pk for panel in panels):
        raise Refused("These panels belong to different projects. Draw them one project at a time.")
    return project


def _title(panels: Sequence[Panel]) -> str:
    if len(panels) == 1:
        return f"Panel {panels[0].label}"
    scenes = {panel.scene_id: panel.scene for panel in panels}
    return str(next(iter(scenes.values()))) if len(scenes) == 1 else f"{len(panels)} panels"


def _batch(project: Project, by: User | None, key: uuid.UUID, title: str) -> tuple[Batch, bool]:
    defaults = {"team_id": project.team_id, "project": project, "title": title[:120], "created_by": by}
    batch, made = Batch.objects.get_or_create(key=key, defaults=defaults)
    if batch.project_id != project.pk:
        raise Refused("This form was for another project. Open the page again.")
    return batch, made


def _write(batch: Batch, rows: list[Job], by: User | None) -> None:
    """The jobs, their first history row and the money held for them; the worker is told after the commit."""
    Job.objects.bulk_create(rows)
    JobEvent.objects.bulk_create([JobEvent(job=row, after=JobState.QUEUED) for row in rows])
    Spend.objects.bulk_create(
        [
            Spend(
                team_id=batch.team_id,
                project_id=batch.project_id,
                job=row,
                kind=Spend.Kind.RESERVED,
                amount=row.estimate,
                by=by,
            )
            for row in rows
        ]
    )
    _record("batch.asked", batch, by, pictures=len(rows), engine=rows[0].engine)
    transaction.on_commit(lambda: jobs.submit("job", *[row.pk for row in rows]))


def _seed(given: int | None, number: int) -> int:
    return secrets.randbits(32) if given is None else (given + number) % 2**32


def _record(verb: str, batch: Batch, by: User | None, **data: Any) -> None:
    record(
        verb=verb,
        team=batch.team,
        actor=by,
        about="batch",
        code=batch.code,
        project=batch.project.code,
        title=batch.title,
        **data,
    )
