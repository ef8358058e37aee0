"""Deciding about proposals. Nothing becomes a reference by itself; what is discarded stays in the history."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.board.models import Panel, Take
from studio.library import actions as library
from studio.library.actions import Duplicate, Refused
from studio.library.models import Reference
from studio.making import sides as made
from studio.making.models import Bench, Origin, Ruling


def accept(*, take: Take, by: Any, view: str = "", detail: str = "") -> Reference:
    """Put the proposal into the set it was drawn for, with its view (another one may be said), marked as drawn. Once: asked again, or
    by somebody else a moment later, the reference that is there. Raises Refused."""
    bench = _bench(take)
    side = made.named(view or bench.view, detail if view else bench.detail)
    with transaction.atomic():
        _rule(take, bench, True, by)
        try:
            reference = library.adopt_reference(
                reference_set=bench.reference_set,
                image=take.image,
                by=by,
                view=side.view,
                detail=side.detail,
                drawn=True,
                take=take.code,
            )
        except Duplicate as there:
            return there.reference
        Origin.objects.create(reference=reference.code, reference_set=bench.reference_set, take=take, by=by)
        Panel.objects.filter(pk=take.panel_id).update(picked=take, updated=timezone.now())
    return reference


def discard(*, take: Take, by: Any) -> bool:
    """The proposal goes out of sight, into the history; False where that was decided before. One that was accepted stays a
    reference: it is removed there. Raises Refused for it."""
    bench = _bench(take)
    standing = Ruling.objects.filter(take=take, replaced=None).first()
    if standing is not None and standing.accepted:
        raise Refused("It is a reference already. Remove it from the set instead.")
    with transaction.atomic():
        changed = _rule(take, bench, False, by)
        if changed:
            Panel.objects.filter(pk=take.panel_id, picked=take).update(picked=None, updated=timezone.now())
    return changed


def _bench(take: Take) -> Bench:
    """Raises Refused for a take that is no proposal."""
    found = (
        Bench.objects.select_related("reference_set__subject__team", "reference_set__outfit")
        .filter(panel=take.panel_id)
        .first()
    )
    if found is None:
        raise Refused("That picture was not drawn as a reference.")
    return found


def _rule(take: Take, bench: Bench, accepted: bool, by: Any) -> bool:
    """False where it stood so already. Two at once: the constraint lets one of them in, the other finds its row."""
    Take.objects.select_for_update().get(pk=take.pk)
    standing = Ruling.objects.filter(take=take, replaced=None).first()
    if standing is not None and standing.accepted == accepted:
        return False
    if standing is not None:
        Ruling.objects.filter(pk=standing.pk, replaced=None).update(replaced=timezone.now())
    try:
        with transaction.atomic():
            Ruling.objects.create(take=take, accepted=accepted, by=by)
    except IntegrityError:
        raise Refused("Somebody else decided about it at the same moment. Look at the page again.") from None
    subject = bench.reference_set.subject
    record(
        verb="proposal.accepted" if accepted else "proposal.discarded", team=subject.team, actor=by, about="subject",
        code=subject.code, take=take.code, set=bench.reference_set.code, view=bench.view,
    )  # fmt: skip
    return True
