"""A take of a panel becomes a reference."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from studio.board.models import Take
from studio.library import actions as library
from studio.library.actions import Duplicate, Refused
from studio.library.models import Reference, ReferenceSet
from studio.making import sides
from studio.making.models import Origin


def lend(*, take: Take, reference_set: ReferenceSet, by: Any, view: str, detail: str = "") -> Reference:
    """The take's picture at the end of the set, with the view somebody said it shows, and where it came from. Twice: the reference
    that is there. Raises Refused."""
    if take.panel.scene.project.team_id != reference_set.subject.team_id:
        raise Refused("That picture belongs to another team.")
    side = sides.named(view, detail) if view else None
    with transaction.atomic():
        try:
            made = library.adopt_reference(
                reference_set=reference_set, image=take.image, by=by, view=side.view if side else "",
                detail=side.detail if side else "", take=take.code,
            )  # fmt: skip
        except Duplicate as there:
            return there.reference
        Origin.objects.create(reference=made.code, reference_set=reference_set, take=take, by=by)
    return made
