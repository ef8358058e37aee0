"""Judging, keyword-only. A judgement leaves no event beside it: its row, with who and when, is the history."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.board.models import Take
from studio.consistency.models import GIVEN, Rejection, Result, Verdict
from studio.lib.text import line
from studio.library.models import Marker


class Refused(ValueError):
    """It cannot be done; the message says why and what to do."""


class Conflict(Exception):
    """Somebody else judged this first. `verdict` is what stands now, None where it was not judged; nothing was written."""

    def __init__(self, verdict: Verdict | None) -> None:
        super().__init__("Somebody else judged this first.")
        self.verdict = verdict


def judge(*, take: Take, marker: Marker, result: str, by: Any, revision: int) -> Verdict:
    """Say how a marker came out. `revision`: of the verdict that the person saw, 0 for none.

    The verdict before it is kept as history. Saying what already stands changes nothing, whatever `revision`. Raises
    Refused where the take was not drawn from this marker or the result is none, Conflict where another verdict stands.
    """
    if result not in GIVEN:
        raise Refused("Choose same, drifted, wrong, missing or hidden.")
    return _judged(take, marker, result, by, revision)


def clear(*, take: Take, marker: Marker, by: Any, revision: int) -> Verdict | None:
    """Take a verdict back: the marker counts as not judged again. None where it never was. Raises Refused, Conflict."""
    if not Verdict.objects.filter(take=take, marker=marker).exists():
        return None
    return _judged(take, marker, Result.NONE, by, revision)


def _judged(take: Take, marker: Marker, result: str, by: Any, revision: int) -> Verdict:
    if not drawn_from(take, marker):
        raise Refused("This take was not drawn from that marker.")
    try:
        with transaction.atomic():
            stands = standing(take, marker)
            if stands is not None and stands.result == result:
                return stands
            if (stands.revision if stands else 0) != revision:
                raise Conflict(stands)
            now = timezone.now()
            if stands is not None:
                Verdict.objects.filter(pk=stands.pk).update(replaced=now)
            return Verdict.objects.create(
                take=take, marker=marker, result=result, by=by, revision=revision + 1, judged=now
            )
    except IntegrityError:  # two at once: the constraint let one in
        stands = standing(take, marker)
        if stands is not None and stands.result == result:
            return stands
        raise Conflict(stands) from None


def standing(take: Take, marker: Marker) -> Verdict | None:
    """The verdict that counts, with its `by`."""
    return Verdict.objects.filter(take=take, marker=marker, replaced=None).select_related("by").first()


def drawn_from(take: Take, marker: Marker) -> bool:
    """Whether the marker belongs to the locked version that the take was drawn from. Needs `version` and its `subject`."""
    version = marker.version
    return bool(version.locked_at) and take.versions.get(version.subject.code) == version.number


def reject(*, take: Take, reason: str, by: Any, marker: Marker | None = None, note: str = "") -> Rejection:
    """Turn a take down, with the reason. One before it is kept as withdrawn. Raises Refused."""
    if reason not in Rejection.Reason.values:
        raise Refused("Choose what is wrong with it.")
    if reason == Rejection.Reason.MARKER and (marker is None or not drawn_from(take, marker)):
        raise Refused("Choose the marker that failed.")
    kept = marker if reason == Rejection.Reason.MARKER else None
    with transaction.atomic():
        Take.objects.select_for_update().get(pk=take.pk)
        _withdraw(take, by)
        made = Rejection.objects.create(take=take, reason=reason, marker=kept, note=line(note)[:200], by=by)
        _record("take.rejected", take, by, reason=reason, marker=kept.key if kept else "")
    return made


def unreject(*, take: Take, by: Any) -> bool:
    """Withdraw a rejection: the take may be used again. False where none stood."""
    with transaction.atomic():
        gone = _withdraw(take, by)
        if gone:
            _record("take.unrejected", take, by)
    return gone


def _withdraw(take: Take, by: Any) -> bool:
    rows = Rejection.objects.filter(take=take, withdrawn=None)
    return bool(rows.update(withdrawn=timezone.now(), withdrawn_by=by))


def _record(verb: str, take: Take, by: Any, **data: Any) -> None:
    project = take.panel.scene.project
    record(
        verb=verb, team=project.team, actor=by, about="panel", code=take.panel.code, project=project.code,
        label=take.panel.label, take=take.number, **data,
    )  # fmt: skip
