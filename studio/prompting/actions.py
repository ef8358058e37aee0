"""How a project's and a panel's pictures are worded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.board import actions as board
from studio.board.errors import Refused
from studio.board.models import Panel, Project, Scene
from studio.lib.codes import code
from studio.prompting import versions
from studio.prompting.compiler import STRATEGIES
from studio.prompting.models import PanelPrompt

MOST_EDITS = 20
MOST_CHARACTERS = 2000
MARKER_STEPS = ("leave_out", "put_back", "send", "hide")
STEPS = ("pin", "unpin", "drop", "back", "earlier", "later")


def pin_template(*, project: Project, version: str, by: Any) -> bool:
    """Word the project's next pictures by this version. False where it is pinned already. Takes keep theirs. Raises Refused."""
    if version not in versions.BY_NAME:
        raise Refused("There is no such template.")
    with transaction.atomic():
        rows = Project.objects.filter(pk=project.pk, deleted=None).exclude(template_version=version)
        moved = rows.update(template_version=version, revision=F("revision") + 1, updated=timezone.now())
        if moved:
            record(
                verb="project.template", team=project.team, actor=by, about="project", code=project.code, project=project.code,
                title=project.title, version=version, before=project.template_version,
            )  # fmt: skip
    return bool(moved)


def choose_strategy(*, panel: Panel, strategy: str, by: Any) -> None:
    """Which of the two carries who it is in this panel; empty: by what the engine can see. Raises Refused."""
    if strategy and strategy not in STRATEGIES:
        raise Refused("There is no such way of wording.")
    with _held(panel, by, "strategy") as row:
        row.strategy = strategy


def save_words(*, panel: Panel, section: str, was: str, text: str, by: Any, edit: str = "") -> None:
    """One row as a person wants it, or (no section) a sentence of their own; `edit` names the one to replace.

    `was` is the row as it is compiled. The same words again, or none for a sentence, take the edit away. Raises Refused.
    """
    text = " ".join(text.split())
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"{len(text):,} characters; {MOST_CHARACTERS:,} are the most. Nothing was saved.")
    with _held(panel, by, "words") as row:
        kept = [one for one in row.edits if one["id"] != edit and not (section and one["section"] == section)]
        if text != " ".join(was.split()) and (section or text):
            if len(kept) >= MOST_EDITS:
                raise Refused(f"{MOST_EDITS} edits by hand are the most. Remove one first.")
            known = next((at for at, one in enumerate(row.edits) if one["id"] == edit), len(kept))
            new = {"id": edit or code(), "section": section, "was": was, "text": text, "by": str(by or ""), "at": timezone.now().isoformat()}  # fmt: skip
            kept.insert(known, new)
        row.edits = kept


def remove_words(*, panel: Panel, edit: str, by: Any) -> None:
    """Take one edit away. Twice is once."""
    with _held(panel, by, "words") as row:
        row.edits = [one for one in row.edits if one["id"] != edit]


def steer_plan(*, panel: Panel, reference: str, do: str, slots: Sequence[str], out: Sequence[str], by: Any) -> None:
    """Pin, unpin, drop or take back one reference, or move it: earlier, later. `slots` and `out` are the plan that was seen.

    Raises Refused for what is not there.
    """
    if do not in STEPS or reference not in (*slots, *out):
        raise Refused("That picture is not among this panel’s references any more.")
    with _held(panel, by, "plan") as row:
        pinned = [one for one in row.pinned if one != reference]
        dropped = [one for one in row.dropped if one != reference]
        if do == "pin":
            row.pinned, row.dropped = [*pinned, reference], dropped
        elif do == "drop":
            row.pinned, row.dropped = pinned, [*dropped, reference]
        elif do in ("unpin", "back"):
            row.pinned, row.dropped = pinned, dropped
        elif reference in slots:
            at = slots.index(reference)
            to = max(0, at - 1) if do == "earlier" else min(len(slots) - 1, at + 1)
            moved = [one for one in slots if one != reference]
            moved.insert(to, reference)
            row.order = moved


def steer_marker(*, panel: Panel, marker: str, do: str, known: Collection[str], by: Any) -> None:
    """Leave a marker (key) out of this panel's words, put it back, send it though the shot hides it, or leave that to the shot again.

    `known`: the keys of all markers that the panel's cast has. Raises Refused for what is not there.
    """
    if do not in MARKER_STEPS or marker not in known:
        raise Refused("That marker is not among this panel’s any more.")
    with _held(panel, by, "markers") as row:
        left_out = [one for one in row.left_out if one != marker and one in known]
        sent = [one for one in row.sent_anyway if one != marker and one in known]
        row.left_out = [*left_out, marker] if do == "leave_out" else left_out
        row.sent_anyway = [*sent, marker] if do == "send" else sent


def duplicate_panel(*, panel: Panel, by: Any) -> Panel:
    """As the board does it, and what people changed by hand goes along."""
    with transaction.atomic():
        copy = board.duplicate_panel(panel=panel, by=by)
        _copy([(panel, copy)])
    return copy


def duplicate_scene(*, scene: Scene, by: Any) -> Scene:
    """As the board does it, with what was changed by hand in its panels."""
    with transaction.atomic():
        copy = board.duplicate_scene(scene=scene, by=by)
        rows = Panel.objects.on_board()
        _copy(zip(rows.filter(scene=scene), rows.filter(scene=copy), strict=True))
    return copy


def duplicate_project(*, project: Project, by: Any) -> Project:
    """As the board does it, with what was changed by hand in its panels."""
    with transaction.atomic():
        copy = board.duplicate_project(project=project, by=by)
        rows = Panel.objects.on_board()
        _copy(zip(rows.filter(scene__project=project), rows.filter(scene__project=copy), strict=True))
    return copy


def _copy(pairs: Iterable[tuple[Panel, Panel]]) -> None:
    copies = {panel.pk: copy for panel, copy in pairs}
    rows = PanelPrompt.objects.filter(panel__in=list(copies))
    names = ("strategy", "edits", "pinned", "dropped", "order", "left_out", "sent_anyway")
    PanelPrompt.objects.bulk_create(
        PanelPrompt(panel=copies[row.panel_id], **{name: getattr(row, name) for name in names}) for row in rows
    )


def plan_anew(*, panel: Panel, by: Any) -> None:
    """Let the studio choose and order the references again."""
    with _held(panel, by, "plan") as row:
        row.pinned, row.dropped, row.order = [], [], []


@contextmanager
def _held(panel: Panel, by: Any, what: str) -> Iterator[PanelPrompt]:
    """The panel's layer under a lock, saved and recorded if it changed. A layer that is empty again is no row."""
    with transaction.atomic():
        Panel.objects.select_for_update().get(pk=panel.pk)
        row = PanelPrompt.objects.filter(panel=panel).first() or PanelPrompt(panel=panel)
        before = _state(row)
        yield row
        if _state(row) == before:
            return
        if any(_state(row)):
            row.save()
        elif row.pk:
            row.delete()
        project = panel.scene.project
        record(
            verb=f"panel.{what}", team=project.team, actor=by, about="panel", code=panel.code, project=project.code,
            label=panel.label,
        )  # fmt: skip


def _state(row: PanelPrompt) -> tuple[Any, ...]:
    steered = (list(row.pinned), list(row.dropped), list(row.order))
    return row.strategy, list(row.edits), *steered, list(row.left_out), list(row.sent_anyway)
