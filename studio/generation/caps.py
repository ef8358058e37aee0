"""Spending limits, held in the same transaction as the jobs: per month for the team, per project, per account and month.

`Job.counted` is what a job counts: its estimate from the moment it is asked for, what was charged once that is known, nothing once
it is known that nothing was; an uncertain attempt goes on counting.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from studio.accounts.models import Team
from studio.board.models import Project
from studio.generation.errors import OverCap
from studio.generation.models import EngineAccount, Job

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Room:
    """One limit: whose, how much it allows, how much is used. US dollars. `kind`: team, project or account."""

    kind: str
    name: str
    cap: Decimal
    used: Decimal
    pk: int = 0

    @property
    def left(self) -> Decimal:
        return max(NOTHING, self.cap - self.used)

    @property
    def short(self) -> bool:
        """Less than a tenth is left."""
        return self.left * 10 < self.cap


def month_start(now: dt.datetime | None = None) -> dt.datetime:
    """The first moment of this month, in the studio's time zone."""
    local = timezone.localtime(now)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def rooms(*, team: Team, project: Project | None = None, accounts: Iterable[EngineAccount] = ()) -> list[Room]:
    """Every limit that is set, with what is used of it. One query a limit."""
    found = []
    this_month = Job.objects.filter(batch__team=team, created__gte=month_start())
    if team.monthly_cap is not None:
        found.append(Room("team", str(team), team.monthly_cap, _sum(this_month)))
    if project is not None and project.cap is not None:
        found.append(Room("project", str(project), project.cap, _sum(Job.objects.filter(batch__project=project))))
    for account in accounts:
        if account.monthly_cap is not None:
            used = _sum(Job.objects.filter(account=account, created__gte=month_start()))
            found.append(Room("account", str(account), account.monthly_cap, used, account.pk))
    return found


def hold(*, team: Team, project: Project, jobs: Sequence[Job]) -> None:
    """Let these jobs be asked for, or raise OverCap. Inside the transaction that writes them: clicks at the same moment queue
    at the team's row, so that the second sees the first one's money."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    by_account: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for job in jobs:
        by_account[job.account_id or 0] += job.estimate
    total = sum(by_account.values(), NOTHING)
    if total <= 0:
        return
    fresh = EngineAccount.objects.in_bulk([pk for pk in by_account if pk])
    project = Project.objects.get(pk=project.pk)
    for room in rooms(team=team, project=project, accounts=fresh.values()):
        needs = by_account[room.pk] if room.kind == "account" else total
        if room.used + needs > room.cap:
            raise OverCap(room=room, needs=needs, each=max(job.estimate for job in jobs))


def exactly(amount: Decimal | None) -> Decimal:
    """A sum to the ledger's six decimals: SQLite adds up in floating point, and a limit is reached to the cent."""
    return round(amount or NOTHING, 6)


def _sum(jobs: object) -> Decimal:
    return exactly(jobs.aggregate(sum=Sum("counted"))["sum"])  # type: ignore[attr-defined]
