"""Reads of the money: what a month cost and for what, what is left of the limits. Amounts are US dollars; constant numbers of queries.

An attempt belongs to the month it was asked for in, as it does for the limits: spent, held and uncertain together are the sum of
`Job.counted`. What is drawn on this machine is free and no row here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, TruncDate, TruncMonth
from django.utils import timezone

from studio.accounts.models import Team
from studio.board.models import Project
from studio.generation import caps
from studio.generation.models import ACTIVE, LOST, OVER, UNCERTAIN, EngineAccount, Job, JobState, Spend, Tier

NOTHING = Decimal(0)
HELD = Q(state__in=ACTIVE)
SPENT = Q(state__in=OVER) & ~Q(state__in=LOST, charged__isnull=True)
USABLE = Q(state=JobState.DONE, take__isnull=False, take=F("panel__picked"))  # approved ones are picked too
OUTCOMES = {
    "drawn": ("Drawn", Q(state=JobState.DONE)),
    "working": ("Under way", HELD),
    "uncertain": ("Possibly charged", UNCERTAIN),
    "unpaid": ("Not charged", Q(state__in=OVER - {JobState.DONE}, charged=False)),
    "paid": ("Charged, no picture", Q(state__in=LOST, charged=True)),
    "settled": ("Settled by hand", Q(spends__source=Spend.Source.HAND)),
}


@dataclass(frozen=True, slots=True)
class Month:
    """A month in the studio's time zone: from `start` up to and without `end`."""

    start: dt.datetime
    end: dt.datetime

    @property
    def key(self) -> str:
        return f"{self.start:%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.start:%B %Y}"

    @property
    def days(self) -> int:
        return (self.end.date() - self.start.date()).days

    @property
    def before(self) -> str:
        return f"{self.start.date() - dt.timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The next month's key; empty where that has not begun."""
        return f"{self.end:%Y-%m}" if self.end <= timezone.now() else ""


def month(text: str = "") -> Month:
    """The month called "2026-11"; this one for anything else, and for what has not begun."""
    now = timezone.localtime()
    year, number = now.year, now.month
    named = text.split("-")
    if len(named) == 2 and all(part.isascii() and part.isdecimal() for part in named) and len(text) == 7:
        asked = (int(named[0]), int(named[1]))
        if asked[0] >= 2000 and 1 <= asked[1] <= 12 and asked <= (year, number):
            year, number = asked
    after = (year + number // 12, number % 12 + 1)
    return Month(timezone.make_aware(dt.datetime(year, number, 1)), timezone.make_aware(dt.datetime(*after, 1)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which attempts of the month are meant; empty is all."""

    outcome: str = ""
    project: str = ""  # code
    account: str = ""  # code
    tier: str = ""
    person: int | None = None


def attempts(team: Team, during: Month | None, wanted: Wanted | None = None) -> QuerySet[Job]:
    """Attempts at engines, of one month or of all time. By account: what has none is free, and there is an index."""
    found = Job.objects.filter(account__team=team)
    if during is not None:
        found = found.filter(created__gte=during.start, created__lt=during.end)
    if wanted is None:
        return found
    if wanted.outcome in OUTCOMES:
        found = found.filter(OUTCOMES[wanted.outcome][1])
    named = {
        "batch__project__code": wanted.project,
        "account__code": wanted.account,
        "tier": wanted.tier,
        "batch__created_by": wanted.person,
    }
    return found.filter(**{name: value for name, value in named.items() if value})


def _sum(of: Q) -> Any:
    return Coalesce(Sum("counted", filter=of), NOTHING)


SUMS = {
    "attempts": Count("pk"),
    "drawn": Count("pk", filter=Q(state=JobState.DONE)),
    "usable": Count("pk", filter=USABLE),
    "spent": _sum(SPENT),
    "held": _sum(HELD),
    "uncertain": _sum(UNCERTAIN),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What attempts came to. `usable` pictures are picked or approved ones."""

    attempts: int
    drawn: int
    usable: int
    spent: Decimal
    held: Decimal
    uncertain: Decimal
    working: int = 0  # attempts under way
    unknown: int = 0  # attempts that nobody knows the end of

    @property
    def each(self) -> Decimal | None:
        """What a drawn picture cost, all that failed included."""
        return self.spent / self.drawn if self.drawn else None

    @property
    def usable_each(self) -> Decimal | None:
        """What a usable picture cost: all that was spent, over the usable ones. None while there is none."""
        return self.spent / self.usable if self.usable else None

    @property
    def idle(self) -> int:
        return self.drawn - self.usable


def _figures(row: dict[str, Any]) -> Figures:
    """Of a row of SUMS; SQLite adds up in floating point, so amounts are brought back to the ledger’s six decimals."""
    found: dict[str, Any] = {name: row[name] for name in (*SUMS, "working", "unknown") if name in row}
    for name in ("spent", "held", "uncertain"):
        found[name] = round(found[name], 6)
    return Figures(**found)


def figures(team: Team, during: Month) -> Figures:
    """The month in one query."""
    more = {"working": Count("pk", filter=HELD), "unknown": Count("pk", filter=UNCERTAIN)}
    return _figures(attempts(team, during).aggregate(**SUMS, **more))


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a summary: `name`, what else tells it apart, and how the ledger is asked for it."""

    name: str
    note: str
    figures: Figures
    query: dict[str, Any] = field(default_factory=dict)
    day: dt.date | None = None


BY = {"day": "Day", "project": "Project", "scene": "Scene", "engine": "Engine", "model": "Model", "tier": "Quality", "person": "Person"}  # fmt: skip
COLUMNS = {
    "day": ("day",),
    "project": ("batch__project__code", "batch__project__title"),
    "scene": ("panel__scene_id", "panel__scene__number", "panel__scene__place", "batch__project__title"),
    "engine": ("account__code", "account__label", "engine"),
    "model": ("engine", "model"),
    "tier": ("tier",),
    "person": ("batch__created_by", "batch__created_by__name", "batch__created_by__email"),
}


def groups(team: Team, during: Month, by: str) -> list[Group]:
    """The month by day, project, scene, engine (account), model, tier or person; days in order, all else dearest first. One query."""
    rows = attempts(team, during).annotate(day=TruncDate("created")).order_by()
    found = [
        Group(*_named(by, row), _figures(row), _query(by, row), row.get("day"))
        for row in rows.values(*COLUMNS[by]).annotate(**SUMS)
    ]
    if by == "day":
        return sorted(found, key=lambda one: one.day or dt.date.min)
    return sorted(found, key=lambda one: (-one.figures.spent, -one.figures.uncertain, one.name, one.note))


def _named(by: str, row: dict[str, Any]) -> tuple[str, str]:
    match by:
        case "day":
            return f"{row['day'].day} {row['day']:%b}", ""
        case "project":
            return row["batch__project__title"], ""
        case "scene":
            return f"Scene {row['panel__scene__number']}", f"{row['batch__project__title']}, {row['panel__scene__place']}".strip(", ")  # fmt: skip
        case "engine":
            return row["account__label"] or row["engine"], engine_name(row["engine"])
        case "model":
            return row["model"], engine_name(row["engine"])
        case "tier":
            return tier_name(row["tier"]), ""
    return person(row["batch__created_by__name"], row["batch__created_by__email"]), ""


def _query(by: str, row: dict[str, Any]) -> dict[str, Any]:
    column = {"project": "batch__project__code", "engine": "account__code", "tier": "tier", "person": "batch__created_by"}  # fmt: skip
    value = row[column[by]] if by in column else None
    return {{"engine": "account"}.get(by, by): value} if value else {}


def engine_name(name: str) -> str:
    return EngineAccount.Engine(name).label if name in EngineAccount.Engine.values else name


def tier_name(tier: str) -> str:
    return Tier(tier).label if tier in Tier.values else "Chosen by name"


def person(name: str | None, email: str | None) -> str:
    return name or (email or "").split("@")[0] or "The studio"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the ledger of a month can be narrowed to: pairs of (value, words)."""

    projects: list[tuple[str, str]]
    accounts: list[tuple[str, str]]
    people: list[tuple[int, str]]


def choices(team: Team, during: Month) -> Choices:
    """Three queries."""
    found = attempts(team, during).order_by()
    projects = found.values_list("batch__project__code", "batch__project__title").distinct()
    accounts = found.filter(account__isnull=False).values_list("account__code", "account__label").distinct()
    columns = ("batch__created_by", "batch__created_by__name", "batch__created_by__email")
    people = found.filter(batch__created_by__isnull=False).values_list(*columns).distinct()
    return Choices(
        sorted(projects, key=lambda one: one[1].casefold()),
        sorted(accounts, key=lambda one: one[1].casefold()),
        sorted(((pk, person(name, email)) for pk, name, email in people), key=lambda one: one[1].casefold()),
    )


@dataclass(frozen=True, slots=True)
class Usable:
    """What a usable picture cost in one quality at one engine."""

    tier: str
    engine: str
    model: str
    size: str
    figures: Figures

    @property
    def tier_name(self) -> str:
        return tier_name(self.tier)


def usable(team: Team, during: Month) -> list[Usable]:
    """By tier and engine (account, model, size), drafts first, where anything was drawn or charged. One query."""
    columns = ("tier", "account__label", "engine", "model", "size")
    rows = attempts(team, during).annotate(size=KT("request__size")).order_by().values(*columns).annotate(**SUMS)
    found = [
        Usable(row["tier"], row["account__label"] or engine_name(row["engine"]), row["model"], row["size"] or "", _figures(row))
        for row in rows
        if row["drawn"] or row["spent"]
    ]  # fmt: skip
    order = [*Tier.values, ""]
    return sorted(found, key=lambda one: (order.index(one.tier) if one.tier in order else 9, one.engine, one.model, one.size))  # fmt: skip


def by_day_and_tier(team: Team, during: Month) -> dict[dt.date, dict[str, Decimal]]:
    """What was charged, by day and tier ("" where a model was chosen by name). One query."""
    rows = attempts(team, during).filter(SPENT).annotate(day=TruncDate("created")).order_by()
    found: dict[dt.date, dict[str, Decimal]] = {}
    for day, tier, spent in rows.values_list("day", "tier").annotate(spent=Sum("counted")):
        if spent:
            found.setdefault(day, {})[tier] = round(spent, 6)
    return found


def limits(team: Team) -> list[caps.Room]:
    """Every limit that is set, as it stands now: the team's month, projects by name, accounts. Three queries."""
    start = caps.month_start()
    found = [room for room in caps.rooms(team=team) if room.kind == "team"]
    projects = Project.objects.for_team(team).filter(cap__isnull=False).order_by("title", "pk")
    for project in projects.annotate(used=Sum("batches__jobs__counted")):
        assert project.cap is not None
        found.append(caps.Room("project", project.title, project.cap, caps.exactly(project.used), project.pk))
    accounts = EngineAccount.objects.of(team).filter(monthly_cap__isnull=False)
    for account in accounts.annotate(used=Sum("jobs__counted", filter=Q(jobs__created__gte=start))):
        assert account.monthly_cap is not None
        found.append(caps.Room("account", account.label, account.monthly_cap, caps.exactly(account.used), account.pk))
    return found


def counted(project: Project) -> Decimal:
    """What a project counts against its limit, of all time."""
    return caps.exactly(Job.objects.filter(batch__project=project).aggregate(sum=Sum("counted"))["sum"])


def this_month(team: Team) -> tuple[Decimal, Decimal]:
    """What the team spent or may have spent this month, and what of it nobody knows; what is only held is left out. One query."""
    found = Job.objects.filter(account__team=team, created__gte=caps.month_start(), state__in=OVER)
    row = found.aggregate(sum=Sum("counted"), uncertain=Sum("counted", filter=UNCERTAIN))
    return caps.exactly(row["sum"]), caps.exactly(row["uncertain"])


def unsettled(team: Team) -> int:
    """Attempts of all time that nobody knows the end of."""
    return Job.objects.uncertain().filter(account__team=team).count()


def unsettled_elsewhere(team: Team, during: Month) -> list[tuple[Month, int]]:
    """Months besides this one with attempts that nobody has settled, oldest first."""
    others = attempts(team, None).filter(UNCERTAIN).exclude(created__gte=during.start, created__lt=during.end)
    rows = others.annotate(month=TruncMonth("created")).order_by("month").values_list("month").annotate(Count("pk"))
    return [(month(f"{start:%Y-%m}"), number) for start, number in rows]
