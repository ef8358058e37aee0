"""Asking for pictures, stopping them, asking again. Nothing outside is called here: the rows are written, the worker does the rest."""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.board.models import Panel, Project
from studio.generation import caps, cost, prints, states
from studio.generation.errors import Refused, dollars
from studio.generation.estimates import in_line
from studio.generation.models import ACTIVE, LOST, Batch, EngineAccount, Job, JobEvent, JobState, Spend
from studio.generation.tiers import Choice
from studio.lib import engine as jobs
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
    account: EngineAccount | None = None,
    model: str = "",
    size: str = "1K",
    tier: str = "",
    choices: Sequence[Choice] | None = None,
    priority: int | None = None,
    title: str = "",
    seed: int | None = None,
    options: dict[str, Any] | None = None,
    skip: Collection[int] = (),
    most: int = 0,
) -> Batch:
    """Ask for `takes` pictures of each panel, all of one project. The same key again answers with the batch it made.

    What draws is one engine, or an account's, for all panels; or `choices` has one for each panel. Everything is frozen and the
    money held in one transaction; the worker is woken when it is committed. First takes of all panels go before second ones;
    `skip` names panels (by id) whose first take is not needed, `most` ends the line after so many pictures.
    `priority`: higher goes first; one panel alone goes before batches. `tier` is only written down. Raises Refused, OverCap
    where a spending limit would be passed.
    """
    panels = list(panels)
    project = common_project(panels)
    if not 1 <= takes <= MOST_TAKES:
        raise Refused(f"Ask for 1 to {MOST_TAKES} takes of a panel at once.")
    if len(panels) * takes > MOST_PICTURES:
        raise Refused(f"That is {len(panels) * takes:,} pictures. Up to {MOST_PICTURES:,} at once: draw it in parts.")
    if choices is None:
        choices = [_named(engine, account, model, size, tier)] * len(panels)
    for choice in choices:
        may_draw(choice, project)
        cost.limits_of(choice)
    if priority is None:
        priority = BY_HAND if len(panels) == 1 else 0
    with transaction.atomic():
        batch, made = new_batch(project, by, key, title or _title(panels))
        if not made:
            return batch
        ready = cost.ready(panels, choices, options=options)
        if wrong := next((row for row in ready if row.wrong), None):
            raise Refused(wrong.wrong if len(panels) == 1 else f"Panel {wrong.panel.label}: {wrong.wrong}")
        line = in_line(ready, takes, set(skip), most)
        if not line:
            raise Refused("Every picture of this exists already. Nothing was drawn.")
        times: Counter[int] = Counter()
        rows = []
        for one in line:
            rows.append(
                new_job(batch, one, _seed(seed, times[one.panel.pk]) if one.limits.has_seed else None, priority)
            )
            times[one.panel.pk] += 1
        write(batch, rows, by)
    return batch


def _named(engine: str, account: EngineAccount | None, model: str, size: str, tier: str) -> Choice:
    if account is not None:
        engine = account.engine
    elif engine not in registry.names():
        raise Refused(f"There is no engine called {engine}.")
    return Choice(tier, engine, model or registry.default_model(engine), size, account)


def may_draw(choice: Choice, project: Project) -> None:
    """Raises Refused, with why, where nothing may be drawn with it."""
    account = choice.account
    if account is not None and (account.team_id != project.team_id or account.deleted or not account.on):
        raise Refused(f"{account} is switched off. Switch it on, or choose another engine.")
    if choice.why_not:
        raise Refused(choice.why_not)


def new_job(batch: Batch, row: cost.Ready, seed: int | None, priority: int) -> Job:
    """One attempt, not written yet."""
    return Job(
        batch=batch,
        panel=row.panel,
        engine=row.choice.engine,
        account=row.choice.account,
        model=row.choice.model,
        tier=row.choice.tier,
        priority=priority,
        seed=seed,
        request=dict(row.request),
        template_version=row.request["template_version"],
        estimate=row.price,
        quoted=row.quoted,
    )


def cancel_batch(*, batch: Batch, by: User | None) -> int:
    """Stop what has not begun, give its money back; what is under way finishes and is kept. Says how many were stopped."""
    with transaction.atomic():
        Batch.objects.select_for_update().get(
            pk=batch.pk
        )  # as everybody who ends a job does, before the jobs themselves
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


def retry_job(*, job: Job, by: User | None, shown: Decimal | None = None) -> Batch:
    """Ask once more for a picture that was lost or stopped: a new attempt with the same frozen request, before all others.

    A second click answers with the batch that the first one made. `shown` is the price that the button had: a dearer one is refused,
    and said. Raises Refused while it may still arrive, or when it has.
    """
    job.refresh_from_db()
    if job.state in ACTIVE:
        raise Refused("This picture is still being drawn.")
    if job.state not in LOST | {JobState.CANCELLED}:
        raise Refused("This picture is drawn. Ask for another take instead.")
    if job.account is not None and job.account.deleted:
        raise Refused(f"{job.account} was removed. Draw the panel with another engine instead.")
    with transaction.atomic():
        key = uuid.uuid5(AGAIN, str(job.key))
        batch, made = new_batch(job.batch.project, by, key, f"Panel {job.panel.label}, again")
        if made:
            amount, quoted = cost.agreed(cost.drawn_by(job, job.request), job.request)
            if shown is not None and amount > shown:
                raise Refused(
                    f"This costs {dollars(amount)} now, not {dollars(shown)}. Nothing was drawn: load the page anew."
                )
            row = Job(
                batch=batch,
                panel=job.panel,
                engine=job.engine,
                account=job.account,
                model=job.model,
                tier=job.tier,
                priority=BY_HAND,
                seed=job.seed,
                request=job.request,
                template_version=job.template_version,
                estimate=amount,
                quoted=quoted,
            )
            write(batch, [row], by)
    return batch


def common_project(panels: Sequence[Panel]) -> Project:
    """The project that all of them belong to. Raises Refused where there is none."""
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


def new_batch(project: Project, by: User | None, key: uuid.UUID, title: str) -> tuple[Batch, bool]:
    """The batch of this key, and whether it was made just now. Raises Refused for a key of another project."""
    defaults = {"team_id": project.team_id, "project": project, "title": title[:120], "created_by": by}
    batch, made = Batch.objects.get_or_create(key=key, defaults=defaults)
    if batch.project_id != project.pk:
        raise Refused("This form was for another project. Open the page again.")
    return batch, made


def write(batch: Batch, rows: list[Job], by: User | None) -> None:
    """The jobs, their first history row and the money held for them; the worker is told after the commit."""
    write_jobs(batch, rows, by)
    dollars = sum(row.estimate for row in rows)
    _record("batch.asked", batch, by, pictures=len(rows), engine=rows[0].engine, dollars=str(dollars))


def write_jobs(batch: Batch, rows: list[Job], by: User | None) -> None:
    """Write jobs of a batch with their first history row and the money held. Raises OverCap, and nothing is written."""
    for row in rows:
        row.counted = row.estimate
        row.fingerprint = prints.of(row)
    caps.hold(team=batch.team, project=batch.project, jobs=rows)
    Batch.objects.filter(pk=batch.pk).exclude(finished=None).update(finished=None)
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
                source=Spend.Source.SERVICE if row.quoted else Spend.Source.TABLE,
                dated=None if row.quoted else cost.dated(row.engine, row.model),
                account=row.account,
                by=by,
            )
            for row in rows
        ]
    )
    transaction.on_commit(lambda: jobs.submit("job", *[row.pk for row in rows]))


def _seed(given: int | None, number: int) -> int:
    return fresh_seed() if given is None else (given + number) % 2**32


def fresh_seed() -> int:
    """Any seed that every engine takes."""
    return secrets.randbits(31)


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
