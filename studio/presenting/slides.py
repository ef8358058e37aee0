"""A board or a round as a row of slides: what is seen, said and for how long. One query each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.board import vocabulary
from studio.board.models import Panel, Project
from studio.board.queries import heading
from studio.media.models import Image
from studio.review.models import Round

SHORTEST = 0.5  # seconds a slide stays, whatever its panel says


@dataclass(frozen=True, slots=True)
class Slide:
    """One panel as it is played. `code` names it in addresses; `seconds` is how long it stays."""

    code: str
    label: str
    heading: str  # "Scene 1. Int. repair workshop, night"
    action: str
    dialogue: str
    seconds: float
    alt: str
    image: Image | None


def of_board(project: Project) -> list[Slide]:
    """The board as it is now, with its picked takes."""
    rows = Panel.objects.on_board().filter(scene__project=project)
    return [
        Slide(
            panel.code, panel.label, f"Scene {panel.scene.number}. {heading(panel.scene)}", panel.action, panel.dialogue,
            _seconds(panel.seconds), _alt(panel), panel.picked.image if panel.picked else None,
        )
        for panel in rows.select_related("scene__location", "picked__image")
    ]  # fmt: skip


def of_round(round_: Round) -> list[Slide]:
    """The round as it was sent."""
    return [
        Slide(
            row.code, row.label, f"Scene {row.scene_number}. {row.scene_heading}".rstrip(". "), row.action, row.dialogue,
            _seconds(row.seconds), row.alt, row.image,
        )
        for row in round_.panels.select_related("image").order_by("position")
    ]  # fmt: skip


def place(slides: list[Slide], code: str) -> int:
    """Where the panel of this code stands; the first where there is none such."""
    return next((n for n, slide in enumerate(slides) if slide.code == code), 0)


def length(slides: Iterable[Slide]) -> float:
    return sum(slide.seconds for slide in slides)


def clock(seconds: float) -> str:
    """ "00:04.2"."""
    tenths = round(seconds * 10)
    return f"{tenths // 600:02d}:{tenths % 600 / 10:04.1f}"


def _seconds(value: object) -> float:
    return max(float(str(value)), SHORTEST)


def _alt(panel: Panel) -> str:
    shot = vocabulary.label("shot_size", panel.shot_size)
    return ": ".join(part for part in (shot, panel.action[:200]) if part) or f"Panel {panel.label}"
