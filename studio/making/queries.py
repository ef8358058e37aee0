"""What the pages of a reference set show of its drawing: what is under way, what waits for a decision, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Sum

from studio.board.models import Panel, Take
from studio.generation import queries
from studio.generation.models import Job
from studio.generation.queries import PanelWork
from studio.library.models import ReferenceSet
from studio.making import sides
from studio.making.models import Bench, Origin, Ruling
from studio.prompting.sheet import Side

HISTORY = 24  # decided proposals that a page shows


@dataclass(frozen=True, slots=True)
class Proposal:
    """A drawn picture that could become a reference. `ruling` is what was decided, None while nobody has."""

    take: Take
    label: str
    view: str
    ruling: Ruling | None
    made_from: int  # how many pictures it was drawn from


@dataclass(frozen=True, slots=True)
class Work:
    """A side that is being drawn, or whose drawing failed."""

    label: str
    view: str
    work: PanelWork


@dataclass(frozen=True, slots=True)
class Making:
    """All of it for one set. `busy`: something is still to come, so the page asks again."""

    works: tuple[Work, ...]
    open: tuple[Proposal, ...]
    decided: tuple[Proposal, ...]
    more: int
    workshop: str = ""  # code of the project it is written under in the ledger; empty where nothing was ever asked for
    pictures: int = 0  # that were drawn, whatever became of them
    spent: Decimal = Decimal(
        0
    )  # US dollars, all time; what is under way counts as estimated, what is uncertain as charged

    @property
    def busy(self) -> bool:
        return any(one.work.state != "failed" for one in self.works)


def of(reference_set: ReferenceSet) -> Making:
    """At most nine queries, however many pictures."""
    benches = list(Bench.objects.filter(reference_set=reference_set).select_related("panel__scene__project"))
    if not benches:
        return Making((), (), (), 0)
    states = queries.states_for([bench.panel for bench in benches])
    labels = {bench.panel_id: (sides.label(Side(bench.view, bench.detail)), bench.view) for bench in benches}
    standing = Ruling.objects.filter(replaced=None).select_related("by")
    takes = Take.objects.filter(panel__in=list(labels)).with_picture()
    rows = takes.prefetch_related(Prefetch("rulings", standing, to_attr="standing")).order_by("-pk")
    found = [_proposal(take, *labels[take.panel_id]) for take in rows.defer("prompt")]
    decided = [one for one in found if one.ruling]
    return Making(
        tuple(Work(*labels[pk], work) for pk, work in states.items()),
        tuple(one for one in found if not one.ruling),
        tuple(decided[:HISTORY]),
        max(0, len(decided) - HISTORY),
        benches[0].panel.scene.project.code,
        len(found),
        Job.objects.filter(panel__in=list(labels)).aggregate(sum=Sum("counted"))["sum"] or Decimal(0),
    )


def origins(codes: Iterable[str]) -> dict[str, Origin]:
    """Where references came from, by their codes. One query."""
    rows = Origin.objects.filter(reference__in=list(codes)).select_related("take__panel__scene__project", "by")
    return {row.reference: row for row in rows}


def _proposal(take: Take, label: str, view: str) -> Proposal:
    ruling = next(iter(take.standing), None)  # type: ignore[attr-defined]
    return Proposal(take, label, view, ruling, len(take.plan.get("slots", [])))


@dataclass(slots=True)
class Pass:
    """A take that was drawn in a pass, or that another one was drawn upon. `so_far` is US dollars from the first pass to this one."""

    take: Take
    added: tuple[str, ...]  # names of those who came in with it
    cost: Decimal
    so_far: Decimal
    upon: list[Pass]  # what was drawn upon it


def tree(panel: Panel) -> list[Pass]:
    """The panel's passes as trees, oldest first: two queries, however many takes."""
    takes = list(Take.objects.filter(panel=panel).with_picture().order_by("number"))
    names = {key: name for take in takes for key, name in _names(take)}
    bases = {take.parameters.get("base") for take in takes}
    nodes: dict[str, Pass] = {}
    roots: list[Pass] = []
    for take in takes:  # a base always has a smaller number
        made = take.parameters.get("pass")
        if not made and take.code not in bases:
            continue
        below = nodes.get(take.parameters.get("base") or "")
        cost = take.cost or Decimal(0)
        added = tuple(names.get(key, "") for key in made["added"]) if made else ()
        node = Pass(take, tuple(filter(None, added)), cost, cost + (below.so_far if below else 0), [])
        nodes[take.code] = node
        (below.upon if below else roots).append(node)
    return roots


def _names(take: Take) -> list[tuple[str, str]]:
    """Keys and names of those in the picture, as they were called when it was drawn."""
    made = take.parameters.get("pass") or {}
    return list((made.get("names") or {}).items())
