"""What the board's pages read, each in a constant number of queries. Jobs are unknown here: views merge their states in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from studio.board import vocabulary
from studio.board.models import Appearance, Panel, Project, Scene, Take
from studio.board.older import drawn_from
from studio.library.models import Subject
from studio.media import renditions
from studio.media.models import Image

CARD_SPECS = ("320", "640")  # renditions a card offers the browser, longest side in px


class Picture(NamedTuple):
    """What an <img> needs: addresses, and the pixels of `src` so that nothing jumps."""

    src: str
    srcset: str
    width: int
    height: int


class Card(NamedTuple):
    """Everything a panel's card shows, and nothing else: equal cards are the same HTML, so this is also its cache key.

    `state` is draft, review, changes or approved from the panel; queued, working or failed once a view has merged the
    jobs in, with `place` in line, `elapsed` seconds, the `take` being drawn, or `error` and `remedy`.
    """

    pk: int
    code: str
    label: str
    shot: str  # "Medium"
    shot_short: str  # "MS"
    angle: str
    lens: str
    seconds: Decimal
    action: str
    state: str
    picture: Picture | None
    takes: int
    place: int = 0
    elapsed: int = 0
    take: int = 0
    error: str = ""
    remedy: str = ""
    charged: bool | None = False
    job: str = ""
    again: Decimal | None = None  # what trying once more costs, US dollars
    test_shot: bool = False  # the pick was drawn from an unlocked draft
    drifted: str = ""  # how its markers failed in the pick: "1 drifted, 2 missing"
    notes: int = 0  # open notes of reviews
    older: str = ""  # the version that the pick was drawn from, where a newer one is locked: "v3"

    @property
    def state_word(self) -> str:
        return STATE_WORDS[self.state]


STATE_WORDS = {
    "draft": "Draft",
    "queued": "Waiting",
    "working": "Drawing",
    "failed": "Failed",
    "review": "In review",
    "changes": "Changes asked",
    "approved": "Approved",
}
# From what needs somebody to what is done: the order of the outline's bars and of its one-line note.
STATE_ORDER = ("failed", "changes", "working", "queued", "draft", "review", "approved")


@dataclass(slots=True)
class BoardScene:
    """A scene and its cards, in order."""

    row: Scene
    cards: list[Card] = field(default_factory=list)
    folded: bool = False

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def number(self) -> str:
        return self.row.number

    @property
    def title(self) -> str:
        return heading(self.row)

    @property
    def short(self) -> str:
        """The place alone, with a capital: how the outline names a scene."""
        place = self.row.place or (self.row.location.name if self.row.location else "")
        return place[:1].upper() + place[1:] if place else f"Scene {self.row.number}"

    @property
    def seconds(self) -> Decimal:
        return sum((card.seconds for card in self.cards), Decimal(0))

    @property
    def missing(self) -> int:
        """Panels without a picture that are not being drawn."""
        return sum(card.picture is None and card.state not in ("queued", "working") for card in self.cards)

    @property
    def progress(self) -> list[tuple[str, int]]:
        """(state, how many) of the bar, approved first."""
        counts = self._counts()
        return [(state, counts[state]) for state in reversed(STATE_ORDER) if counts[state]]

    @property
    def note(self) -> str:
        """The one thing worth knowing: what failed, else what was asked, else how far it is."""
        if not self.cards:
            return "No panels yet"
        counts = self._counts()
        if counts["failed"]:
            return f"{counts['failed']} failed"
        if counts["changes"]:
            return f"{counts['changes']} {'change' if counts['changes'] == 1 else 'changes'} asked"
        if under_way := counts["working"] + counts["queued"]:
            return f"Drawing {under_way}"
        if counts["approved"] == len(self.cards):
            return "All approved"
        drawn = sum(card.picture is not None for card in self.cards)
        return "All drawn" if drawn == len(self.cards) else f"{drawn} of {len(self.cards)} drawn"

    def _counts(self) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for card in self.cards:
            counts[card.state] += 1
        return counts


@dataclass(slots=True)
class Board:
    """A project's scenes with their cards."""

    project: Project
    scenes: list[BoardScene]

    @property
    def cards(self) -> list[Card]:
        return [card for scene in self.scenes for card in scene.cards]

    @property
    def seconds(self) -> Decimal:
        return sum((scene.seconds for scene in self.scenes), Decimal(0))

    @property
    def missing(self) -> int:
        return sum(scene.missing for scene in self.scenes)


def heading(scene: Scene) -> str:
    """Int. repair workshop, night."""
    where = " ".join(part for part in (vocabulary.short("int_ext", scene.int_ext), scene.place) if part)
    when = vocabulary.short("time_of_day", scene.time_of_day)
    return ", ".join(part for part in (where, when) if part) or f"Scene {scene.number}"


def board(project: Project, scenes: Iterable[Scene] | None = None) -> Board:
    """All scenes of the project (or those given) with their cards: four queries, however many panels."""
    if scenes is None:
        scenes = Scene.objects.filter(project=project, deleted=None).select_related("location", "style")
    made = {scene.pk: BoardScene(scene) for scene in scenes}
    for scene_id, card in _cards(Panel.objects.on_board().filter(scene__in=list(made))):
        made[scene_id].cards.append(card)
    return Board(project, list(made.values()))


def cards(panel_ids: Iterable[int]) -> list[Card]:
    """The cards of these panels, in board order: three queries."""
    return [card for _, card in _cards(Panel.objects.on_board().filter(pk__in=list(panel_ids)))]


def _cards(panels: QuerySet[Panel]) -> list[tuple[int, Card]]:
    rows = list(
        panels.values_list(
            "scene_id", "pk", "code", "label", "shot_size", "angle", "lens", "seconds", "action", "state",
            "picked__image__key", "picked__image__width", "picked__image__height", "picked__test_shot",
            "picked__versions",
        )
    )  # fmt: skip
    older = drawn_from({row[1]: row[-1] for row in rows if row[-1]})
    ids = [row[1] for row in rows]
    takes = dict(Take.objects.filter(panel__in=ids).order_by().values_list("panel_id").annotate(Count("pk")))
    return [
        (
            scene_id,
            Card(
                pk, code, label, vocabulary.label("shot_size", size), vocabulary.short("shot_size", size),
                vocabulary.short("angle", angle), vocabulary.short("lens", lens), seconds, action, state,
                card_picture(key, width, height) if key else None, takes.get(pk, 0), test_shot=bool(test),
                older=older.get(pk, ""),
            ),
        )
        for scene_id, pk, code, label, size, angle, lens, seconds, action, state, key, width, height, test, _ in rows
    ]  # fmt: skip


@lru_cache(maxsize=20_000)
def card_picture(key: str, width: int, height: int) -> Picture:
    """What a card's <img> needs of a stored image: its two small renditions. Pure: sizes follow from the original's."""
    image = Image(key=key, width=width, height=height)
    files = [(*renditions.size(image, spec), renditions.url(key, spec)) for spec in CARD_SPECS]
    wide, high, src = files[0]
    return Picture(src, ", ".join(f"{url} {w}w" for w, _, url in files), wide, high)


def css_ratio(aspect: str) -> str:
    """2.39:1 → "2.39 / 1"."""
    return aspect.replace(":", " / ")


def neighbours(panel: Panel) -> tuple[str, str]:
    """Codes of the panels before and after this one on the board, empty at the ends."""
    codes = list(Panel.objects.on_board().filter(scene__project=panel.scene.project_id).values_list("code", flat=True))
    if panel.code not in codes:  # put away in this moment
        return "", ""
    at = codes.index(panel.code)
    return (codes[at - 1] if at else ""), (codes[at + 1] if at + 1 < len(codes) else "")


def where_used(subject: Subject) -> list[Panel]:
    """Every panel that shows the subject, or stands in its place or style, in board order by project."""
    seen = Appearance.objects.filter(subject=subject).values("panel")
    rows = Panel.objects.filter(deleted=None, scene__deleted=None, scene__project__deleted=None)
    rows = (
        rows.filter(pk__in=seen) | rows.filter(scene__location=subject) | rows.filter(scene__style=subject)
    ).distinct()
    return list(
        rows.with_picture()
        .select_related("scene__project")
        .order_by("scene__project__title", "scene__project_id", "scene__position", "scene_id", "position", "pk")
    )


def cast(project: Project) -> list[dict[str, Any]]:
    """Who is in the project: `{"subject", "outfits": [names], "panels": [Panel]}` by kind and first appearance.

    Four queries, plus the portraits.
    """
    rows = (
        Appearance.objects.filter(panel__in=Panel.objects.on_board().filter(scene__project=project))
        .select_related("panel", "outfit")
        .order_by("panel__scene__position", "panel__scene_id", "panel__position", "panel_id", "position")
    )
    members: dict[int, dict[str, Any]] = {}
    for row in rows:
        entry = members.setdefault(row.subject_id, {"subject": None, "outfits": [], "panels": []})
        entry["panels"].append(row.panel)
        if row.outfit and row.outfit.name not in entry["outfits"]:
            entry["outfits"].append(row.outfit.name)
    settings: dict[int, list[Scene]] = defaultdict(list)
    for scene in Scene.objects.filter(project=project, deleted=None):
        for pk in {scene.location_id or 0, scene.style_id or 0} - {0}:
            settings[pk].append(scene)
    for pk in settings:
        members.setdefault(pk, {"subject": None, "outfits": [], "panels": []})
    subjects = Subject.objects.with_portrait().in_bulk(list(members))
    for pk, entry in members.items():
        entry["subject"] = subjects[pk]
        entry["scenes"] = settings.get(pk, [])
    return list(members.values())
