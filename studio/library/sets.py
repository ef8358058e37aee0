"""A reference set as its page shows it: tiles in order, what is weak, what is missing, the dial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.library import approval, coverage
from studio.library.coverage import Seen
from studio.library.models import Kind, Outfit, Reference, ReferenceSet, Subject, View
from studio.media import quality

SENT, BY_VIEW = "sent", "view"
IN_A_WORD = {"small": "small", "blurred": "soft", "dark": "dark", "bright": "too bright", "busy": "busy background"}
ORDER = [view.value for view in View]


@dataclass(frozen=True)
class Tile:
    """One picture: `number` is its place in the order it is sent in."""

    reference: Reference
    number: int
    label: str
    weaknesses: Sequence[quality.Weakness]
    first: bool
    last: bool

    @property
    def side(self) -> int:
        """Longest side of the picture, px."""
        return max(self.reference.image.width, self.reference.image.height)


@dataclass(frozen=True)
class SetPage:
    reference_set: ReferenceSet
    order: str
    tiles: list[Tile]
    coverage: coverage.Coverage
    seen: str = ""  # the fingerprint of these pictures, for whoever approves them

    @property
    def approved(self) -> bool:
        return bool(self.seen) and self.reference_set.approved_as == self.seen

    @property
    def lapsed(self) -> bool:
        """Somebody approved it, and its pictures are not those any more."""
        return bool(self.reference_set.approved_as) and not self.approved


def page(reference_set: ReferenceSet, order: str = BY_VIEW) -> SetPage:
    """Three queries, whatever the number of pictures."""
    references = list(reference_set.references.select_related("image").prefetch_related("cut_from"))
    kind = reference_set.subject.kind
    tiles = [
        Tile(reference, at + 1, label(reference), weaknesses(reference, kind), at == 0, at == len(references) - 1)
        for at, reference in enumerate(references)
    ]
    seen = coverage.of(coverage.OUTFIT if reference_set.outfit_id else kind, (_seen(t) for t in tiles))
    if order != SENT:
        tiles.sort(key=lambda tile: (_place(tile.reference.view), tile.number))
    return SetPage(reference_set, SENT if order == SENT else BY_VIEW, tiles, seen, approval.of(references))


def portrait(references: Iterable[Reference]) -> Reference | None:
    """The picture that stands for a set: the first front view, else the first picture."""
    ordered = list(references)
    return next((r for r in ordered if r.view == View.FRONT), ordered[0] if ordered else None)


def card_coverage(subject: Subject) -> coverage.Coverage:
    """Of a subject fetched `with_portrait()`: no query."""
    return coverage.of(
        subject.kind,
        (Seen(r.view, r.detail, _word(weaknesses(r, subject.kind))) for r in subject.default_set.references.all()),
    )


def wardrobe(subject: Subject) -> list[Outfit]:
    """Outfits that are there, each with `portrait` (a Reference or None) and `count`. Three queries."""
    outfits = list(
        subject.outfits.filter(deleted=None)
        .select_related("reference_set")
        .prefetch_related("reference_set__references__image")
    )
    for outfit in outfits:
        references = list(outfit.reference_set.references.all())
        outfit.portrait = portrait(references)  # type: ignore[attr-defined]
        outfit.count = len(references)  # type: ignore[attr-defined]
    return outfits


def label(reference: Reference) -> str:
    if reference.view == View.DETAIL and reference.detail:
        return f"Detail: {reference.detail}"
    return reference.get_view_display() if reference.view else "View not said"


def weaknesses(reference: Reference, kind: str) -> list[quality.Weakness]:
    """A background is the point of a location and a style, and no matter in a detail."""
    background = kind in (Kind.CHARACTER, Kind.PRODUCT) and reference.view != View.DETAIL
    return quality.weaknesses(reference.image, background=background)


def _seen(tile: Tile) -> Seen:
    return Seen(tile.reference.view, tile.reference.detail, _word(tile.weaknesses))


def _word(found: Sequence[quality.Weakness]) -> str:
    return IN_A_WORD.get(found[0].key, found[0].key) if found else ""


def _place(view: str) -> int:
    return ORDER.index(view) if view in ORDER else len(ORDER)
