"""A part of a reference, or itself before a plain background: made aside, looked at, then taken into the set or laid aside.

The picture that it was made from stays as it is.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.library.actions.adopting import adopt_reference
from studio.library.actions.base import Refused, note, place_after
from studio.library.models import Cut, Reference
from studio.media import actions as media
from studio.media import errands
from studio.media.models import Image
from studio.media.region import Box

NAMES = {Cut.Way.CROP: "Crop of", Cut.Way.PLAIN: "Plain background,"}


def crop_reference(*, reference: Reference, box: Box, by: Any, key: uuid.UUID) -> Cut:
    """That part of the picture, from the original's own pixels. The same `key` again gives the same cut.

    Opens the picture: call it outside any transaction. Raises Refused, `media.intake.Refused`.
    """
    if not box.fits:
        raise Refused("The box has to lie inside the picture: from 0 to 100 % across and down, and not empty.")
    return _made(reference, Cut.Way.CROP, by, key, box)


def plain_reference(*, reference: Reference, by: Any, key: uuid.UUID) -> Cut:
    """The picture before one flat grey. As `crop_reference`; refused with the reason where its background is not even."""
    return _made(reference, Cut.Way.PLAIN, by, key, None)


def _made(reference: Reference, way: Cut.Way, by: Any, key: uuid.UUID, box: Box | None) -> Cut:
    if there := _asked(reference, key):
        return there
    source = reference.image
    data = _original(source)
    made = errands.crop(data, box) if box else errands.plain(data)
    name = f"{NAMES[way]} {source.original_name or 'a reference'}"
    image = media.store_upload(team=source.team, by=by, name=name, data=made.data, source=Image.Source.UPLOAD)
    try:
        with transaction.atomic():
            return Cut.objects.create(
                key=key, reference_set=reference.reference_set, reference=reference, source=source, image=image,
                way=way, box=list(box or ()), by=by,
            )  # fmt: skip
    except IntegrityError:  # a double click
        there = _asked(reference, key)
        if there is None:
            raise
        media.discard(image=image)
        return there


def _asked(reference: Reference, key: uuid.UUID) -> Cut | None:
    there = Cut.objects.filter(key=key).select_related("image", "source").first()
    if there and there.reference_set_id != reference.reference_set_id:
        raise Refused("That form belongs to another picture. Open the page again.")
    return there


def _original(image: Image) -> bytes:
    try:
        with storages["default"].open(image.original) as file:
            return file.read()
    except FileNotFoundError:
        raise Refused("The picture's file is gone, so nothing can be made from it.") from None


def take_cut(*, cut: Cut, by: Any, view: str, detail: str = "") -> Reference:
    """Into the set of its original, behind it. Raises Refused where it was decided meanwhile, Duplicate where it is there already."""
    with transaction.atomic():
        _decided(cut, accepted=timezone.now())
        made = adopt_reference(
            reference_set=cut.reference_set, image=cut.image, by=by, view=view, detail=detail,
            name=cut.image.original_name, way=cut.way, source=cut.reference.code if cut.reference else "",
        )  # fmt: skip
        Cut.objects.filter(pk=cut.pk).update(made=made)
        if cut.reference_id:
            place_after(Reference.objects.filter(reference_set=cut.reference_set_id), made, cut.reference_id)
    return made


def lay_cut_aside(*, cut: Cut, by: Any) -> None:
    """Kept, and not used. Raises Refused where it was decided meanwhile."""
    with transaction.atomic():
        _decided(cut, discarded=timezone.now())
        note(cut.reference_set.subject, "reference.cut_laid_aside", by, set=cut.reference_set.code, way=cut.way)


def _decided(cut: Cut, **when: Any) -> None:
    if not Cut.objects.filter(pk=cut.pk, accepted=None, discarded=None).update(**when):
        raise Refused("Somebody decided about this one meanwhile.")
