"""The tabs of the team's pages: which there are for this person, and what asks for somebody on each."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from studio.accounts.models import Membership
from studio.accounts.rights import Right
from studio.generation import ledger
from studio.generation.models import PAUSING, EngineAccount


@dataclass(frozen=True, slots=True)
class Tab:
    """`name` is the route's; `sign` says in words what waits there, in the tone of `tone`."""

    name: str
    label: str
    sign: str = ""
    tone: str = ""

    @property
    def url(self) -> str:
        return reverse(self.name)


def team(member: Membership | None) -> list[Tab]:
    """Called by the page's head, so that only pages with tabs ask."""
    if member is None or not member.may(Right.DRAW):
        return []
    paused = EngineAccount.objects.of(member.team).filter(on=True, health__in=PAUSING).count()
    found = [
        Tab("team", "Members"),
        Tab("engines", "Engines", f"{paused} paused" if paused else "", "bad"),
    ]
    if member.may(Right.PRODUCE):
        open_ = ledger.unsettled(member.team)
        found.append(Tab("spend", "Spend", f"{open_} unknown" if open_ else "", "warn"))
    found.append(Tab("queue", "Engine room"))
    if member.may(Right.ADMIN):
        found.append(Tab("hooks", "Webhooks"))
        found.append(Tab("team_log", "Audit log"))
    return found
