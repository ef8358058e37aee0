"""Continuity inside a scene: wardrobe, props, time of day and screen side from panel to panel, and where they break. Pure rules
over rows; `of` reads them.

A break is told once, where it shows, between the two panels that disagree. Tight shots show neither props nor much of the clothes,
so they neither make nor mend a break of props.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from studio.board import vocabulary
from studio.board.models import Appearance, MeantSo, Panel, Scene
from studio.board.queries import Picture, card_picture
from studio.board.shown import CLOSE
from studio.library.models import Kind

WARDROBE, PROP, HAND, SIDE, TIME = "wardrobe", "prop", "hand", "side", "time"
NAMES = {WARDROBE: "Wardrobe", PROP: "Props", HAND: "Props", SIDE: "Screen side", TIME: "Time of day"}
TIGHT = CLOSE | {"INS"}
AS_REFERENCED = "as in the references"
NIGHT, DAY, DAWN, DUSK = "night", "day", "dawn", "dusk"
WORDS = {
    NIGHT: re.compile(r"\b(at night|midnight|moonlight|moonlit|by night)\b", re.I),
    DAY: re.compile(r"\b(noon|midday|sunlit|sunlight|daylight|bright sun|blazing sun)\b", re.I),
    DAWN: re.compile(r"\b(at dawn|daybreak|sunrise|first light)\b", re.I),
    DUSK: re.compile(r"\b(at dusk|sunset|twilight|nightfall|last light)\b", re.I),
}
# What a scene's time of day allows its panels to say; words that say none (later, continuous, one's own) allow everything.
ALLOWED = {
    "day": {DAY}, "morning": {DAY, DAWN}, "afternoon": {DAY}, "night": {NIGHT}, "evening": {DUSK, NIGHT}, "dawn": {DAWN}, "dusk": {DUSK},
    "sunrise": {DAWN}, "sunset": {DUSK}, "golden_hour": {DAWN, DUSK}, "magic_hour": {DAWN, DUSK},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody or something in one panel, as continuity sees it."""

    code: str
    name: str
    person: bool
    outfit: str = ""
    side: str = ""  # left, right, or what else was said of the place
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One panel: what its shot is, what its action says, who is in it."""

    code: str
    label: str
    shot_size: str
    action: str
    cast: tuple[Member, ...]

    def member(self, code: str) -> Member | None:
        return next((one for one in self.cast if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Break:
    """Two panels that disagree; it is marked at `panel`, the later one. `key` names it with both sides, so that another change is
    another break."""

    kind: str
    code: str  # of the subject, empty for the time of day
    panel: str  # code
    said: str
    key: str

    @property
    def name(self) -> str:
        return NAMES[self.kind]


@dataclass(slots=True)
class Line:
    """A panel's row of the table. `marked`: its open breaks by kind and subject."""

    frame: Frame
    picture: Picture | None
    time: str
    breaks: list[Break] = field(default_factory=list)

    @property
    def wardrobe(self) -> list[tuple[Member, str, Break | None]]:
        return [(m, m.outfit or AS_REFERENCED, self._break(WARDROBE, m.code)) for m in self.frame.cast if m.person]

    @property
    def props(self) -> list[tuple[str, str, Break | None]]:
        here = [
            (m.name, f"with {m.held_by}" if m.held_by else "there", self._break(HAND, m.code))
            for m in self.frame.cast if not m.person
        ]  # fmt: skip
        gone = [(one.said, "", one) for one in self.breaks if one.kind == PROP]
        return here + gone

    @property
    def sides(self) -> list[tuple[Member, str, Break | None]]:
        return [(m, vocabulary.label("where", m.side), self._break(SIDE, m.code)) for m in self.frame.cast if m.side]

    @property
    def time_break(self) -> Break | None:
        return self._break(TIME, "")

    def _break(self, kind: str, code: str) -> Break | None:
        return next((one for one in self.breaks if (one.kind, one.code) == (kind, code)), None)


@dataclass(frozen=True, slots=True)
class Continuity:
    """A scene's table. `open` breaks, and those that somebody called meant."""

    scene: Scene
    lines: list[Line]
    open: list[Break]
    meant: list[tuple[Break, MeantSo]]


def of(scene: Scene) -> Continuity:
    """Three queries, however many panels."""
    cast = Appearance.objects.select_related("subject", "outfit", "held_by__subject").order_by("position", "pk")
    panels = list(
        Panel.objects.on_board().filter(scene=scene).select_related("picked__image").prefetch_related(Prefetch("appearances", cast))
    )  # fmt: skip
    frames = [_frame(panel) for panel in panels]
    meant = {row.key: row for row in MeantSo.objects.filter(scene=scene, withdrawn=None).select_related("by")}
    found = breaks(frames, scene.time_of_day)
    lines = [Line(frame, _picture(panel), times(frame.action) or "") for frame, panel in zip(frames, panels, strict=True)]  # fmt: skip
    by_code = {line.frame.code: line for line in lines}
    for one in found:
        if one.key not in meant:
            by_code[one.panel].breaks.append(one)
    return Continuity(
        scene, lines, [one for one in found if one.key not in meant], [(one, meant[one.key]) for one in found if one.key in meant]
    )  # fmt: skip


def breaks(frames: Sequence[Frame], time_of_day: str = "") -> list[Break]:
    """All breaks of a scene, in the order of its panels."""
    found = [*_wardrobe(frames), *_props(frames), *_hands(frames), *_sides(frames), *_times(frames, time_of_day)]
    order = {frame.code: at for at, frame in enumerate(frames)}
    return sorted(found, key=lambda one: order[one.panel])


def times(action: str) -> str:
    """The time of day that an action says: night, day, dawn, dusk; empty where it says none, or several."""
    said = [name for name, words in WORDS.items() if words.search(action)]
    return said[0] if len(said) == 1 else ""


def _pairs(frames: Sequence[Frame], person: bool | None) -> list[tuple[Frame, Frame, Member, Member]]:
    """Each member's neighbouring appearances: (before, after, then, now)."""
    last: dict[str, tuple[Frame, Member]] = {}
    found = []
    for frame in frames:
        for one in frame.cast:
            if person is not None and one.person != person:
                continue
            if one.code in last:
                found.append((last[one.code][0], frame, last[one.code][1], one))
            last[one.code] = (frame, one)
    return found


def _wardrobe(frames: Sequence[Frame]) -> list[Break]:
    return [
        _broken(WARDROBE, now.code, a, b, then.outfit, now.outfit,
                f"{now.name}: {then.outfit or AS_REFERENCED} in {a.label}, {now.outfit or AS_REFERENCED} in {b.label}")
        for a, b, then, now in _pairs(frames, True)
        if then.outfit != now.outfit
    ]  # fmt: skip


def _props(frames: Sequence[Frame]) -> list[Break]:
    """Something that was there and is not in the next shot that would show it, though who was with it is, or it comes back later."""
    found = []
    wide = [frame for frame in frames if frame.shot_size not in TIGHT]
    for at, (a, b) in enumerate(itertools.pairwise(wide)):
        for one in a.cast:
            if one.person or b.member(one.code):
                continue
            again = any(later.member(one.code) for later in wide[at + 2 :])
            company = {m.code for m in a.cast if m.person} & {m.code for m in b.cast if m.person}
            if again or company:
                found.append(_broken(PROP, one.code, a, b, "there", "none", f"{one.name} in {a.label}, none in {b.label}"))  # fmt: skip
    return found


def _hands(frames: Sequence[Frame]) -> list[Break]:
    return [
        _broken(HAND, now.code, a, b, then.held_by, now.held_by, f"{now.name}: with {then.held_by} in {a.label}, with {now.held_by} in {b.label}")
        for a, b, then, now in _pairs(frames, False)
        if then.held_by and now.held_by and then.held_by != now.held_by
    ]  # fmt: skip


def _sides(frames: Sequence[Frame]) -> list[Break]:
    return [
        _broken(SIDE, now.code, a, b, then.side, now.side, f"{now.name}: {_half(then.side)} in {a.label}, {_half(now.side)} in {b.label}")
        for a, b, then, now in _pairs(frames, None)
        if {_half(then.side), _half(now.side)} == {"left", "right"}
    ]  # fmt: skip


def _times(frames: Sequence[Frame], time_of_day: str) -> list[Break]:
    found, last = [], None
    allowed = ALLOWED.get(time_of_day)
    for frame in frames:
        said = times(frame.action)
        if said and allowed is not None and said not in allowed:
            name = vocabulary.label("time_of_day", time_of_day).lower()
            found.append(_broken(TIME, "", frame, frame, time_of_day, said, f"The scene is {name}, {frame.label} says {said}"))  # fmt: skip
        elif said and allowed is None and last is not None and last[1] != said:
            found.append(_broken(TIME, "", last[0], frame, last[1], said, f"{last[1].capitalize()} in {last[0].label}, {said} in {frame.label}"))  # fmt: skip
        if said:
            last = (frame, said)
    return found


def _half(side: str) -> str:
    words = side.replace("_", " ").lower()
    left, right = "left" in words, "right" in words
    return "left" if left and not right else "right" if right and not left else ""


def _broken(kind: str, code: str, a: Frame, b: Frame, then: str, now: str, said: str) -> Break:
    parts = "\n".join((kind, code, a.code, b.code, then, now))
    return Break(kind, code, b.code, said, hashlib.sha256(parts.encode()).hexdigest())


def _frame(panel: Panel) -> Frame:
    rows = list(panel.appearances.all())
    cast = tuple(
        Member(
            row.subject.code, row.subject.name, row.subject.kind == Kind.CHARACTER,
            row.outfit.name if row.outfit and not row.outfit.deleted else "", row.where,
            row.held_by.subject.name if row.held_by else "",
        )
        for row in rows
    )  # fmt: skip
    return Frame(panel.code, panel.label, panel.shot_size, panel.action, cast)


def _picture(panel: Panel) -> Picture | None:
    image = panel.picked.image if panel.picked else None
    return card_picture(image.key, image.width, image.height) if image else None
