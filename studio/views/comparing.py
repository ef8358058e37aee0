"""Two pictures in one frame (wipe, flicker, overlay), and the markers of all takes of a panel in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from studio.board.models import Take
from studio.consistency.marks import Cell, Tally, tally
from studio.consistency.queries import Marks
from studio.lib.typing import Request
from studio.library.models import Marker, Subject
from studio.media.models import Image

VIEWS = [
    ("grid", "Grid", "grid-2x2"),
    ("side", "Side by side", "columns-2"),
    ("wipe", "Wipe", "blend"),
    ("flicker", "Flicker", "zap"),
    ("overlay", "Overlay", "layers"),
]
LAYERED = ("wipe", "flicker", "overlay")


class Layer(NamedTuple):
    """A picture that may lie in the frame. `name` as the address has it: a take's number, or r and a reference's."""

    name: str
    label: str
    image: Image


def layers(
    request: Request, view: str, takes: list[Take], chosen: Take, references: list[dict[str, Any]]
) -> dict[str, Any]:
    """The picture below (`take`) and the one over it (`over`): another take or a reference, which an overlay begins with."""
    of_takes = [Layer(str(take.number), f"Take {take.number}", take.image) for take in takes]
    of_references = [
        Layer(f"r{one['n']}", f"Reference {one['n']}, {one['label']}", one["image"])
        for one in references
        if one["image"]
    ]
    others = [layer for layer in of_takes if layer.name != str(chosen.number)]
    offered = [*of_references, *others] if view == "overlay" else [*others, *of_references]
    wanted = request.GET.get("over", "")
    return {
        "under": next(layer for layer in of_takes if layer.name == str(chosen.number)),
        "over": next((layer for layer in offered if layer.name == wanted), offered[0] if offered else None),
        "unders": of_takes,
        "overs": offered,
    }  # fmt: skip


def between(view: str, context: dict[str, Any], takes: list[Take], differences: Callable[[Take, Take], str]) -> str:
    """What differs between the recipes of the two takes that are shown: "Take 1 and take 2 differ by: seed"; empty for other pairs."""
    if view == "side":
        pair = [take.number for take in context["shown"]]
    else:
        pair = [int(layer.name) for layer in (context["under"], context["over"]) if layer and layer.name.isdigit()]
    if len(pair) != 2:
        return ""
    one, other = (next(take for take in takes if take.number == number) for number in pair)
    differ = differences(one, other)
    start = f"Take {one.number} and take {other.number}"
    return (
        f"{start} have the same recipe"
        if differ == "Nothing"
        else f"{start} differ by: {differ[:1].lower()}{differ[1:]}"
    )


class FootRow(NamedTuple):
    """A marker through the takes of one panel; None where the take was not drawn from it."""

    subject: Subject
    marker: Marker
    cells: list[tuple[Take, Cell | None]]
    tally: Tally


def foot(takes: Sequence[Take], judged: dict[int, Marks]) -> list[FootRow]:
    """One for each marker that any of the takes was drawn from, in its newest words. No query."""
    known: dict[tuple[int, str], tuple[Subject, Marker]] = {}
    cells: dict[tuple[int, str], dict[int, Cell]] = {}
    for take in sorted(takes, key=lambda one: -one.number):
        for mark in judged[take.pk].marks:
            known.setdefault((mark.subject.pk, mark.marker.key), (mark.subject, mark.marker))
            cells.setdefault((mark.subject.pk, mark.marker.key), {})[take.pk] = mark.cell
    rows = [
        FootRow(subject, marker, [(take, cells[key].get(take.pk)) for take in takes], tally(cells[key].values()))
        for key, (subject, marker) in known.items()
    ]
    order = {pk: n for n, pk in enumerate(dict.fromkeys(row.subject.pk for row in rows))}
    return sorted(rows, key=lambda row: order[row.subject.pk])
