"""Spending limits: of the team's month, of a project. Those of an account stand with the account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from studio.accounts.events import record
from studio.accounts.models import Team, User
from studio.board.models import Project
from studio.generation.errors import Refused

MOST = Decimal("1000000")  # US dollars


def limit_team(*, team: Team, by: User | None, cap: Decimal | None) -> bool:
    """What the team may spend in a month, in US dollars; None is no limit. False where it was so already. Raises Refused."""
    _checked(cap)
    with transaction.atomic():
        was = Team.objects.select_for_update().get(pk=team.pk).monthly_cap  # those who draw queue at the same row
        if was == cap:
            return False
        Team.objects.filter(pk=team.pk).update(monthly_cap=cap)
        record(verb="limit.team", team=team, actor=by, about="team", code=team.code, **_words(was, cap))
    team.monthly_cap = cap
    return True


def limit_project(*, project: Project, by: User | None, cap: Decimal | None) -> bool:
    """What a project may cost in all, in US dollars; None is no limit. False where it was so already. Raises Refused."""
    _checked(cap)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=project.team_id)
        was = Project.objects.get(pk=project.pk).cap
        if was == cap:
            return False
        Project.objects.filter(pk=project.pk).update(cap=cap)
        record(
            verb="limit.project", team=project.team, actor=by, about="project", code=project.code, project=project.code,
            title=project.title, **_words(was, cap),
        )  # fmt: skip
    project.cap = cap
    return True


def _checked(cap: Decimal | None) -> None:
    if cap is not None and not (cap.is_finite() and 0 <= cap <= MOST):
        raise Refused(f"A limit is between $0 and ${MOST:,}; leave it empty for none.")


def _words(was: Decimal | None, now: Decimal | None) -> dict[str, Any]:
    return {"was": None if was is None else str(was), "now": None if now is None else str(now)}
