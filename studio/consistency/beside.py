"""Which reference pictures stand beside a take while a marker of it is judged, the most telling first."""

from __future__ import annotations

from typing import NamedTuple

from studio.board.models import Take
from studio.library.models import Category, Marker, Reference, View
from studio.media.models import Image

LABELS = dict(View.choices)
NEAR = (Category.FACE, Category.MARK, Category.LOGO, Category.MATERIAL)  # seen best in a detail
MOST = 8


class Beside(NamedTuple):
    """A reference picture; `sent`: the take was drawn from it, as its image number `n`."""

    code: str
    image: Image
    label: str
    view: str
    detail: str
    worn: bool  # of the outfit's set
    sent: bool
    n: int = 0


def references(take: Take, marker: Marker, view: str) -> list[Beside]:
    """Those that the take was drawn from, else those the subject has now; `view` is the side the panel shows. Two queries."""
    subject = marker.version.subject
    named = f"{subject.kind}-{subject.code}"
    slots = [slot for slot in take.plan.get("slots", []) if slot.get("subject") == named]
    keys = [slot["image_key"] for slot in slots]
    images = {image.key: image for image in Image.objects.filter(team_id=subject.team_id, key__in=keys)} if keys else {}
    found = [
        Beside(
            slot.get("reference", ""), images[slot["image_key"]], _label(slot.get("view", ""), slot.get("detail", "")),
            slot.get("view", ""), slot.get("detail", ""), slot.get("role") == "outfit", True, slot.get("n", 0),
        )
        for slot in slots if slot["image_key"] in images
    ]  # fmt: skip
    if not found:
        rows = Reference.objects.filter(reference_set__subject=subject, reference_set__outfit=None)
        found = [
            Beside(row.code, row.image, _label(row.view, row.detail), row.view, row.detail, False, False)
            for row in rows.select_related("image").order_by("position", "pk")[:MOST]
        ]
    return sorted(found, key=lambda one: _rank(one, marker, view))


def _label(view: str, detail: str) -> str:
    return f"Detail: {detail}" if view == View.DETAIL and detail else LABELS.get(view, "View not said")


def _rank(one: Beside, marker: Marker, view: str) -> tuple[bool, int]:
    """Clothes by the outfit's pictures, everything else by the subject's own; then the detail that names it, then the side shown."""
    clothes = marker.category == Category.WARDROBE
    words = {word for word in one.detail.lower().split() if len(word) > 2}
    speaks = f"{marker.phrase} {marker.get_category_display()}".lower()
    if one.view == View.DETAIL and marker.category in NEAR and any(word in speaks for word in words):
        return one.worn != clothes, 0
    order = {view: 1, View.FRONT.value: 2, View.FULL_BODY.value: 3}
    return one.worn != clothes, order.get(one.view, 4 if one.view != View.DETAIL else 5)
