"""What of all reviews of a team concerns one person: what waits for them, what is overdue, who asks to go on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from studio.accounts.models import Team
from studio.media.models import Image
from studio.review.models import Round, RoundPanel
from studio.review.queries import Line, standing_of


@dataclass(slots=True)
class Waits:
    """One round in the list. `state` and `sign` are its status; `path` leads to the first panel that waits."""

    round: Round
    state: str
    sign: str
    note: str
    path: str
    image: Image | None = None


def waits(team: Team, user: Any, *, producer: bool) -> list[Waits]:
    """The overdue first, then what is due soonest; six queries, however many projects there are.

    Overdue rounds are told to whoever sent them or is asked, and to producers; pleas to producers alone.
    """
    rows = Round.objects.filter(project__team=team, project__deleted=None).select_related("project")
    lines = standing_of(rows.filter(state=Round.State.OPEN), user)
    mine = [line for line in lines if line.waiting or (line.overdue and (_concerned(line, user) or producer))]
    mine.sort(key=lambda line: (-line.overdue, line.round.due or dt.date.max, -line.round.pk))
    firsts = RoundPanel.objects.select_related("image").in_bulk([line.first for line in mine if line.first])
    return [_open(line, firsts.get(line.first)) for line in mine] + (_asked_again(rows) if producer else [])


def _concerned(line: Line, user: Any) -> bool:
    return bool(line.mine or line.round.sent_by_id == user.pk)


def _open(line: Line, first: RoundPanel | None) -> Waits:
    round_ = line.round
    parts = [f"{line.waiting} panel{'s wait' if line.waiting > 1 else ' waits'} for you"] if line.waiting else []
    if round_.due and not line.overdue:
        parts.append(f"due {round_.due.day} {round_.due:%b}")
    parts.append(f"{line.approved} of {line.panels} approved")
    sign = f"{line.overdue} day{'' if line.overdue == 1 else 's'} overdue" if line.overdue else "Waits for you"
    path = f"/rounds/{round_.code}/" + (f"panels/{first.code}/" if first else "")
    note = ", ".join(parts)
    return Waits(
        round_,
        "changes" if line.overdue else "review",
        sign,
        note[:1].upper() + note[1:],
        path,
        first.image if first else None,
    )


def _asked_again(rows: Any) -> list[Waits]:
    """Closed rounds that somebody asks to go on with, and that no newer one answers."""
    newer = Round.objects.filter(project=OuterRef("project"), number__gt=OuterRef("number"))
    found = rows.filter(~Exists(newer.exclude(state=Round.State.WITHDRAWN)), state=Round.State.CLOSED)
    found = found.annotate(many=Count("pleas")).filter(many__gt=0).order_by("-changed")
    return [
        Waits(
            round_, "review", "Asks to go on",
            f"{round_.many} {'person asks' if round_.many == 1 else 'people ask'} to go on with it", f"/rounds/{round_.code}/",
        )
        for round_ in found
    ]  # fmt: skip


__all__ = ["Waits", "waits"]
