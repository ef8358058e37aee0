"""What is said before anybody spends: pictures, price, time, what is left, what may not hold, what exists already."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from studio.accounts.models import Team
from studio.board.models import Panel, Project, Take
from studio.generation import caps, cost, prints
from studio.generation.caps import Room
from studio.generation.cost import FREE, Ready
from studio.generation.tiers import Choice
from studio.prompting import frame
from studio.prompting.types import Warning

THIS = "this engine "  # how the planner begins where a limit, and not the shot, keeps a picture out


@dataclass(frozen=True, slots=True)
class Warned:
    """A panel and what may not hold in it."""

    panel: Panel
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A limit that these pictures do not fit in. `affordable`: how many of them do, in the order they are drawn."""

    room: Room
    needs: Decimal
    affordable: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`amount` is US dollars for all pictures, `each` for one where all cost the same; `seconds` is for all of them, None
    where nothing like them was drawn yet. `exists` has, by panel id, the picture that the same request gave before.

    `table` is the same by our price table alone, where the service said some of the prices itself.

    `left_out` is what the engine does not take, with the panels' labels; `blocked` are panels that the engine cannot draw, each with why; `left` is what the tightest limit has after this.
    """

    rows: tuple[Ready, ...]
    pictures: int
    amount: Decimal
    each: Decimal | None
    seconds: int | None
    warnings: tuple[Warned, ...]
    left_out: list[tuple[Warning, list[str]]]
    exists: dict[int, Take]
    rooms: tuple[Room, ...]
    left: tuple[Room, Decimal] | None
    short: Short | None
    why_not: str
    table: Decimal = FREE

    @property
    def blocked(self) -> list[Ready]:
        return [row for row in self.rows if row.wrong]

    @property
    def saved(self) -> Decimal:
        """What is not spent where the pictures that exist are used."""
        return sum((row.price for row in self.rows if row.panel.pk in self.exists), FREE)

    @property
    def quoted(self) -> bool:
        """Some of the amount is a service's own price."""
        return any(row.quoted for row in self.rows if not row.wrong)

    @property
    def dates(self) -> list[dt.date]:
        """Of the price tables that the amount rests on."""
        found = {cost.dated(row.choice.engine, row.choice.model) for row in self.rows if not row.quoted}
        return sorted(date for date in found if date)

    @property
    def unconfirmed(self) -> list[tuple[str, str]]:
        """(model, what of it no vendor page confirms)."""
        found = {(row.choice.name, ", ".join(row.choice.unconfirmed)) for row in self.rows if row.choice.unconfirmed}
        return sorted(found)


def of(
    *, panels: Sequence[Panel], choices: Sequence[Choice], takes: int = 1, reuse: bool = False, most: int = 0
) -> Estimate:
    """What drawing them would take. `reuse`: what exists already is not drawn again. `most`: no more pictures than so many.

    Raises Refused for a model or a size that is not there.
    """
    return weigh(cost.ready(panels, choices), takes=takes, reuse=reuse, most=most)


def weigh(
    rows: Sequence[Ready], *, takes: int = 1, reuse: bool = False, most: int = 0, seeds: Sequence[int | None] = ()
) -> Estimate:
    """The same for requests that are made already, each with its fixed seed where it has one."""
    project = rows[0].panel.scene.project if rows else None
    exists = _existing(project.team, rows, seeds) if project else {}
    queue = in_line(rows, takes, set(exists) if reuse else set(), most)
    prices = {row.price for row in queue}
    amount = sum((row.price for row in queue), FREE)
    rooms = _rooms(project, queue) if project and amount else []
    return Estimate(
        rows=tuple(rows),
        pictures=len(queue),
        amount=amount,
        each=prices.pop() if len(prices) == 1 else None,
        seconds=_seconds(queue),
        warnings=tuple(Warned(row.panel, said) for row in rows if (said := row.prepared.plan.warnings)),
        left_out=left_together(rows),
        exists=exists,
        rooms=tuple(rooms),
        left=min(((room, room.left - _needs(room, queue)) for room in rooms), key=lambda one: one[1], default=None),
        short=_short(rooms, queue),
        why_not=next((row.choice.why_not for row in rows if row.choice.why_not), ""),
        table=sum((row.price if row.table is None else row.table for row in queue), FREE),
    )


def in_line(rows: Sequence[Ready], takes: int, skip: set[int], most: int = 0) -> list[Ready]:
    """One entry a picture, in the order they are drawn: first takes of all panels before second ones. `skip` names panels (by
    id) whose first take exists already."""
    queue = [row for number in range(takes) for row in rows if number or row.panel.pk not in skip]
    return queue[:most] if most else queue


def left_out(row: Ready) -> tuple[Warning, ...]:
    """What this engine does not take of what the panel asks for: references beyond its limit, another shape."""
    return tuple(said for said, _ in left_together([row]))


def left_together(rows: Iterable[Ready]) -> list[tuple[Warning, list[str]]]:
    """The same of many panels, each thing once, with the labels of the panels it is true of."""
    out: dict[str, list[tuple[str, str]]] = defaultdict(list)  # what keeps references out: (label, name) of each
    shapes: dict[Warning, list[str]] = defaultdict(list)
    for row in rows:
        for one in row.prepared.plan.out:
            if one.why.startswith(THIS):
                out[f"{row.choice.name} {one.why.removeprefix(THIS)}"].append((row.panel.label, one.name))
        wanted, drawn = row.prepared.brief.aspect, row.request["aspect"]
        if wanted != drawn:
            words = f"It draws {drawn}; {wanted} is cut from its middle, so what matters should keep away from {_edges(drawn, wanted)}."
            shapes[Warning(f"{row.choice.name} has no {wanted}", words, kind="left")].append(row.panel.label)
    found = []
    for title, pairs in out.items():
        stay = "1 reference stays" if len(pairs) == 1 else f"{len(pairs)} references stay"
        names = ", ".join(dict.fromkeys(name for _, name in pairs))
        labels = list(dict.fromkeys(label for label, _ in pairs))
        found.append((Warning(title, f"{stay} out: {names}.", kind="left"), labels))
    return [*found, *shapes.items()]


def _edges(drawn: str, wanted: str) -> str:
    return "left and right" if frame.ratio(drawn) > frame.ratio(wanted) else "top and bottom"


def _existing(team: Team, rows: Sequence[Ready], seeds: Sequence[int | None]) -> dict[int, Take]:
    """By panel id: pictures that the very same request gave before. A random seed makes each request the only one."""
    prints_by_panel = {}
    for at, row in enumerate(rows):
        seed = seeds[at] if seeds else None
        if row.price and not row.wrong and (seed is not None or not row.limits.has_seed):
            prints_by_panel[row.panel.pk] = prints.wanted(row.choice.engine, row.choice.model, row.request, seed)
    found = prints.drawn(team, prints_by_panel.values())
    return {pk: found[one] for pk, one in prints_by_panel.items() if one in found}


def _rooms(project: Project, queue: Iterable[Ready]) -> list[Room]:
    accounts = {row.choice.account.pk: row.choice.account for row in queue if row.choice.account}
    return caps.rooms(team=project.team, project=project, accounts=accounts.values())


def _counts(room: Room, row: Ready) -> bool:
    return room.kind != "account" or (row.choice.account is not None and row.choice.account.pk == room.pk)


def _needs(room: Room, queue: Iterable[Ready]) -> Decimal:
    return sum((row.price for row in queue if _counts(room, row)), FREE)


def _short(rooms: Sequence[Room], queue: Sequence[Ready]) -> Short | None:
    """The limit that is reached first, and how far the pictures go until one is."""
    over = [(room, needs) for room in rooms if (needs := _needs(room, queue)) > room.left]
    if not over:
        return None
    left = {id(room): room.left for room in rooms}
    affordable = 0
    for row in queue:
        touched = [room for room in rooms if _counts(room, row)]
        if any(left[id(room)] < row.price for room in touched):
            break
        for room in touched:
            left[id(room)] -= row.price
        affordable += 1
    room, needs = min(over, key=lambda one: one[0].left)
    return Short(room, needs, affordable)


def _seconds(queue: Sequence[Ready]) -> int | None:
    """Accounts draw side by side: the slowest says when all is done."""
    groups: dict[tuple[int, str, str], list[Ready]] = defaultdict(list)
    for row in queue:
        account = row.choice.account
        groups[account.pk if account else 0, row.choice.engine, row.choice.size].append(row)
    times = [
        cost.time_for(len(found), engine, size, found[0].choice.account) for (_, engine, size), found in groups.items()
    ]
    known = [seconds for seconds in times if seconds is not None]
    return max(known) if known and len(known) == len(times) else None
