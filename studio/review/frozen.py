"""A panel as it goes into a round, and whether it is still the same as one that was sent before."""

from __future__ import annotations

from collections.abc import Iterable

from studio.board import vocabulary
from studio.board.models import Panel, Project
from studio.board.queries import heading
from studio.review.models import Round, RoundPanel

WORDS = ("shot", "action", "dialogue", "sound", "seconds")  # what an approval was given to, beside the picture


def shot(panel: Panel) -> str:
    """In full words: "Medium, low, dolly in"."""
    parts = [vocabulary.label("shot_size", panel.shot_size), vocabulary.label("angle", panel.angle).lower()]
    if panel.movement:
        parts.append(vocabulary.label("movement", panel.movement).lower())
    return ", ".join(part for part in parts if part)


def freeze(panel: Panel, position: int) -> RoundPanel:
    """An unsaved row. The panel needs its scene, pick and image at hand. Raises AttributeError without a pick."""
    take = panel.picked
    assert take is not None
    said = shot(panel)
    return RoundPanel(
        panel=panel, take=take, image=take.image, sha256=take.image.sha256, drawn_by_id=take.drawn_by_id, position=position,
        scene_code=panel.scene.code, scene_number=panel.scene.number, scene_heading=heading(panel.scene)[:200],
        label=panel.label, shot=said[:200], action=panel.action, dialogue=panel.dialogue, sound=panel.sound,
        seconds=panel.seconds, alt=": ".join(part for part in (said, panel.action) if part)[:500],
    )  # fmt: skip


def changed(now: RoundPanel, before: RoundPanel) -> list[str]:
    """What differs between two states of a panel: "picture", "words"; empty where an approval of one holds for the other."""
    found = ["picture"] if now.sha256 != before.sha256 else []
    if any(getattr(now, name) != getattr(before, name) for name in WORDS):
        found.append("words")
    return found


def board(project: Project) -> list[Panel]:
    """The panels of the board in order, with what `freeze` reads: one query."""
    rows = Panel.objects.on_board().filter(scene__project=project)
    return list(rows.select_related("scene__location", "picked__image"))


def approvals(panels: Iterable[Panel]) -> dict[int, RoundPanel]:
    """The newest state of each panel (by pk) that was sent in a round that counts, whatever was said of it."""
    rows = RoundPanel.objects.filter(panel__in=[panel.pk for panel in panels])
    rows = rows.exclude(round__state=Round.State.WITHDRAWN).order_by("round__number").select_related("round", "carried")
    return {row.panel_id: row for row in rows}
