"""A picture that the studio has already becomes a reference."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from studio.library.actions.base import Refused, next_position, note
from studio.library.actions.references import MOST, Duplicate
from studio.library.models import Reference, ReferenceSet, View
from studio.media.models import Image


def adopt_reference(
    *, reference_set: ReferenceSet, image: Image, by: Any, view: str = "", detail: str = "", **data: Any
) -> Reference:
    """The stored picture at the end of the set. `data` goes into the event. Raises Duplicate, Refused."""
    if image.team_id != reference_set.subject.team_id:
        raise Refused("That picture belongs to another team.")
    rows = Reference.objects.filter(reference_set=reference_set)
    with transaction.atomic():
        ReferenceSet.objects.select_for_update().get(pk=reference_set.pk)
        if there := rows.filter(sha256=image.sha256).first():
            raise Duplicate("The picture", there)
        if rows.count() >= MOST:
            raise Refused(f"{MOST} pictures are the most in one set. Remove one first.")
        made = Reference.objects.create(
            reference_set=reference_set,
            image=image,
            sha256=image.sha256,
            view=view,
            detail=detail if view == View.DETAIL else "",
            position=next_position(rows),
        )
        note(reference_set.subject, "reference.added", by, reference=made.code, set=reference_set.code, **data)
    return made
