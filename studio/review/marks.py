"""What is drawn on a picture beside a note: shapes in 0–1 of its width and height, from the upper left. Pure.

A pin is `{"kind": "pin", "x": 0.8, "y": 0.2}`; an arrow, a box and an ellipse go `from` a point `to` another; a pencil
line has `points`. Nothing else is kept, so what a browser sends is read here and nowhere trusted.
"""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

Point = tuple[float, float]
Mark = dict[str, Any]
MOST = 20  # marks of one note
MOST_POINTS = 600  # of one pencil line
LONGEST = 120_000  # characters of JSON
SPANS = ("arrow", "box", "ellipse")
NAMES = {"pin": "Pin", "arrow": "Arrow", "box": "Box", "ellipse": "Ellipse", "pencil": "Pencil line"}
WIDE = 1000  # of the drawing's own units; its height follows from the picture


class Malformed(ValueError):
    """What came is no list of marks; the message says so to a person."""


class Shape(NamedTuple):
    """What an <svg> of `WIDE` units needs: `path` is the line, `kind` what it is."""

    kind: str
    path: str


def read(text: str) -> list[Mark]:
    """The marks that a form sent, checked and rounded; empty text is none. Raises Malformed."""
    if not text.strip():
        return []
    if len(text) > LONGEST:
        raise Malformed("That is more drawing than one note holds. Undo a few lines.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("The drawing could not be read. Draw it again.") from None
    if not isinstance(found, list):
        raise Malformed("The drawing could not be read. Draw it again.")
    if len(found) > MOST:
        raise Malformed(f"A note holds {MOST} marks. Undo a few, or write a second note.")
    marks = [_mark(one) for one in found]
    if sum(mark["kind"] == "pin" for mark in marks) > 1:
        raise Malformed("A note has one pin.")
    return sorted(marks, key=lambda mark: mark["kind"] != "pin")


def _mark(raw: Any) -> Mark:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind == "pin":
        x, y = _point([raw.get("x"), raw.get("y")])
        return {"kind": "pin", "x": x, "y": y}
    if kind == "pencil" and isinstance(raw.get("points"), list):
        points = [_point(one) for one in raw["points"]]
        if not 2 <= len(points) <= MOST_POINTS:
            raise Malformed("That line is too long for one stroke. Draw it in two.")
        return {"kind": "pencil", "points": [list(one) for one in points]}
    if kind not in SPANS:
        raise Malformed("The drawing could not be read. Draw it again.")
    start, end = _point(raw.get("from")), _point(raw.get("to"))
    if kind != "arrow":  # a box is named by its upper left and lower right, however it was drawn
        start, end = (
            (min(start[0], end[0]), min(start[1], end[1])),
            (max(start[0], end[0]), max(start[1], end[1])),
        )
    return {"kind": kind, "from": list(start), "to": list(end)}


def _point(raw: Any) -> Point:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise Malformed("The drawing could not be read. Draw it again.")
    for one in raw:
        if isinstance(one, bool) or not isinstance(one, int | float) or not (-1e6 < one < 1e6):
            raise Malformed("The drawing could not be read. Draw it again.")
    x, y = (round(min(1.0, max(0.0, float(one))), 4) for one in raw)
    return x, y


def spot(marks: list[Mark]) -> Point | None:
    """Where the note's number stands: its pin, else what its first mark points at. None without marks."""
    if not marks:
        return None
    first = marks[0]
    if first["kind"] == "pin":
        return first["x"], first["y"]
    if first["kind"] == "pencil":
        x, y = first["points"][0]
        return x, y
    if first["kind"] == "arrow":
        x, y = first["to"]
        return x, y
    return first["to"][0], first["from"][1]  # the upper right corner


def third(x: float, y: float) -> str:
    """A point in words, by thirds: "upper right", "centre", "left"."""
    down = ("upper", "", "lower")[min(2, int(y * 3))]
    across = ("left", "", "right")[min(2, int(x * 3))]
    if down and not across:
        across = "middle"
    return " ".join(part for part in (down, across) if part) or "centre"


def where(marks: list[Mark]) -> str:
    """Where a note is, in a few words; empty without marks: "upper right"."""
    at = spot(marks)
    return third(*at) if at else ""


def words(marks: list[Mark]) -> str:
    """All that is drawn, for those who do not see it: "Pin, upper right, at 81 % across and 22 % down. Box …"."""
    return " ".join(f"{_said(mark)}." for mark in marks)


def _said(mark: Mark) -> str:
    name = NAMES[mark["kind"]]
    if mark["kind"] == "pin":
        x, y = mark["x"], mark["y"]
        return f"{name}, {third(x, y)}, at {x:.0%} across and {y:.0%} down"
    if mark["kind"] == "pencil":
        return f"{name}, from {third(*mark['points'][0])} to {third(*mark['points'][-1])}"
    if mark["kind"] == "arrow":
        return f"{name} from {third(*mark['from'])} to {third(*mark['to'])}"
    (left, top), (right, bottom) = mark["from"], mark["to"]
    return f"{name} around {third((left + right) / 2, (top + bottom) / 2)}"


def shapes(marks: list[Mark], ratio: float) -> list[Shape]:
    """The drawn marks as paths in `WIDE` by `WIDE / ratio` units; a pin is no path. `ratio`: width over height."""
    high = WIDE / ratio
    return [Shape(mark["kind"], _path(mark, high)) for mark in marks if mark["kind"] != "pin"]


def _path(mark: Mark, high: float) -> str:
    def at(point: Any) -> Point:
        return point[0] * WIDE, point[1] * high

    if mark["kind"] == "pencil":
        first, *rest = [at(point) for point in mark["points"]]
        return f"M{_n(*first)}" + "".join(f"L{_n(*point)}" for point in rest)
    (x1, y1), (x2, y2) = at(mark["from"]), at(mark["to"])
    if mark["kind"] == "box":
        return f"M{_n(x1, y1)}H{x2:.1f}V{y2:.1f}H{x1:.1f}Z"
    if mark["kind"] == "ellipse":
        across, down = max((x2 - x1) / 2, 0.1), max((y2 - y1) / 2, 0.1)
        middle = (y1 + y2) / 2
        arc = f"A{across:.1f} {down:.1f} 0 1 0"
        return f"M{_n(x1, middle)}{arc} {_n(x2, middle)}{arc} {_n(x1, middle)}Z"
    turned = math.atan2(y2 - y1, x2 - x1)
    head = [(x2 - 26 * math.cos(turned + by), y2 - 26 * math.sin(turned + by)) for by in (0.5, -0.5)]
    return f"M{_n(x1, y1)}L{_n(x2, y2)}M{_n(*head[0])}L{_n(x2, y2)}L{_n(*head[1])}"


def _n(x: float, y: float) -> str:
    return f"{x:.1f} {y:.1f}"
