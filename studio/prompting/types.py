"""What a prompt is made of and what it becomes. Plain dataclasses: no database, no engine."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pic:
    """One reference picture that could be sent. `weak` holds what is wrong with it, in words."""

    code: str
    image_key: str
    sha256: str
    view: str
    detail: str = ""
    weak: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class MarkerLine:
    """A locked marker, as the text may say it."""

    key: str
    phrase: str
    category: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Clothes:
    """The outfit worn in this panel, with the pictures of its own set."""

    code: str
    name: str
    description: str
    colours: tuple[str, ...]
    pics: tuple[Pic, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody or something in the panel. `version` is the locked version's number, 0 for an unlocked draft."""

    key: str
    code: str
    kind: str  # character or product
    species: str
    name: str
    bible: str
    version: int
    markers: tuple[MarkerLine, ...]
    pics: tuple[Pic, ...]
    outfit: Clothes | None = None
    where: str = ""
    doing: str = ""
    holding: tuple[str, ...] = ()  # keys of members
    view: str = "front"  # the side this panel shows
    view_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A location or a style: its words and its pictures."""

    key: str
    code: str
    name: str
    bible: str
    colours: tuple[str, ...]
    pics: tuple[Pic, ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """Words changed by hand: a row as it was and as it shall be. Without a section it is a sentence of its own."""

    id: str
    section: str
    was: str
    text: str
    by: str = ""
    at: str = ""  # ISO 8601


@dataclass(frozen=True, slots=True)
class Hand:
    """What people changed about one panel: strategy, words, and which references go (codes)."""

    strategy: str = ""
    edits: tuple[Edit, ...] = ()
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # keys of markers that the words shall not say
    sent_anyway: tuple[str, ...] = ()  # keys of markers to say though the shot hides them


@dataclass(frozen=True, slots=True)
class Unapproved:
    """A reference set that nobody has approved as it is now: a subject's own, or that of an outfit (codes). `empty`: no picture."""

    subject: str
    outfit: str
    name: str
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """A panel with everything a picture of it needs, read once."""

    panel: str
    label: str
    aspect: str
    shot_size: str
    angle: str
    framing: str
    lens: str
    movement: str
    action: str
    int_ext: str
    place: str
    time_of_day: str
    light: str
    cast: tuple[Member, ...] = ()
    location: Setting | None = None
    style: Setting | None = None
    template_version: str = "v1"
    hand: Hand = Hand()
    unapproved: tuple[Unapproved, ...] = ()  # of the sets that this panel draws on


@dataclass(frozen=True, slots=True)
class Slot:
    """A picture that goes, at position `n` (1-based: "the first image"), and why."""

    n: int
    role: str  # identity, outfit, product, location, style
    subject: str  # the member's or setting's key
    name: str
    pic: Pic
    why: str
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class StayedOut:
    """A picture that does not go, and why."""

    role: str
    subject: str
    name: str
    pic: Pic
    why: str


@dataclass(frozen=True, slots=True)
class Warning:
    """Something that may not hold, said before it costs anything. `subject` is a code to link to, `view` the missing side.

    `kind`, gravest first: missing (the engine will guess), draft (not locked), weak (there, but it may not hold).
    """

    title: str
    text: str
    subject: str = ""
    view: str = ""
    kind: str = "missing"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which pictures go in which order. `limit` is what the chosen engine takes."""

    slots: tuple[Slot, ...] = ()
    out: tuple[StayedOut, ...] = ()
    warnings: tuple[Warning, ...] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the prompt and what produced it. `kind`: plain, ref, marker, bible, outfit, scene, shot, action, style; hand
    (put in by a person) and gone (taken out by one: not sent)."""

    text: str
    kind: str = "plain"
    source: str = ""  # marker key, subject code, outfit code or slot number


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A marker that the text leaves out, and why."""

    key: str
    name: str
    phrase: str
    why: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The compiled words: rows of (label, spans), joined they are `text`."""

    version: str
    strategy: str  # reference_first or bible_first
    rows: tuple[tuple[str, tuple[Span, ...]], ...]
    left_out: tuple[LeftOut, ...] = ()
    text: str = field(default="")
    conflicts: tuple[Edit, ...] = ()  # edits that no longer fit, and are not in the text
    plain: tuple[tuple[str, str], ...] = ()  # (label, text) as compiled, before any edit
