"""Pictures of a reference set: taken in once, tagged, ordered, removed and brought back."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import IntegrityError, transaction

from studio.library.actions.base import Refused, next_position, note, place_after, save
from studio.library.models import Reference, ReferenceSet, View
from studio.media import actions as media
from studio.media import intake
from studio.media.models import Image

MOST = 60


class Duplicate(Refused):
    """The same bytes are in the set already. `reference` is the picture that is there."""

    def __init__(self, name: str, reference: Reference) -> None:
        super().__init__(f"{name} is in this set already.")
        self.reference = reference


def add_reference(
    *,
    reference_set: ReferenceSet,
    by: Any,
    name: str,
    data: bytes,
    view: str = "",
    detail: str = "",
    source: str = Image.Source.UPLOAD,
) -> Reference:
    """Takes a file in. Raises Duplicate, Refused, and media.intake.Refused for what is no good picture.

    Call it outside any transaction: opening a photograph takes up to a second.
    """
    shown = intake.display_name(name)
    sha256 = hashlib.sha256(data).hexdigest()
    rows = Reference.objects.filter(reference_set=reference_set)
    if there := rows.filter(sha256=sha256).first():
        raise Duplicate(shown, there)
    if rows.count() >= MOST:
        raise Refused(f"{shown} was not added: {MOST} pictures are the most in one set.")
    team = reference_set.subject.team
    image = media.find_duplicate(team, sha256) if data else None
    if image is None:
        image = media.keep(team=team, by=by, name=name, data=data, intaken=intake.read(data, name), source=source)
    try:
        with transaction.atomic():
            ReferenceSet.objects.select_for_update().get(pk=reference_set.pk)  # two uploads at once: one place each
            made = Reference.objects.create(
                reference_set=reference_set,
                image=image,
                sha256=sha256,
                view=view,
                detail=detail if view == View.DETAIL else "",
                position=next_position(rows),
            )
            note(reference_set.subject, "reference.added", by, reference=made.code, set=reference_set.code, name=shown)
    except IntegrityError:
        there = rows.filter(sha256=sha256).first()
        if there is None:
            raise
        raise Duplicate(shown, there) from None
    return made


def edit_reference(
    *, reference: Reference, by: Any, revision: int, view: str, detail: str = "", note_text: str = ""
) -> Reference:
    """Says what the picture shows. A detail's name goes when it is no detail. Raises Stale, Refused."""
    detail = detail if view == View.DETAIL else ""
    subject = reference.reference_set.subject
    with transaction.atomic():
        if save(reference, revision, view=view, detail=detail, note=note_text):
            note(subject, "reference.changed", by, reference=reference.code, view=view, detail=detail)
    return reference


def move_reference(*, reference: Reference, by: Any, after: int | None) -> int:
    """Behind the reference with id `after`, None: first. Returns its place, from 1."""
    with transaction.atomic():
        ReferenceSet.objects.select_for_update().get(pk=reference.reference_set_id)
        rows = Reference.objects.filter(reference_set_id=reference.reference_set_id)
        place = place_after(rows, reference, after)
        note(reference.reference_set.subject, "reference.moved", by, reference=reference.code, place=place)
    return place


def remove_reference(*, reference: Reference, by: Any) -> dict[str, Any]:
    """What `restore_reference` needs. The picture itself stays stored: takes that were drawn from it show it."""
    kept = {name: getattr(reference, name) for name in ("code", "sha256", "view", "detail", "note", "position")}
    kept["image"] = reference.image_id
    with transaction.atomic():
        subject = reference.reference_set.subject
        note(subject, "reference.removed", by, reference=reference.code, set=reference.reference_set.code)
        reference.delete()
    return kept


def restore_reference(*, reference_set: ReferenceSet, by: Any, kept: dict[str, Any]) -> Reference:
    """Brings back what `remove_reference` gave, in its place; once, however often it is called. Raises Refused."""
    team = reference_set.subject.team
    image = Image.objects.for_team(team).filter(pk=kept["image"]).first()
    if image is None:
        raise Refused("The picture is gone.")
    values = {name: kept[name] for name in ("code", "view", "detail", "note", "position")}
    with transaction.atomic():
        ReferenceSet.objects.select_for_update().get(pk=reference_set.pk)
        if Reference.objects.filter(code=kept["code"]).exclude(reference_set=reference_set).exists():
            raise Refused("The picture came back before, and is in another set now.")
        made, new = Reference.objects.get_or_create(
            reference_set=reference_set, sha256=kept["sha256"], defaults={**values, "image": image}
        )
        if new:
            note(reference_set.subject, "reference.restored", by, reference=made.code, set=reference_set.code)
    return made


def transfer_reference(*, reference: Reference, by: Any, to: ReferenceSet) -> Reference:
    """Into another set of the same subject, at its end. Raises Duplicate, Refused."""
    if to.subject_id != reference.reference_set.subject_id:
        raise Refused("That set belongs to somebody else.")
    if to.pk == reference.reference_set_id:
        return reference
    rows = Reference.objects.filter(reference_set=to)
    with transaction.atomic():
        ReferenceSet.objects.select_for_update().get(pk=to.pk)
        if there := rows.filter(sha256=reference.sha256).first():
            raise Duplicate("The picture", there)
        place = next_position(rows)
        if not Reference.objects.filter(pk=reference.pk).update(reference_set=to, position=place):
            raise Refused("The picture was removed meanwhile.")
        reference.reference_set, reference.position = to, place
        note(to.subject, "reference.transferred", by, reference=reference.code, set=to.code)
    return reference
