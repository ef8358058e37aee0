"""The ledger's rows, one for an attempt: what was held, what was charged and who says so, and what can be done where nobody knows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Prefetch, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from studio.generation import cost
from studio.generation.actions.asking import AGAIN
from studio.generation.actions.settling import Way, way
from studio.generation.ledger import NOTHING, engine_name
from studio.generation.models import ACTIVE, OVER, Batch, Job, JobState, Spend


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row of the ledger. `charged` is None while nobody knows, or nothing has been decided; `again` is the price of another attempt,
    None where there is none to be had or it was asked for already. `tone` is a state as signs know it."""

    job: Job
    size: str
    reserved: Decimal
    charged: Decimal | None
    says: str
    outcome: str
    tone: str
    closing: Spend | None
    way: Way | None = None
    again: Decimal | None = None

    @property
    def open(self) -> bool:
        """Whether its panel is still on a board."""
        panel = self.job.panel
        return not (panel.deleted or panel.scene.deleted or panel.scene.project.deleted)

    @property
    def source(self) -> str:
        return self.closing.source if self.closing else ""


def listed(found: QuerySet[Job]) -> QuerySet[Job]:
    """Attempts with all that `told` needs, newest first."""
    spends = Prefetch("spends", Spend.objects.select_related("by"))
    rows = found.annotate(size=KT("request__size"), passed_by=F("follows__account__label"))
    rows = rows.select_related("account", "panel__scene__project", "batch__created_by").prefetch_related(spends)
    return rows.defer("request", "details").order_by("-created", "-pk")


def told(jobs: list[Job]) -> list[Attempt]:
    """The rows of a page; what can be done about uncertain ones takes three more queries, however many there are."""
    open_ = [job for job in jobs if job.uncertain]
    keys = {uuid.uuid5(AGAIN, str(job.key)): job.pk for job in open_}
    done = {keys[key] for key in Batch.objects.filter(key__in=list(keys)).values_list("key", flat=True)} if keys else set()  # fmt: skip
    again = cost.again(job for job in open_ if job.pk not in done)
    return [_told(job, again.get(job.pk)) for job in jobs]


def plainly(found: QuerySet[Job]) -> Iterator[Attempt]:
    """All rows, a few hundred at a time, without what can be done: for files."""
    for job in listed(found).iterator(chunk_size=500):
        yield _told(job)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A panel's newest attempt, where nobody knows how it ended, or it was charged and can be fetched again: how the service can be
    asked, and what another attempt costs."""

    job: Job
    way: Way
    again: Decimal | None


def doubt(code: str) -> Doubt | None:
    """Of the job with this code, which the caller was given; None where its outcome is known, and nothing can be fetched. At most three queries."""
    job = Job.objects.select_related("account").filter(code=code).first()
    if job is None or not (job.uncertain or (job.paid_for and way(job).how)):
        return None
    return Doubt(job, way(job), cost.again([job]).get(job.pk))


def local(moment: dt.datetime | None) -> dt.datetime | None:
    """In the studio's time zone."""
    return timezone.localtime(moment) if moment else None


def _told(job: Job, again: Decimal | None = None) -> Attempt:
    spends = {row.kind: row for row in job.spends.all()}
    reserved = spends.get(Spend.Kind.RESERVED)
    closing = spends.get(Spend.Kind.CHARGED) or spends.get(Spend.Kind.RELEASED)
    charged = None
    if closing and job.state in OVER:
        charged = closing.amount if closing.kind == Spend.Kind.CHARGED else NOTHING
    return Attempt(
        job=job,
        size=getattr(job, "size", None) or "",
        reserved=reserved.amount if reserved else job.estimate,
        charged=charged,
        says=_says(job, closing),
        outcome=_outcome(job, closing),
        tone=_tone(job),
        closing=closing,
        way=way(job) if job.uncertain or job.paid_for else None,
        again=again,
    )


def _says(job: Job, closing: Spend | None) -> str:
    """Whose figure it is."""
    if job.uncertain:
        return "nobody yet"
    if closing is None or job.state in ACTIVE:
        return ""
    if closing.source == Spend.Source.HAND:
        return f"{closing.by or 'somebody'}, by hand"
    if closing.kind == Spend.Kind.RELEASED:
        return "never sent" if job.state == JobState.CANCELLED else _service(job)
    if closing.source == Spend.Source.SERVICE:
        return _service(job)
    if closing.dated is None:
        return "price table"
    year = "" if closing.dated.year == job.created.year else f" {closing.dated.year}"
    return f"price table, {closing.dated.day} {closing.dated:%b}{year}"


def _service(job: Job) -> str:
    return job.account.label if job.account else engine_name(job.engine)


def _outcome(job: Job, closing: Spend | None) -> str:
    if job.state in ACTIVE:
        seconds = int((timezone.now() - job.started).total_seconds()) if job.started else 0
        return "Waiting" if job.state == JobState.QUEUED else f"{JobState(job.state).label}, {seconds} s"
    said = (job.error or JobState(job.state).label).rstrip(". ")
    if closing and closing.source == Spend.Source.HAND:
        return f"Settled: {closing.note}"
    if job.uncertain:
        return said
    if job.state == JobState.DONE:
        passed = getattr(job, "passed_by", None)
        return f"Drawn, passed on by {passed}" if passed else "Drawn"
    if job.state == JobState.CANCELLED:
        return "Cancelled, not charged"
    return f"{said}, {'charged' if job.charged else 'not charged'}"


def _tone(job: Job) -> str:
    if job.state in ACTIVE:
        return "queued" if job.state == JobState.QUEUED else "working"
    if job.uncertain:
        return "changes"
    return {JobState.DONE: "approved", JobState.CANCELLED: "draft", JobState.PASSED: "draft"}.get(JobState(job.state), "failed")  # fmt: skip
