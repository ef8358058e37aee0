"""What an export works on: plain values, no rows. `sheet.of` makes a Sheet, everything after it reads only this."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

FIELDS = {
    "shot": "Shot, angle, lens",
    "action": "Action",
    "dialogue": "Dialogue",
    "sound": "Sound",
    "notes": "Notes",
    "seconds": "Seconds",
}
USUAL_FIELDS = ("shot", "action", "dialogue", "seconds")
PAPERS = {"a4": "A4 landscape", "letter": "Letter landscape"}
GRIDS = {"6": "6, three by two", "4": "4, two by two", "1": "1, large"}
ALL, WITH_PICTURE = "all", "picture"


class Failed(Exception):
    """An export that can't be made. `str()` says what happened, `remedy` what to do."""

    def __init__(self, words: str, remedy: str = "") -> None:
        super().__init__(words)
        self.remedy = remedy


class Stopped(Exception):
    """The row is no longer ours: cancelled, or another worker's."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person chose. `which` is "all", "picture" or the code of a scene."""

    which: str = ALL
    grid: str = "6"
    paper: str = "a4"
    fields: tuple[str, ...] = USUAL_FIELDS
    scene_pages: bool = False  # each scene starts on a new page

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Options:
        """From an export's row; what is missing or unknown becomes the usual."""
        usual = cls()
        fields = stored.get("fields")
        return cls(
            which=str(stored.get("which") or ALL),
            grid=stored["grid"] if stored.get("grid") in GRIDS else usual.grid,
            paper=stored["paper"] if stored.get("paper") in PAPERS else usual.paper,
            fields=tuple(f for f in FIELDS if f in fields) if isinstance(fields, list) else usual.fields,
            scene_pages=bool(stored.get("scene_pages", False)),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "which": self.which,
            "grid": self.grid,
            "paper": self.paper,
            "fields": list(self.fields),
            "scene_pages": self.scene_pages,
        }


@dataclass(frozen=True, slots=True)
class File:
    """A file in the default storage. `size` is bytes, `width` and `height` are pixels."""

    path: str
    mime: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The picked take's picture: what is printed, what goes into a ZIP, and how it was made."""

    key: str
    printed: File  # the provider's JPEG, or the original where that is what there is
    original: File
    take: int
    take_code: str
    made: dt.datetime
    crop: tuple[float, ...] | None = (
        None  # left, top, right, bottom in 0–1: the frame, where the engine lacked its ratio
    )
    how: dict[str, Any] = field(default_factory=dict)  # engine, model, seed, prompt, references … for the manifest


@dataclass(frozen=True, slots=True)
class SheetPanel:
    code: str
    label: str
    shot: str  # "Medium, low, 35 mm"
    action: str
    dialogue: str
    sound: str
    notes: str
    seconds: Decimal
    picture: Picture | None
    scene: SheetScene = field(repr=False, compare=False)

    @property
    def alt(self) -> str:
        return ": ".join(part for part in (self.shot, self.action) if part) or f"Panel {self.label}"


@dataclass(slots=True, eq=False)
class SheetScene:
    code: str
    number: str
    heading: str  # "Int. boat shed, night"
    panels: list[SheetPanel] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"Scene {self.number}. {self.heading}" if self.heading else f"Scene {self.number}"


@dataclass(slots=True)
class Sheet:
    """A board as it leaves: only the panels that were asked for. `aspect` is width over height."""

    title: str
    code: str
    kind: str
    client: str
    author: str
    version: int
    date: dt.date
    aspect: float
    aspect_name: str
    scenes: list[SheetScene]

    @property
    def panels(self) -> list[SheetPanel]:
        return [panel for scene in self.scenes for panel in scene.panels]

    @property
    def pictures(self) -> list[SheetPanel]:
        return [panel for panel in self.panels if panel.picture]

    @property
    def missing(self) -> list[SheetPanel]:
        return [panel for panel in self.panels if not panel.picture]

    @property
    def bytes_printed(self) -> int:
        return sum(panel.picture.printed.size for panel in self.panels if panel.picture)

    @property
    def bytes_original(self) -> int:
        return sum(panel.picture.original.size for panel in self.panels if panel.picture)

    @property
    def seconds(self) -> Decimal:
        return sum((panel.seconds for panel in self.panels), Decimal(0))

    @property
    def facts(self) -> str:
        """Beside the title: how many, how long, which ratio."""
        count = len(self.panels)
        return f"{count} panel{'' if count == 1 else 's'} · {self.seconds:.1f} s · {self.aspect_name}"

    @property
    def imprint(self) -> str:
        """The footer: client, version, date."""
        day = f"{self.date.day} {self.date:%b %Y}"
        return " · ".join(part for part in (self.client, f"v{self.version}", day) if part)
