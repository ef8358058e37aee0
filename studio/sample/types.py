"""What the sample is written in: plain values, made into rows by `actions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mark:
    """An identity marker."""

    phrase: str
    category: str
    colour: str = ""


@dataclass(frozen=True)
class Clothes:
    """An outfit. Colours outermost first. `key` names its pictures, `borrowed` are pictures of the person that show it too."""

    name: str
    description: str
    colours: tuple[str, ...]
    key: str = ""
    borrowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Someone:
    """A subject of the library. `key` names its pictures."""

    key: str
    kind: str
    name: str
    bible: str
    marks: tuple[Mark, ...]
    outfits: tuple[Clothes, ...] = ()


@dataclass(frozen=True)
class In:
    """Somebody or something in a panel. `held_by` is the key of who holds it."""

    key: str
    where: str = ""
    doing: str = ""
    outfit: str = ""
    held_by: str = ""
    view: str = ""


@dataclass(frozen=True)
class Frame:
    """A panel: its fields, and who is in it. One that is not `drawn` waits for "Draw missing"."""

    fields: dict[str, Any]
    cast: tuple[In, ...] = ()
    drawn: bool = True


@dataclass(frozen=True)
class Place:
    """A scene with its panels. `location` and `style` are keys of subjects."""

    fields: dict[str, Any]
    frames: tuple[Frame, ...]
    location: str = ""
    style: str = ""


@dataclass(frozen=True)
class Story:
    """A project."""

    title: str
    kind: str
    aspect: str
    client: str
    places: tuple[Place, ...]
