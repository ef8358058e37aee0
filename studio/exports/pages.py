"""Sheet → pages: which panels and which words stand on which page, in millimetres. Pure.

A text that does not fit its cell goes on in the pages of continued text at the end, and both ends say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from studio.exports import fitting
from studio.exports.types import Options, Picture, Sheet, SheetPanel, SheetScene

SIZES = {"a4": (297.0, 210.0), "letter": (279.4, 215.9)}
SHAPES = {"6": (3, 2), "4": (2, 2), "1": (1, 1)}  # columns, rows
MARGIN, HEAD, FOOT, GUTTER, ROW_GAP = 12.0, 11.0, 9.0, 8.0, 5.0
TEXT = {"6": 2.55, "4": 2.75, "1": 3.6}  # size of the captions
LEADING = 1.38
TAIL = 13.0  # em for "… goes on, p. 12"
NAMES = {"action": "action", "dialogue": "dialogue", "sound": "sound", "notes": "notes"}
PREFIX = {"sound": "Sound: ", "notes": "Notes: "}


@dataclass(frozen=True, slots=True)
class Geometry:
    """One cell, in millimetres; `beside` puts the text to the right of the picture instead of under it."""

    paper: str
    width: float
    height: float
    columns: int
    rows: int
    cell_width: float
    cell_height: float
    picture_width: float
    picture_height: float
    beside: bool
    text_size: float
    words_width: float
    text_width: float  # em
    text_lines: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One field's words in a cell. `goes_on`: a rest stands in the continued pages."""

    kind: str
    prefix: str
    text: str
    goes_on: bool = False

    @property
    def direction(self) -> str:
        return fitting.direction(self.text)


@dataclass(slots=True)
class Cell:
    """One panel on paper. `elsewhere` names the fields that stand whole in the continued pages, from `page` on."""

    panel: SheetPanel
    passages: list[Passage]
    elsewhere: str
    opens_scene: bool
    shot: bool
    seconds: bool
    source: str  # address of the picture; empty: none
    x: float = 0  # mm from the page's upper left corner
    y: float = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """Words that did not fit: of which panel and field, from which page."""

    panel: SheetPanel
    kind: str
    name: str
    text: str
    page: int
    whole: bool = False  # nothing of it stood in the cell
    again: bool = False  # the column before this one holds its beginning

    @property
    def direction(self) -> str:
        return fitting.direction(self.text)


@dataclass(slots=True)
class Column:
    x: float
    width: float
    rests: list[Rest] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    number: int
    heading: str
    cells: list[Cell] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    total: int = 0


@dataclass(slots=True)
class Layout:
    geometry: Geometry
    pages: list[Page]
    title: str
    facts: str
    imprint: str


def geometry(aspect: float, options: Options) -> Geometry:
    """The larger picture decides whether text stands under or beside it; a strip of bare paper counts against a layout."""
    width, height = SIZES[options.paper]
    columns, rows = SHAPES[options.grid]
    size = TEXT[options.grid]
    cell_width = (width - 2 * MARGIN - (columns - 1) * GUTTER) / columns
    cell_height = (height - 2 * MARGIN - HEAD - FOOT - (rows - 1) * ROW_GAP) / rows
    under_room, beside_room = {"6": (22.0, 36.0), "4": (24.0, 42.0), "1": (32.0, 70.0)}[options.grid]
    under = min(cell_width, (cell_height - under_room) * aspect)
    beside = min(cell_width - beside_room - 4, cell_height * aspect)
    is_beside = beside**2 > under**2 * (under / cell_width) ** 0.5
    picture = beside if is_beside else under
    text = cell_width - picture - 4 if is_beside else max(picture, cell_width * 0.6)
    room = cell_height if is_beside else cell_height - picture / aspect - 1.6
    return Geometry(
        paper=options.paper,
        width=width,
        height=height,
        columns=columns,
        rows=rows,
        cell_width=round(cell_width, 2),
        cell_height=round(cell_height, 2),
        picture_width=round(picture, 2),
        picture_height=round(picture / aspect, 2),
        beside=is_beside,
        text_size=size,
        words_width=round(text, 2),
        text_width=text / size,
        text_lines=int(room / (size * LEADING)),
    )


def lay_out(sheet: Sheet, options: Options, *, source: Callable[[Picture], str]) -> Layout:
    """All pages, numbered. A board without panels has none. `source` gives the address that a picture is printed from."""
    shape = geometry(sheet.aspect, options)
    pages: list[Page] = []
    rests: list[Rest] = []
    for number, panels in enumerate(_grid(sheet, options, shape.columns * shape.rows), 1):
        page = Page(number, _heading(panels))
        for place, panel in enumerate(panels):
            cell, left = _cell(panel, options, shape, number)
            row, column = divmod(place, shape.columns)
            cell.x = round(MARGIN + column * (shape.cell_width + GUTTER), 2)
            cell.y = round(MARGIN + HEAD + row * (shape.cell_height + ROW_GAP), 2)
            cell.source = source(panel.picture) if panel.picture else ""
            page.cells.append(cell)
            rests += left
        pages.append(page)
    pages += _continued(shape, rests, len(pages))
    _say_where(pages)
    for page in pages:
        page.total = len(pages)
    return Layout(shape, pages, sheet.title, sheet.facts, sheet.imprint)


def _grid(sheet: Sheet, options: Options, count: int) -> Iterable[list[SheetPanel]]:
    groups = [scene.panels for scene in sheet.scenes] if options.scene_pages else [sheet.panels]
    for panels in groups:
        for start in range(0, len(panels), count):
            yield panels[start : start + count]


def _heading(panels: list[SheetPanel]) -> str:
    scenes: list[SheetScene] = []
    for panel in panels:
        if panel.scene not in scenes:
            scenes.append(panel.scene)
    if len(scenes) == 1:
        return scenes[0].title
    return f"Scenes {scenes[0].number} to {scenes[-1].number}"


def _cell(panel: SheetPanel, options: Options, shape: Geometry, page: int) -> tuple[Cell, list[Rest]]:
    """The fields in order, as far as the cell's lines reach; what is left of each, for later."""
    opens = panel is panel.scene.panels[0]
    shot, seconds = "shot" in options.fields, "seconds" in options.fields
    head = f"{panel.label}  {panel.shot if shot else ''}  {'00.0 s' if seconds else ''}"
    room = shape.text_lines - len(fitting.lines(head, shape.text_width * 0.92))
    if opens:
        room -= len(fitting.lines(panel.scene.title, shape.text_width * 0.92))
    texts = [(kind, getattr(panel, kind)) for kind in NAMES if kind in options.fields and getattr(panel, kind)]
    passages, rests = _passages(panel, texts, shape, room, page)
    if any(rest.whole for rest in rests):  # then a line is needed to say where they are
        passages, rests = _passages(panel, texts, shape, room - 1, page)
    elsewhere = ", ".join(rest.name for rest in rests if rest.whole).capitalize()
    return Cell(panel, passages, elsewhere, opens, shot, seconds, ""), rests


def _passages(
    panel: SheetPanel, texts: list[tuple[str, str]], shape: Geometry, room: int, page: int
) -> tuple[list[Passage], list[Rest]]:
    passages: list[Passage] = []
    rests: list[Rest] = []
    for kind, text in texts:
        prefix = PREFIX.get(kind, "")
        width = shape.text_width - (1 if kind == "dialogue" else 0)  # it is set in by one em
        fitted, left = fitting.split(prefix + text, width, room, tail=min(TAIL, width / 2))
        fitted = fitted[len(prefix) :]
        if fitted:
            passages.append(Passage(kind, prefix, fitted, goes_on=bool(left)))
            room -= len(fitting.lines(prefix + fitted, width))
        if left:
            rests.append(Rest(panel, kind, NAMES[kind], left if fitted else text, page, whole=not fitted))
            room = 0
    return passages, rests


def _continued(shape: Geometry, rests: list[Rest], before: int) -> list[Page]:
    """Two columns a page. A rest that is longer than its column goes on in the next."""
    if not rests:
        return []
    size = TEXT["6"]
    width = round((shape.width - 2 * MARGIN - GUTTER) / 2, 2)
    tall = int((shape.height - 2 * MARGIN - HEAD - FOOT) / (size * LEADING)) - 1
    columns: list[Column] = []
    room = 0
    for rest in rests:
        text, again = rest.text, False
        while text:
            if room < 5:
                columns.append(Column(round(MARGIN + len(columns) % 2 * (width + GUTTER), 2), width))
                room = tall
            fitted, left = fitting.split(text, width / size, room - 2)
            columns[-1].rests.append(replace(rest, text=fitted, again=again))
            room -= 3 + len(fitting.lines(fitted, width / size))
            text, again = left, True
    return [
        Page(before + 1 + start // 2, "Continued text", columns=columns[start : start + 2])
        for start in range(0, len(columns), 2)
    ]


def _say_where(pages: list[Page]) -> None:
    """Tell each cell with a rest on which page it goes on."""
    where: dict[str, int] = {}
    for page in pages:
        for column in page.columns:
            for rest in column.rests:
                where.setdefault(rest.panel.code, page.number)
    for page in pages:
        for cell in page.cells:
            cell.page = where.get(cell.panel.code, 0)
