"""Due dates: who is asked and has not decided hears the day before, and once more when it is over; so does the sender."""

from __future__ import annotations

import datetime as dt
import time

from django.conf import settings
from django.utils import timezone

from studio.accounts.models import Membership
from studio.notices import letters
from studio.notices.kinds import Kind
from studio.notices.telling import notify
from studio.review.models import Asked, Decision, Round

EVERY = 60.0  # seconds


def due(limit: int) -> list[tuple[int, int]]:
    """For the worker: this minute's number, once a minute."""
    mark = settings.DATA / "reminded"
    try:
        return [(int(time.time() // EVERY), -50)] if time.time() - mark.stat().st_mtime > EVERY else []
    except FileNotFoundError:
        mark.touch()
        return []


def forsake(machine: str, me: str) -> None:
    """Nobody holds it: what was told once is not told again."""


def run(minute: int) -> None:
    """For the worker, in a thread of its own."""
    (settings.DATA / "reminded").touch()
    letters.lost()
    remind()


def remind(today: dt.date | None = None) -> int:
    """Tell whoever has not decided on a round that is due by tomorrow. How many were told; each hears each day's once."""
    today = today or timezone.localdate()
    rows = Round.objects.filter(state=Round.State.OPEN, due__lte=today + dt.timedelta(days=1), project__deleted=None)
    return sum(_remind(round_, today) for round_ in rows.select_related("project__team", "sent_by"))


def _remind(round_: Round, today: dt.date) -> int:
    assert round_.due
    decided = Decision.objects.filter(round=round_, replaced=None).exclude(verdict="").exclude(user=None)
    asked = Asked.objects.filter(round=round_).exclude(user=None).exclude(user__in=decided.values("user"))
    people = set(asked.values_list("user_id", flat=True))
    over = round_.due < today
    if over:
        people.add(round_.sent_by_id or 0)
    members = Membership.objects.filter(team=round_.project.team, user__in=people, user__is_active=True)
    return notify(
        team=round_.project.team, kind=Kind.DUE, users=set(members.values_list("user_id", flat=True)),
        key=f"due:{round_.code}:{'over' if over else 'soon'}", who="", did=_words(round_.due, today),
        what=f"{round_.project.title} {round_}"[:160], quote="", path=f"/rounds/{round_.code}/", image=None, actor=None,
    )  # fmt: skip


def _words(due: dt.date, today: dt.date) -> str:
    days = (due - today).days
    if days < 0:
        return f"Overdue since {due.day} {due:%b}:"
    return "Due today:" if days == 0 else "Due tomorrow:"
