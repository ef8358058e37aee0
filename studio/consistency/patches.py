"""Measuring a marker's colour in a box of a picture, and reading back what was measured. Never a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.board.models import Project, Take
from studio.consistency import colour
from studio.consistency.actions import Refused, drawn_from
from studio.consistency.colour import Said
from studio.consistency.models import ColourPatch
from studio.consistency.queries import Cell, Column, Matrix, Row
from studio.library.models import Marker
from studio.media import errands, renditions
from studio.media.colour import Lab, lab
from studio.media.models import Image
from studio.media.region import Box

EARLIER = 6  # measures of references that a page offers to go back to


class Conflict(Exception):
    """Somebody else measured it meanwhile. `patch` stands now; `mine` was measured all the same, and not kept."""

    def __init__(self, patch: ColourPatch | None, mine: ColourPatch) -> None:
        super().__init__("Somebody else measured this first.")
        self.patch = patch
        self.mine = mine


class Base(NamedTuple):
    """What a marker is held against: its colour in a reference, else its swatch."""

    lab: Lab
    code: str
    of_reference: bool


def measure_take(*, take: Take, marker: Marker, box: Box, by: Any, revision: int) -> ColourPatch:
    """The colour in a box of a take. `revision`: of the measure that the person saw, 0 for none.

    Opens the picture: call it outside any transaction. Raises Refused, Conflict, `media.intake.Refused`.
    """
    if not drawn_from(take, marker):
        raise Refused("This take was not drawn from that marker.")
    return _measured(marker, take.image, take, box, by, revision)


def measure_reference(*, image: Image, marker: Marker, box: Box, by: Any, revision: int) -> ColourPatch:
    """The colour that a reference shows: from now on the one that takes are held against. As `measure_take`."""
    if image.team_id != marker.version.subject.team_id:
        raise Refused("That picture is not one of this team.")
    return _measured(marker, image, None, box, by, revision)


def _measured(marker: Marker, image: Image, take: Take | None, box: Box, by: Any, revision: int) -> ColourPatch:
    if not marker.colour:
        raise Refused("This marker has no swatch, so there is no colour to hold it to.")
    if not box.fits:
        raise Refused("The box has to lie inside the picture: from 0 to 100 % across and down, and not empty.")
    found = errands.measure(renditions.data(image), box)
    subject = marker.version.subject
    made = ColourPatch(
        subject=subject, marker_key=marker.key, swatch=marker.colour, image=image, take=take, **box._asdict(),
        lightness=found.lab.lightness, a=found.lab.a, b=found.lab.b, spread=found.spread, by=by, revision=revision + 1,
    )  # fmt: skip
    return _kept(made, _standing(marker, take), revision)


def _kept(made: ColourPatch, rows: QuerySet[ColourPatch], revision: int) -> ColourPatch:
    """In the place of what stands, if that is what the person saw."""
    try:
        with transaction.atomic():
            stands = rows.first()
            if (stands.revision if stands else 0) != revision:
                raise Conflict(stands, made)
            if stands:
                ColourPatch.objects.filter(pk=stands.pk, replaced=None).update(replaced=timezone.now())
            made.save()
    except IntegrityError:  # two at once: the constraint let one in
        raise Conflict(rows.first(), made) from None
    return made


def stand(*, patch: ColourPatch, marker: Marker, by: Any, revision: int) -> ColourPatch:
    """Hold takes against an earlier measure of a reference again, without measuring anew. Raises Refused, Conflict."""
    stands_for = (marker.version.subject_id, marker.key, marker.colour)
    if patch.take_id is not None or (patch.subject_id, patch.marker_key, patch.swatch) != stands_for:
        raise Refused("That measure is not of this marker and swatch.")
    copied = {
        name: getattr(patch, name) for name in (*Box._fields, "lightness", "a", "b", "spread", "image_id", "subject_id")
    }
    made = ColourPatch(marker_key=marker.key, swatch=marker.colour, by=by, revision=revision + 1, **copied)
    return _kept(made, _standing(marker, None), revision)


def earlier(marker: Marker) -> list[ColourPatch]:
    """References that takes were held against before, the newest first, each box once and without the one that stands. One query."""
    rows = ColourPatch.objects.filter(
        subject=marker.version.subject_id, marker_key=marker.key, take=None, swatch=marker.colour
    )
    rows = rows.select_related("image", "by").order_by("-pk")
    stands = {(row.image_id, row.box) for row in rows if row.replaced is None}
    found: dict[tuple[int, Box], ColourPatch] = {}
    for row in rows:
        if (row.image_id, row.box) not in stands:
            found.setdefault((row.image_id, row.box), row)
    return list(found.values())[:EARLIER]


def propose(*, take: Take, marker: Marker) -> Box | None:
    """Where in a take the marker may be, by its measured reference; None where nothing is like it. Keeps nothing.

    Opens two pictures: call it outside any transaction. Raises Refused where no reference is measured, `media.intake.Refused`.
    """
    reference = of_reference(marker)
    if reference is None:
        raise Refused("Measure it in the reference first: the proposal is made from that box.")
    return errands.seek(renditions.data(reference.image), reference.box, renditions.data(take.image))


def _standing(marker: Marker, take: Take | None) -> QuerySet[ColourPatch]:
    rows = ColourPatch.objects.filter(subject=marker.version.subject_id, marker_key=marker.key, replaced=None)
    rows = rows.filter(take=take) if take else rows.filter(take=None, swatch=marker.colour)
    return rows.select_related("image", "by")


def of_take(take: Take, marker: Marker) -> ColourPatch | None:
    """What was measured in a take; needs the marker's `version`."""
    return _standing(marker, take).first()


def of_reference(marker: Marker) -> ColourPatch | None:
    """What was measured in a reference for this marker with this swatch."""
    return _standing(marker, None).first()


def base_of(marker: Marker, patch: ColourPatch | None) -> Base:
    """`patch`: of the reference. The marker has a swatch."""
    return Base(patch.lab, patch.code, True) if patch else Base(lab(marker.colour), marker.colour, False)


class Seen(NamedTuple):
    """A marker's colour in one panel. `patch` is None where nobody measured it; `odd`: it stands out from its row."""

    column: Column
    cell: Cell
    patch: ColourPatch | None = None
    said: Said | None = None
    odd: bool = False


class Band(NamedTuple):
    """A marker's colour over the board. `seen` has None where its subject is not in the panel."""

    row: Row
    base: Base
    seen: list[Seen | None]

    @property
    def measured(self) -> int:
        return sum(one is not None and one.patch is not None for one in self.seen)

    @property
    def odd(self) -> int:
        return sum(one is not None and one.odd for one in self.seen)


def strips(project: Project, matrix: Matrix) -> list[Band]:
    """One for each marker with a swatch, in the matrix's order. One query beside the matrix's."""
    rows = [row for row in matrix.rows if row.marker.colour]
    takes = [column.take.pk for column in matrix.columns]
    of_takes, of_references = _found({row.subject.pk for row in rows}, takes)
    bands = []
    for row in rows:
        mine = (row.subject.pk, row.key)
        base = base_of(row.marker, of_references.get((*mine, row.marker.colour)))
        patches = [of_takes.get((column.take.pk, *mine)) for column in matrix.columns]
        labs = [patch.lab for patch in patches if patch]
        seen = [
            _seen(column, cell, patch, base, labs) if cell is not None else None
            for column, cell, patch in zip(matrix.columns, row.cells, patches, strict=True)
        ]
        bands.append(Band(row, base, seen))
    return bands


def _seen(column: Column, cell: Cell, patch: ColourPatch | None, base: Base, labs: list[Lab]) -> Seen:
    if patch is None:
        return Seen(column, cell)
    return Seen(column, cell, patch, colour.said(base.lab, patch.lab), colour.odd(patch.lab, labs, base.lab))


def _found(
    subjects: Iterable[int], takes: Iterable[int]
) -> tuple[dict[tuple[int, int, str], ColourPatch], dict[tuple[int, str, str], ColourPatch]]:
    """Standing patches: by (take, subject, key), and of references by (subject, key, swatch). One query."""
    of_takes, of_references = {}, {}
    rows = ColourPatch.objects.filter(Q(take=None) | Q(take__in=list(takes)), subject__in=subjects, replaced=None)
    for patch in rows:
        if patch.take_id is None:
            of_references[patch.subject_id, patch.marker_key, patch.swatch] = patch
        else:
            of_takes[patch.take_id, patch.subject_id, patch.marker_key] = patch
    return of_takes, of_references


def next_open(bands: list[Band], take: Take, marker: Marker) -> tuple[str, int] | None:
    """The next panel where nobody measured this marker, round to the start: (take code, marker id)."""
    band = next((one for one in bands if (one.row.subject.pk, one.row.key) == _key(marker)), None)
    seen = [one for one in (band.seen if band else ()) if one is not None]
    here = next((n for n, one in enumerate(seen) if one.column.take.pk == take.pk), -1)
    ahead = (*seen[here + 1 :], *seen[: max(here, 0)])
    return next(
        ((one.column.take.code, one.cell.marker) for one in ahead if one.patch is None and not one.cell.prefilled), None
    )


def _key(marker: Marker) -> tuple[int, str]:
    return marker.version.subject_id, marker.key
