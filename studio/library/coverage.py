"""Which sides of a subject are known, from the views of its references. Pure: no database.

A ring has eight sectors for a character (the directions somebody can be seen from, clockwise from the front, which is
drawn at the bottom), and one segment for each wanted view of anything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.library.models import Kind, View

COVERED, WEAK, NONE = "covered", "weak", "none"
BEST = {NONE: 0, WEAK: 1, COVERED: 2}
TAGS = {COVERED: ("check", "good"), WEAK: ("triangle-alert", "warn"), NONE: ("circle-dashed", "")}
OUTFIT = "outfit"


@dataclass(frozen=True)
class Seen:
    """One reference: its view, the name of a detail, and in a word what is weak about it ("soft"), if anything."""

    view: str
    detail: str = ""
    weak: str = ""


@dataclass(frozen=True)
class Wanted:
    """A view that a kind wants, what it is for, and the views that count as it."""

    view: str
    label: str
    purpose: str
    also: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Segment:
    label: str
    state: str
    path: str


@dataclass(frozen=True)
class Tag:
    label: str
    icon: str
    tone: str


@dataclass(frozen=True)
class Coverage:
    """What the dial shows and says. `missing` are the wanted views that no reference has."""

    segments: tuple[Segment, ...]
    covered: int
    total: int
    title: str
    note: str
    tags: tuple[Tag, ...]
    missing: tuple[Wanted, ...]
    directions: bool

    @property
    def spoken(self) -> str:
        """The dial in words."""
        said = [f"{self.covered} of {self.total} views covered."]
        for state, word in ((WEAK, "Weak"), (NONE, "Unknown")):
            names = [s.label.lower() for s in self.segments if s.state == state]
            if names:
                said.append(f"{word}: {_listed(names)}.")
        return " ".join(said)


FRONT, BACK = View.FRONT.value, View.BACK.value
LEFT, RIGHT = View.PROFILE_LEFT.value, View.PROFILE_RIGHT.value
THREE_LEFT, THREE_RIGHT = View.THREE_QUARTER_LEFT.value, View.THREE_QUARTER_RIGHT.value
FULL, TOP, BASE, DETAIL = View.FULL_BODY.value, View.TOP.value, View.BASE.value, View.DETAIL.value

WANTED: dict[str, tuple[Wanted, ...]] = {
    Kind.CHARACTER: (
        Wanted(FRONT, "Front", "What every picture is compared with"),
        Wanted(THREE_LEFT, "Three-quarter left", "Most shots from the left"),
        Wanted(THREE_RIGHT, "Three-quarter right", "Most shots from the right"),
        Wanted(LEFT, "Left profile", "Walking left, two people talking"),
        Wanted(RIGHT, "Right profile", "Walking right, two people talking"),
        Wanted(BACK, "Back", "Over the shoulder, walking away"),
        Wanted(FULL, "Full body", "Wide shots, height and build"),
        Wanted(DETAIL, "Face detail", "Close-ups", detail="Face"),
    ),
    Kind.PRODUCT: (
        Wanted(FRONT, "Front", "What every picture is compared with"),
        Wanted(THREE_RIGHT, "Three-quarter", "Standing on a table, in a hand", (THREE_LEFT,)),
        Wanted(BACK, "Back", "What is written there, turned away"),
        Wanted(TOP, "Top", "High angles, lids"),
        Wanted(BASE, "Base", "Low angles, tipped over"),
        Wanted(DETAIL, "Detail", "Logo, lettering, surface", detail="Logo"),
    ),
    Kind.LOCATION: (
        Wanted(FRONT, "Wide, front", "Where everything stands", (FULL,)),
        Wanted(DETAIL, "Detail", "Surfaces and things in close shots"),
    ),
    Kind.STYLE: (Wanted(FRONT, "A picture", "Line, palette, light", tuple(View.values)),),
    OUTFIT: (
        Wanted(FULL, "Full body", "Wide shots, how it falls"),
        Wanted(FRONT, "Front", "Most shots", (THREE_LEFT, THREE_RIGHT)),
        Wanted(BACK, "Back", "Walking away"),
        Wanted(DETAIL, "Detail", "Cloth, buttons, pockets"),
    ),
}
DIRECTIONS = (
    "Front", "Three-quarter left", "Left profile", "Back left", "Back", "Back right", "Right profile", "Three-quarter right",
)  # fmt: skip
FIRST = {
    Kind.CHARACTER: "Add a front view first.",
    Kind.PRODUCT: "Add a front view first.",
    Kind.LOCATION: "Add a wide view first.",
    Kind.STYLE: "Add a picture first.",
    OUTFIT: "Add a picture of the whole outfit first.",
}


def of(kind: str, seen: Iterable[Seen]) -> Coverage:
    """`kind`: a Kind, or OUTFIT for a set of clothes."""
    pictures = list(seen)
    wanted = WANTED[kind]
    states = [_state(_counting(want, kind, pictures)) for want in wanted]
    if kind == Kind.CHARACTER:
        ring = list(zip(DIRECTIONS, _directions(pictures), strict=True))
    else:
        ring = [(want.label, state) for want, state in zip(wanted, states, strict=True)]
    segments = tuple(Segment(label, state, arc(index, len(ring))) for index, (label, state) in enumerate(ring))
    untagged = sum(1 for picture in pictures if not picture.view) if kind != Kind.STYLE else 0
    return Coverage(
        segments=segments,
        covered=sum(1 for s in segments if s.state == COVERED),
        total=len(segments),
        title=_title(kind, pictures, segments, states),
        note=_note(kind, wanted, states, untagged),
        tags=tuple(_tag(want, state, kind, pictures) for want, state in zip(wanted, states, strict=True)),
        missing=tuple(want for want, state in zip(wanted, states, strict=True) if state == NONE),
        directions=kind == Kind.CHARACTER,
    )


def arc(index: int, count: int, gap: float = 6.0, radius: float = 47.0, centre: float = 60.0) -> str:
    """The SVG path of one arc of a ring in a 120 × 120 box; index 0 at the bottom, then clockwise. Angles in degrees."""
    step = 360 / count
    start, end = (math.radians(90 + index * step + sign * (step / 2 - gap / 2)) for sign in (-1, 1))
    x1, y1, x2, y2 = (centre + radius * turn(angle) for angle in (start, end) for turn in (math.cos, math.sin))
    large = int(step - gap > 180)
    return f"M{x1:.1f} {y1:.1f}A{radius:g} {radius:g} 0 {large} 1 {x2:.1f} {y2:.1f}"


def _counting(want: Wanted, kind: str, pictures: Sequence[Seen]) -> list[Seen]:
    """The pictures that show a wanted view. A style takes any picture, tagged or not."""
    if kind == Kind.STYLE:
        return list(pictures)
    views = {want.view, *want.also}
    found = [picture for picture in pictures if picture.view in views]
    if want.view == DETAIL and kind == Kind.CHARACTER:
        found = [picture for picture in found if not picture.detail or "face" in picture.detail.casefold()]
    return found


def _state(pictures: Iterable[Seen]) -> str:
    return max((WEAK if picture.weak else COVERED for picture in pictures), key=BEST.__getitem__, default=NONE)


def _directions(pictures: Sequence[Seen]) -> list[str]:
    """The eight directions. Between two known sides an unseen one is weak: it will be guessed, but from both."""
    own = {view: _state(p for p in pictures if p.view == view) for view in View.values}

    def between(near: str, far: str) -> str:
        return WEAK if NONE not in (near, far) else NONE

    def behind(side: str) -> str:
        if own[BACK] == COVERED:
            return WEAK if side == NONE else COVERED
        return between(own[BACK], side)

    def three_quarter(view: str, side: str) -> str:
        return own[view] if own[view] != NONE else between(own[FRONT], side)

    return [
        own[FRONT],
        three_quarter(THREE_LEFT, own[LEFT]),
        own[LEFT],
        behind(own[LEFT]),
        own[BACK],
        behind(own[RIGHT]),
        own[RIGHT],
        three_quarter(THREE_RIGHT, own[RIGHT]),
    ]


def _title(kind: str, pictures: Sequence[Seen], segments: Sequence[Segment], states: Sequence[str]) -> str:
    if not pictures or states[0] == NONE:
        return FIRST[kind]
    if states[0] == WEAK:
        return "Only a weak picture of what matters most."
    none = sum(1 for s in segments if s.state == NONE)
    weak = sum(1 for s in segments if s.state == WEAK)
    sides = "side" if kind == Kind.CHARACTER else "view"
    if not none and not weak:
        return "Good for every shot." if NONE not in states else "Every side is known."
    if not none:
        return f"Good for most shots. {_count(weak, sides)} {'is' if weak == 1 else 'are'} weak."
    if none <= len(segments) // 2:
        return f"Good for many shots. {_count(none, sides)} will be guessed."
    start = "Good for shots from the front." if kind == Kind.CHARACTER else "A start."
    return f"{start} {_count(none, sides)} will be guessed."


def _note(kind: str, wanted: Sequence[Wanted], states: Sequence[str], untagged: int) -> str:
    if kind == Kind.STYLE:
        return "One picture is enough; more make the look steadier."
    whole = all(state == COVERED for state in states)
    said = ["Nothing has to be invented." if whole else "A view nobody supplied gets invented."]
    for state, words in ((NONE, "Not there yet: {}."), (WEAK, "Only a weak picture of: {}.")):
        names = [want.label.lower() for want, at in zip(wanted, states, strict=True) if at == state]
        if names and len(names) < len(wanted):
            said.append(words.format(_listed(names)))
    if untagged:
        said.append(
            f"{_count(untagged, 'picture')} without a view: say what {'it shows' if untagged == 1 else 'they show'}."
        )
    return " ".join(said)


def _tag(want: Wanted, state: str, kind: str, pictures: Sequence[Seen]) -> Tag:
    icon, tone = TAGS[state]
    label = want.label
    if state == WEAK:
        label = f"{label}, {next(p.weak for p in _counting(want, kind, pictures) if p.weak)}"
    elif state == NONE:
        label = f"{label}, none yet"
    return Tag(label, icon, tone)


def _count(number: int, noun: str) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")
    return f"{words[number] if number < len(words) else number} {noun}{'' if number == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
