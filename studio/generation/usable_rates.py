"""How many takes were usable and what a usable one cost: by character, marker, engine, quality, template and shot size.

A take is usable where it is its panel's pick and nobody turned it down. Amounts are US dollars. Four queries, whatever the number of
takes; the sums are made here, so that one reading answers every question of the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models.fields.json import KT

from studio.accounts.models import Team
from studio.board import vocabulary
from studio.board.models import Project, Take
from studio.consistency.models import FAILED, SEEN, Rejection, Verdict
from studio.generation import ledger
from studio.generation.engines import USUAL
from studio.library.models import Kind, Subject
from studio.providers import catalog
from studio.providers.base import ProviderError

NOTHING = Decimal(0)
BY = {"subject": "Character", "marker": "Marker", "model": "Engine, model", "tier": "Quality", "template": "Template", "size": "Shot size"}  # fmt: skip
ENOUGH = 3  # judged pictures that a sentence rests on
SENTENCES = 5
MANY = {"EST": "establishing shots", "EWS": "extreme wides", "WS": "wides", "FS": "full shots", "MLS": "medium longs", "MS": "mediums",
        "MCU": "medium close-ups", "CU": "close-ups", "BCU": "big close-ups", "ECU": "extreme close-ups", "INS": "inserts",
        "OTS": "over-the-shoulders", "POV": "points of view"}  # fmt: skip


class Judged(NamedTuple):
    """One marker in one take."""

    key: str
    phrase: str
    subject: str  # code
    failed: bool


class Drawn(NamedTuple):
    """One take as the sums need it. `subjects`: codes of whoever is in it."""

    pk: int
    code: str
    subjects: tuple[str, ...]
    model: tuple[str, str]  # engine, model
    tier: str
    template: str
    size: str
    cost: Decimal
    usable: bool
    turned_down: bool
    judged: tuple[Judged, ...]


@dataclass(slots=True)
class Rate:
    """One line. `each` is what a usable picture cost, None while there is none."""

    key: str
    name: str
    note: str = ""
    drawn: int = 0
    usable: int = 0
    turned_down: int = 0
    spent: Decimal = NOTHING
    seen: int = 0  # markers judged that could be seen
    failed: int = 0
    fails: Counter[str] = field(default_factory=Counter)  # by phrase
    looked: Counter[str] = field(default_factory=Counter)

    @property
    def each(self) -> Decimal | None:
        return self.spent / self.usable if self.usable else None

    @property
    def idle(self) -> int:
        return self.drawn - self.usable

    @property
    def worst(self) -> str:
        """A mole under the left eye, 3 of 9; empty where nothing failed."""
        if not self.fails:
            return ""
        phrase, count = min(self.fails.items(), key=lambda one: (-one[1], one[0]))
        return f"{phrase}, {count} of {self.looked[phrase]}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A marker that fails often in one kind of shot with one engine. `take` is the code of the newest take where it failed."""

    said: str
    failed: int
    seen: int
    take: str
    marker: str  # key
    subject: str  # code


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which takes are meant; empty is all."""

    subject: str = ""
    model: str = ""
    tier: str = ""
    template: str = ""
    size: str = ""

    def takes(self, one: Drawn) -> bool:
        pairs = (
            (self.model, "/".join(one.model)),
            (self.tier, one.tier or "none"),
            (self.template, one.template),
            (self.size, one.size),
        )
        return all(wanted in ("", has) for wanted, has in pairs) and self.subject in ("", *one.subjects)


def drawn(team: Team, project: Project | None = None) -> list[Drawn]:
    """Every take of the team's boards, or of one, oldest first. Three queries."""
    rows = Take.objects.filter(
        panel__deleted=None, panel__scene__deleted=None, panel__scene__project__in=Project.objects.for_team(team)
    )
    if project is not None:
        rows = rows.filter(panel__scene__project=project)
    columns = ("pk", "code", "versions", "engine", "model", "job__tier", "template_version", "panel__shot_size", "then", "cost", "panel__picked_id")  # fmt: skip
    found = list(rows.annotate(then=KT("parameters__shot__shot_size")).order_by("pk").values_list(*columns))
    verdicts = _verdicts(rows)
    down = set(Rejection.objects.filter(take__in=rows, withdrawn=None).values_list("take_id", flat=True))
    return [
        Drawn(
            pk, code, tuple(versions), (engine, model), tier or "", template, then or size, cost or NOTHING, picked == pk and pk not in down,
            pk in down, tuple(verdicts.get(pk, ())),
        )
        for pk, code, versions, engine, model, tier, template, size, then, cost, picked in found
    ]  # fmt: skip


def _verdicts(takes: Iterable[Take]) -> dict[int, list[Judged]]:
    rows = Verdict.objects.filter(take__in=takes, replaced=None, result__in=SEEN).order_by("pk")
    found: dict[int, list[Judged]] = defaultdict(list)
    columns = ("take_id", "marker__key", "marker__phrase", "marker__version__subject__code", "result")
    for take, key, phrase, subject, result in rows.values_list(*columns):
        found[take].append(Judged(key, phrase, subject, result in FAILED))
    return found


def rates(rows: Sequence[Drawn], by: str, names: Mapping[str, tuple[str, str]]) -> list[Rate]:
    """The takes by one of BY, those with most pictures first. `names`: by subject code, its name and kind."""
    if by == "marker":
        return _by_marker(rows, names)
    keys: dict[str, Callable[[Drawn], Iterable[str]]] = {
        "subject": lambda one: [code for code in one.subjects if code in names],
        "model": lambda one: ["/".join(one.model)],
        "tier": lambda one: [one.tier or "none"],
        "template": lambda one: [one.template],
        "size": lambda one: [one.size],
    }
    found: dict[str, Rate] = {}
    for one in rows:
        for key in keys[by](one):
            line = found.get(key) or found.setdefault(key, Rate(key, *named(by, key, names)))
            _add(line, one, only=key if by == "subject" else "")
    return sorted(found.values(), key=lambda line: (-line.drawn, line.name))


def _add(line: Rate, one: Drawn, only: str = "") -> None:
    line.drawn += 1
    line.usable += one.usable
    line.turned_down += one.turned_down
    line.spent += one.cost
    for mark in one.judged:
        if not only or mark.subject == only:
            line.seen += 1
            line.failed += mark.failed
            line.looked[mark.phrase] += 1
            line.fails[mark.phrase] += mark.failed
    line.fails = +line.fails  # without those that never failed


def _by_marker(rows: Sequence[Drawn], names: Mapping[str, tuple[str, str]]) -> list[Rate]:
    """By marker, over all its versions: the takes that it was judged in, those where it fails most first."""
    found: dict[str, Rate] = {}
    for one in rows:
        for mark in one.judged:
            line = found.setdefault(mark.key, Rate(mark.key, mark.phrase, names.get(mark.subject, ("", ""))[0]))
            line.name = mark.phrase  # the newest wording
            line.drawn += 1
            line.usable += one.usable
            line.turned_down += one.turned_down
            line.spent += one.cost
            line.seen += 1
            line.failed += mark.failed
    return sorted(found.values(), key=lambda line: (-line.failed, -line.seen, line.name))


def sentences(rows: Sequence[Drawn]) -> list[Sentence]:
    """The markers that fail most, each in one kind of shot with one model: "… fails in 3 of 9 wides drawn by Nano Banana 2"."""
    seen: Counter[tuple[str, str, tuple[str, str]]] = Counter()
    failed: Counter[tuple[str, str, tuple[str, str]]] = Counter()
    last: dict[tuple[str, str, tuple[str, str]], tuple[Drawn, Judged]] = {}
    for one in rows:
        for mark in one.judged:
            case = (mark.key, one.size, one.model)
            seen[case] += 1
            if mark.failed:
                failed[case] += 1
                last[case] = (one, mark)
    found = []
    for case, count in failed.items():
        if seen[case] >= ENOUGH and count * 3 >= seen[case]:
            take, mark = last[case]
            shots = MANY.get(case[1], "pictures" if not case[1] else f"shots of size {case[1]}")
            said = f"{mark.phrase} fails in {count} of {seen[case]} {shots} drawn by {model_name(*case[2])}"
            found.append(Sentence(f"{said[:1].upper()}{said[1:]}.", count, seen[case], take.code, mark.key, mark.subject))  # fmt: skip
    return sorted(found, key=lambda one: (-one.failed, -one.failed / one.seen, one.said))[:SENTENCES]


def names_of(team: Team) -> dict[str, tuple[str, str]]:
    """Name and kind of every subject by its code. One query."""
    rows = Subject.objects.filter(team=team).values_list("code", "name", "kind")
    return {code: (name, Kind(kind).label) for code, name, kind in rows}


def named(by: str, key: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """A line's name, and what else tells it apart."""
    if by == "subject":
        return names.get(key, (key, ""))
    if by == "model":
        engine, _, model = key.partition("/")
        return model_name(engine, model), ledger.engine_name(engine) if engine in USUAL else ""
    if by == "tier":
        return ("Drawn on this machine, or by name" if key == "none" else ledger.tier_name(key)), ""
    if by == "size":
        return vocabulary.label("shot_size", key) or "No size said", ""
    return (f"Template {key}" if key else "No template"), ""


def model_name(engine: str, model: str) -> str:
    """ "Nano Banana 2"; "the sketch" for the embedded engine."""
    if engine not in USUAL:
        return "the sketch" if engine == "sketch" else engine
    try:
        return catalog.get(engine, model).name
    except ProviderError:
        return model


def choices(rows: Sequence[Drawn], names: Mapping[str, tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """What the page can be narrowed to, by the name of the filter: pairs of (value, words)."""
    values: dict[str, set[str]] = {
        "subject": {code for one in rows for code in one.subjects if code in names},
        "model": {"/".join(one.model) for one in rows},
        "tier": {one.tier or "none" for one in rows},
        "template": {one.template for one in rows if one.template},
        "size": {one.size for one in rows if one.size},
    }
    return {
        by: sorted(((key, named(by, key, names)[0]) for key in keys), key=lambda one: one[1].casefold())
        for by, keys in values.items()
    }
