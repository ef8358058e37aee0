"""Approve, ask for changes, take it back: rows are only added, and the newest of each person stands."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.board.models import Panel
from studio.board.reasons import Reason
from studio.library.models import Marker
from studio.review import standing
from studio.review.actions.rounds import touch
from studio.review.errors import Refused
from studio.review.models import Decision, Note, Round, RoundPanel
from studio.review.reviewers import Reviewer

APPROVE, CHANGES, NONE = Decision.Verdict.APPROVE, Decision.Verdict.CHANGES, Decision.Verdict.NONE
TEAM_FIRST = "The team looks first. You can decide as soon as they have approved it; notes are welcome now."


def decide(
    *, by: Reviewer, on: RoundPanel | None, verdict: str, reason: str = "", marker: Marker | None = None,
    note: Note | None = None,
) -> Decision | None:  # fmt: skip
    """What this person says of a panel, or of the whole (`on` is None). "" takes back what they said; None where that was nothing.

    Saying what already stands changes nothing. Asking for changes needs a note of this person's on that panel (`note`, or one
    that is there). Raises Refused, with `field` "note" where the note is missing; Closed where the round is over.
    """
    if verdict not in Decision.Verdict.values:
        raise Refused("Choose: approve, or ask for changes.")
    if not by.may_decide:
        raise Refused("This link lets you look, not decide." if by.link else "Your role lets you look, not decide.")
    if by.needs_name:
        raise Refused("Say who you are first.", field="name")
    with transaction.atomic():
        held = touch(by.round)
        before = Decision.objects.filter(round=held, on=on, by=by.by, replaced=None).first()
        if (before.verdict if before else NONE) == verdict and not (reason or marker):
            transaction.set_rollback(True)  # nothing happened: the round did not change
            return before
        if verdict:
            _check(held, by, on, verdict, note)
        made = _add(held, by, on, before, verdict=verdict, **_why(verdict, reason, marker, note))
        standing.follow(held, None if on is None else [RoundPanel.objects.get(pk=on.pk)])
    return made


def _check(round_: Round, by: Reviewer, on: RoundPanel | None, verdict: str, note: Note | None) -> None:
    if on is not None and on.round_id != round_.pk:
        raise Refused("That panel is of another version.")
    _in_order(round_, by, on)
    if verdict == CHANGES:
        mine = {"user": by.user} if by.user else {"guest": by.guest}
        notes = Note.objects.filter(round=round_, on=on, deleted=None, **mine)
        if note is None and not notes.exists():
            raise Refused("Say what should change: write one note, then ask.", field="note")
        return
    waiting = standing.holding_up(round_, internal=by.is_team)
    open_ = {key: many for key, many in waiting.items() if many and (on is None or key == on.pk)}
    if open_:
        raise Refused(_open_notes(round_, on, open_), field="notes")
    if on is None:
        asked = Decision.objects.filter(round=round_, by=by.by, replaced=None, verdict=CHANGES).exclude(on=None)
        if labels := list(asked.order_by("on__position").values_list("on__label", flat=True)):
            raise Refused(
                f"You asked for changes on {', '.join(labels)}. Take that back, or approve the others one by one."
            )


def _in_order(round_: Round, by: Reviewer, on: RoundPanel | None) -> None:
    """With the team first, a client decides on what the team has approved."""
    if by.is_team:
        return
    if any(standing.team_looks_first(round_, row) for row in ([on] if on else round_.panels.all())):
        raise Refused(TEAM_FIRST)


def _open_notes(round_: Round, on: RoundPanel | None, held_up: dict[int | None, int]) -> str:
    many = sum(held_up.values())
    notes = "1 note is open" if many == 1 else f"{many} notes are open"
    if on is not None:
        return f"{notes} on {on.label}. Close {'it' if many == 1 else 'them'} first, or have a producer waive {'it' if many == 1 else 'them'}."
    labels = list(round_.panels.filter(pk__in=[pk for pk in held_up if pk]).values_list("label", flat=True))
    where = f" on {', '.join(labels)}" if labels else ""
    return f"{notes}{where}. Close them first, or have a producer waive them."


def _why(verdict: str, reason: str, marker: Marker | None, note: Note | None) -> dict[str, Any]:
    """A reason only goes with asked changes, a marker only with that reason."""
    if verdict != CHANGES:
        return {}
    if reason and reason not in Reason.values:
        raise Refused("Choose one of the reasons, or none.")
    if reason == Reason.MARKER and marker is None:
        raise Refused("Choose the marker that is wrong.")
    return {"reason": reason, "marker": marker if reason == Reason.MARKER else None, "note": note}


def _add(round_: Round, by: Reviewer, on: RoundPanel | None, before: Decision | None, **what: Any) -> Decision:
    now = timezone.now()
    if before is not None:
        Decision.objects.filter(pk=before.pk).update(replaced=now)
    made = Decision.objects.create(
        round=round_, on=on, user=by.user, guest=by.guest, by=by.by, name=by.name[:80], decided=now, **what
    )
    project = round_.project
    record(
        verb="decided", team=project.team, actor=by.user, about="panel" if on else "round",
        code=Panel.objects.values_list("code", flat=True).get(pk=on.panel_id) if on else round_.code,
        project=project.code, number=round_.number, round=round_.code, label=on.label if on else "", verdict=made.verdict,
        name=made.name, guest=by.user is None, reason=made.reason,
    )  # fmt: skip
    return made
