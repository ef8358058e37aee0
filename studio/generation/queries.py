"""What the pages ask of the jobs: how a panel's drawing stands, how far a batch is, what changed. Constant numbers of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from studio.board.models import Panel, Project, Take
from studio.generation import cost, health
from studio.generation.models import ACTIVE, LOST, UNDER_WAY, Batch, Job, JobState, Spend

OVERLAP = dt.timedelta(seconds=3)  # a change may be committed a little after the moment it is stamped with


@dataclass(frozen=True, slots=True)
class PanelWork:
    """How a panel's drawing stands. `state`: queued, working or failed.

    `place` in line (1 is next) while queued, `elapsed` seconds and the `take` being drawn while working, the words and
    `charged` (None: it cannot be known) once failed. `unknown`: nobody can say whether the picture was made. Words stand beside a
    job that waits for more than its turn, too: `error` says for what, `remedy` what to do.
    """

    state: str
    place: int = 0
    elapsed: int = 0
    take: int = 0
    error: str = ""
    remedy: str = ""
    charged: bool | None = False
    unknown: bool = False
    job_code: str = ""
    batch_code: str = ""
    price: Decimal = Decimal(0)  # US dollars: what the same again costs now


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a batch is, in pictures. Costs are US dollars: so far, and of all that was asked for; `eta` is seconds, None unknown."""

    code: str
    title: str
    total: int
    done: int
    failed: int
    unknown: int
    drawing: int
    waiting: int
    cancelled: int
    cost: Decimal
    cost_of: Decimal
    eta: int | None
    finished: bool
    stopped: bool

    @property
    def share(self) -> float:
        """0 to 1: what is over, of all."""
        return (self.total - self.drawing - self.waiting) / self.total if self.total else 1.0


def states_for(panels: Sequence[Panel]) -> dict[int, PanelWork]:
    """The drawing state by panel id; a panel whose drawing is in no way remarkable is missing. At most seven queries."""
    ids = [panel.pk for panel in panels]
    if not ids:
        return {}
    found: dict[int, list[Job]] = defaultdict(list)
    for job in _telling(ids):
        found[job.panel_id].append(job)
    line = _line() if any(job.state == JobState.QUEUED for jobs in found.values() for job in jobs) else {}
    drawn = _drawn([pk for pk, jobs in found.items() if any(job.state in UNDER_WAY for job in jobs)])
    again = cost.again(jobs[-1] for jobs in found.values() if jobs[-1].state in LOST)
    return {pk: _work(jobs, line, drawn.get(pk, 0), again) for pk, jobs in found.items()}


def bar(batch: Batch) -> Bar:
    """How far the batch is: three queries, four while it runs."""
    counts: dict[str, int] = defaultdict(int)
    for state, number in batch.jobs.values_list("state").annotate(number=Count("pk")):
        counts[state] = number
    held, charged = _money(batch)
    waiting, drawing = counts[JobState.QUEUED], sum(counts[state] for state in UNDER_WAY)
    eta = None
    if waiting or drawing:
        one = batch.jobs.select_related("account").defer("details", "ticket").first()
        eta = cost.time_for(waiting + drawing, one.engine, one.request["size"], one.account) if one else None
    return Bar(
        code=batch.code,
        title=batch.title,
        total=sum(counts.values()) - counts[JobState.PASSED],
        done=counts[JobState.DONE],
        failed=sum(counts[state] for state in LOST),
        unknown=counts[JobState.UNKNOWN],
        drawing=drawing,
        waiting=waiting,
        cancelled=counts[JobState.CANCELLED],
        cost=charged,
        cost_of=held,
        eta=eta,
        finished=not (waiting or drawing),
        stopped=batch.cancelled is not None,
    )


def changed_since(batch: Batch, moment: dt.datetime) -> list[Panel]:
    """The batch's panels whose drawing changed since then, in board order. A change may be told twice, never missed."""
    jobs = batch.jobs.filter(changed__gte=moment - OVERLAP)
    return list(Panel.objects.filter(pk__in=jobs.values("panel")).on_board().select_related("scene__project"))


def running(project: Project) -> list[Batch]:
    """Batches of the project that are not over, oldest first: whose bars a page shows."""
    return list(Batch.objects.filter(project=project, finished=None).select_related("project").order_by("pk"))


def _telling(panel_ids: list[int]) -> list[Job]:
    """Jobs that decide a panel's state: all active ones, and those that were lost in its newest batch. Two queries, which look at
    that batch and at what is under way alone, however many attempts a panel has had."""
    last = Job.objects.filter(panel=OuterRef("pk")).exclude(state=JobState.CANCELLED).order_by("-batch_id")
    panels = Panel.objects.filter(pk__in=panel_ids).order_by().annotate(newest=Subquery(last.values("batch_id")[:1]))
    newest = {pk: batch for pk, batch in panels.values_list("pk", "newest") if batch}
    if not newest:
        return []
    lost = Q(state__in=LOST, panel__in=list(newest), batch__in=set(newest.values()))
    rows = Job.objects.annotate(
        of=F("panel_id") + 0
    )  # a sum: found by their state, not by going through all of a panel
    rows = rows.filter(lost | Q(state__in=ACTIVE, of__in=list(newest)))
    rows = rows.select_related("batch", "account").order_by("pk").defer("request", "details", "ticket")
    return [job for job in rows if job.state in ACTIVE or job.batch_id == newest[job.panel_id]]


def _line() -> dict[int, int]:
    """Place in line by job id, for everybody: priority first, then age."""
    waiting = Job.objects.filter(state=JobState.QUEUED).order_by("-priority", "created", "pk")
    return {pk: place for place, pk in enumerate(waiting.values_list("pk", flat=True), 1)}


def _drawn(panel_ids: list[int]) -> dict[int, int]:
    """The last take's number by panel id."""
    if not panel_ids:
        return {}
    takes = Take.objects.filter(panel__in=panel_ids).order_by()
    return dict(takes.values_list("panel").annotate(last=Max("number")))


def _work(jobs: list[Job], line: dict[int, int], drawn: int, again: dict[int, Decimal]) -> PanelWork:
    working = [job for job in jobs if job.state in UNDER_WAY]
    waiting = [job for job in jobs if job.state == JobState.QUEUED]
    if working:
        job = working[0]
        elapsed = (timezone.now() - job.started).total_seconds() if job.started else 0
        return PanelWork(
            "working", elapsed=int(elapsed), take=drawn + 1, error=job.error, remedy=job.remedy, job_code=job.code,
            batch_code=job.batch.code,
        )  # fmt: skip
    if waiting:
        job = min(waiting, key=lambda one: line.get(one.pk, 0))
        error, remedy = health.hold_up(job.account) if job.account else ("", "")
        return PanelWork(
            "queued", place=line.get(job.pk, 1), error=error or job.error, remedy=remedy or job.remedy, job_code=job.code,
            batch_code=job.batch.code,
        )  # fmt: skip
    job = jobs[-1]
    return PanelWork(
        "failed",
        error=job.error,
        remedy=job.remedy,
        charged=job.charged,
        unknown=job.state == JobState.UNKNOWN,
        job_code=job.code,
        batch_code=job.batch.code,
        price=again.get(job.pk, job.estimate),
    )


def _money(batch: Batch) -> tuple[Decimal, Decimal]:
    """Held for all, and charged so far."""
    rows = (
        Spend.objects.filter(job__batch=batch)
        .exclude(job__state=JobState.PASSED)
        .order_by()
        .values_list("kind")
        .annotate(sum=Sum("amount"))
    )
    sums = dict(rows)
    return sums.get(Spend.Kind.RESERVED, Decimal(0)), sums.get(Spend.Kind.CHARGED, Decimal(0))
