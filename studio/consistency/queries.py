"""The matrix of locked markers by panels, and its parts: a constant number of queries, however many of either."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db.models import Count, F, QuerySet

from studio.board import shown
from studio.board.models import Appearance, Panel, Project, Take
from studio.board.queries import Picture, card_picture
from studio.consistency.marks import NOTHING, Cell, Tally, tallied, tally
from studio.consistency.models import Rejection, Result, Verdict
from studio.library.models import Kind, Marker, Subject, SubjectVersion

KINDS = [Kind.CHARACTER, Kind.PRODUCT, Kind.LOCATION, Kind.STYLE]
Standing = tuple[str, int, str | None, dt.datetime | None]  # result, revision, by whom, when
Shown = tuple[str, str]  # the view of somebody, and whether that is a character or a product


class Column(NamedTuple):
    """A panel with its picked take."""

    panel: Panel
    take: Take
    picture: Picture
    tally: Tally = NOTHING


@dataclass(frozen=True, slots=True)
class Row:
    """A marker through all panels; its words are those of the newest version that a picked take was drawn from."""

    subject: Subject
    marker: Marker
    version: int
    cells: list[Cell | None] = field(default_factory=list)
    tally: Tally = NOTHING

    @property
    def key(self) -> str:
        return self.marker.key


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells stand in the rows, in the order of `columns`. `bare`: panels without a picture; `loose`: drawn from no locked version."""

    rows: list[Row]
    columns: list[Column]
    bare: int = 0
    loose: int = 0

    @property
    def subjects(self) -> list[Subject]:
        return list({row.subject.pk: row.subject for row in self.rows}.values())

    @property
    def tally(self) -> Tally:
        return tally(cell for row in self.rows for cell in row.cells)

    def only(self, *, subject: str = "", marker: str = "", state: str = "") -> Matrix:
        """The rows of a subject (code) or marker (key), and of both rows and columns those with a cell in that state.

        Totals stay those of the whole board.
        """
        rows = [r for r in self.rows if subject in ("", r.subject.code) and marker in ("", r.key)]
        if not (subject or marker or state):
            return self
        kept = [
            at for at in range(len(self.columns))
            if any(cell is not None and cell.matches(state) for row in rows if (cell := row.cells[at]))
        ]  # fmt: skip
        rows = [replace(row, cells=[row.cells[at] for at in kept]) for row in rows]
        rows = [row for row in rows if any(cell is not None and cell.matches(state) for cell in row.cells)]
        return replace(self, rows=rows, columns=[self.columns[at] for at in kept])

    def next_open(self, take: str, marker: int) -> tuple[str, int] | None:
        """The next cell that nobody judged, down a panel and then on to the next, round to the start: (take code, marker id)."""
        cells = [
            (column.take.code, cell)
            for at, column in enumerate(self.columns)
            for row in self.rows
            if (cell := row.cells[at]) is not None
        ]
        here = next((n for n, (code, cell) in enumerate(cells) if code == take and cell.marker == marker), -1)
        ahead = (*cells[here + 1 :], *cells[: max(here, 0)])
        return next(((code, cell.marker) for code, cell in ahead if not cell.result), None)


def matrix(project: Project, panels: Collection[str] | None = None) -> Matrix:
    """Every locked marker by every panel with a picture, in board order: five queries. `panels`: of these alone, by code."""
    rows = Panel.objects.on_board().filter(scene__project=project)
    if panels is not None:
        rows = rows.filter(code__in=panels)
    return _matrix(
        project,
        list(rows.select_related("picked__image").defer("picked__plan", "picked__prompt", "dialogue", "notes")),
    )


def _matrix(project: Project, panels: Sequence[Panel]) -> Matrix:
    drawn = [panel for panel in panels if panel.picked]
    takes = [panel.picked for panel in drawn if panel.picked]
    found = _Found(project.team_id, drawn, takes)
    rows = [
        Row(version.subject, marker, version.number, cells, tally(cells))
        for version, marker in found.rows()
        for cells in [
            [
                found.cell(take, panel, marker.key, version.subject.code)
                for take, panel in zip(takes, drawn, strict=True)
            ]
        ]
    ]
    columns = [
        Column(
            panel, take, card_picture(take.image.key, take.image.width, take.image.height),
            tally(row.cells[at] for row in rows),
        )
        for at, (panel, take) in enumerate(zip(drawn, takes, strict=True))
    ]  # fmt: skip
    rows.sort(key=lambda row: KINDS.index(Kind(row.subject.kind)))
    loose = sum(not any(take.versions.values()) for take in takes)
    return Matrix(rows, columns, len(panels) - len(drawn), loose)


class Mark(NamedTuple):
    """One marker of a take, for a list."""

    subject: Subject
    marker: Marker
    cell: Cell


class Marks(NamedTuple):
    """All markers of a take, its rejection where it was turned down."""

    take: Take
    marks: list[Mark]
    tally: Tally
    rejection: Rejection | None = None


def of_takes(panel: Panel, takes: Sequence[Take]) -> dict[int, Marks]:
    """By take id: how each marker came out in each of a panel's takes. Five queries, for any number of takes."""
    found = _Found(panel.scene.project.team_id, [panel], takes)
    turned_down = {
        row.take_id: row
        for row in Rejection.objects.filter(take__in=takes, withdrawn=None).select_related("marker", "by")
    }
    made = {}
    for take in takes:
        marks = [
            Mark(version.subject, marker, found.of(take, panel, marker, version.subject.code))
            for version in found.versions_of(take)
            for marker in version.markers.all()
        ]
        made[take.pk] = Marks(take, marks, tally(mark.cell for mark in marks), turned_down.get(take.pk))
    return made


def cell(take: Take, marker: Marker) -> Cell:
    """One cell as it stands now. The marker needs its `version` and `subject`. Two queries."""
    stands = _standing(Verdict.objects.filter(take=take, marker=marker))
    shot = _shot(take, take.panel, None if shown.as_drawn(take) else views([take.panel])[take.panel_id])
    return _cell(marker, shot, marker.version.subject.code, stands.get((take.pk, marker.pk)))


def view_in(take: Take, subject: Subject) -> str:
    """The view that a take shows of somebody; empty where they are not in it. One query at most."""
    drawn = shown.as_drawn(take)
    seen = drawn.views if drawn else views([take.panel])[take.panel_id]
    return seen.get(subject.code, ("", ""))[0]


def history(take: Take, marker: Marker) -> list[Verdict]:
    """Every judgement of this marker in this take, newest first."""
    return list(Verdict.objects.filter(take=take, marker=marker).select_related("by"))


def marker_tally(project: Project, marker: Marker, panels: Collection[str] | None = None) -> Tally:
    """How a marker came out over the board's picked takes (or those of `panels`, by code), in whatever version. One query; `open`
    is not counted."""
    rows = Verdict.objects.filter(
        replaced=None,
        marker__key=marker.key,
        marker__version__subject=marker.version.subject_id,
        take__panel__picked=F("take"),
        take__panel__deleted=None,
        take__panel__scene__deleted=None,
        take__panel__scene__project=project,
    )
    return _counted(rows if panels is None else rows.filter(take__panel__code__in=panels))


def scores(version: SubjectVersion) -> dict[str, Tally]:
    """By marker key: how the markers of a version came out in the picked takes of all boards. One query."""
    rows = Verdict.objects.filter(
        replaced=None,
        marker__version=version,
        take__panel__picked=F("take"),
        take__panel__deleted=None,
        take__panel__scene__deleted=None,
        take__panel__scene__project__deleted=None,
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    found = rows.order_by().exclude(result="").values_list("marker__key", "result").annotate(Count("pk"))
    for key, result, number in found:
        counts[key][result] = number
    return {key: tallied(by_result) for key, by_result in counts.items()}


def take_tally(take: Take) -> Tally:
    """How all markers of a take came out. One query; `open` is not counted."""
    return _counted(Verdict.objects.filter(take=take, replaced=None))


def _counted(rows: QuerySet[Verdict]) -> Tally:
    return tallied(dict(rows.order_by().exclude(result="").values_list("result").annotate(Count("pk"))))


def _shot(take: Take, panel: Panel, now: dict[str, Shown] | None) -> shown.Drawn:
    """What the take shows: as it was drawn, else as its panel would show it now."""
    return shown.as_drawn(take) or shown.Drawn(panel.shot_size, now or {}, frozenset())


def _cell(marker: Marker, shot: shown.Drawn, code: str, stands: Standing | None) -> Cell:
    """Nothing says what of a place or a style is out of frame."""
    seen = shot.views.get(code)
    result, revision, by, at = stands or ("", 0, "", None)
    if result:
        return Cell(marker.pk, result, "", revision, by or "somebody who left", at)
    why = ""
    if seen and marker.key not in shot.said:
        why = shown.hidden(
            phrase=marker.phrase, category=marker.category, kind=seen[1], view=seen[0], shot_size=shot.shot_size
        )
    return Cell(marker.pk, Result.HIDDEN if why else "", why, revision)


def views(panels: Iterable[Panel]) -> dict[int, dict[str, Shown]]:
    """What each panel shows of each of its characters and products now. One query."""
    by_panel: dict[int, list[Appearance]] = defaultdict(list)
    wanted = {panel.pk: panel for panel in panels}
    rows = Appearance.objects.filter(panel__in=list(wanted)).select_related("subject").order_by("position", "pk")
    for row in rows:
        by_panel[row.panel_id].append(row)
    return {
        pk: {
            row.subject.code: (
                shown.view_of(row, panel, by_panel[pk]),
                "character" if row.subject.kind == Kind.CHARACTER else "product",
            )
            for row in by_panel[pk]
        }
        for pk, panel in wanted.items()
    }


def _standing(rows: QuerySet[Verdict]) -> dict[tuple[int, int], Standing]:
    found = rows.filter(replaced=None).order_by()
    return {
        (take, marker): (result, revision, by, at)
        for take, marker, result, revision, by, at in found.values_list(
            "take_id", "marker_id", "result", "revision", "by__name", "judged"
        )
    }


class _Found:
    """The versions that takes were drawn from, their markers, the verdicts, and what each panel can show. Four queries."""

    def __init__(self, team_id: int, panels: Sequence[Panel], takes: Sequence[Take]) -> None:
        numbers = {(code, number) for take in takes for code, number in take.versions.items() if number}
        rows = SubjectVersion.objects.filter(
            subject__team=team_id, subject__code__in={code for code, _ in numbers}, locked_at__isnull=False
        )
        rows = rows.select_related("subject").prefetch_related("markers")
        self.versions = {(v.subject.code, v.number): v for v in rows if (v.subject.code, v.number) in numbers}
        self.markers = {
            (code, number, marker.key): marker
            for (code, number), version in self.versions.items()
            for marker in version.markers.all()
        }
        self.now = views(panels)
        self.shots: dict[int, shown.Drawn] = {}  # by take
        self.verdicts = _standing(Verdict.objects.filter(take__in=[take.pk for take in takes]))

    def rows(self) -> list[tuple[SubjectVersion, Marker]]:
        """Each marker once: by subject, newest version first, so that words are the newest and what is gone comes last."""
        seen: dict[tuple[str, str], tuple[SubjectVersion, Marker]] = {}
        for version in sorted(self.versions.values(), key=lambda v: (v.subject.name.lower(), v.subject_id, -v.number)):
            for marker in version.markers.all():
                seen.setdefault((version.subject.code, marker.key), (version, marker))
        return list(seen.values())

    def versions_of(self, take: Take) -> list[SubjectVersion]:
        mine = [self.versions[pair] for pair in take.versions.items() if pair in self.versions]
        return sorted(mine, key=lambda v: KINDS.index(Kind(v.subject.kind)))

    def cell(self, take: Take, panel: Panel, key: str, code: str) -> Cell | None:
        marker = self.markers.get((code, take.versions.get(code, 0), key))
        return self.of(take, panel, marker, code) if marker else None

    def of(self, take: Take, panel: Panel, marker: Marker, code: str) -> Cell:
        shot = self.shots.get(take.pk)
        if shot is None:
            shot = self.shots[take.pk] = _shot(take, panel, self.now[panel.pk])
        return _cell(marker, shot, code, self.verdicts.get((take.pk, marker.pk)))
