"""Panels drawn in passes, picks drawn in another style. Each new picture is a take beside the others; nothing is picked for anybody."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db import transaction

from studio.accounts.models import User
from studio.board.models import Panel, Take
from studio.generation.actions.asking import BY_HAND, common_project, fresh_seed, may_draw, new_batch, new_job, write
from studio.generation.errors import Refused
from studio.generation.models import Batch
from studio.generation.tiers import Choice
from studio.library.models import Subject
from studio.making import upon


def draw_pass(
    *, panel: Panel, base: Take | None, added: Collection[str], choice: Choice, by: User | None, key: uuid.UUID
) -> Batch:
    """The next pass: everything of `base` kept, `added` (keys of the cast) brought in; without a base, the first. The same key again
    answers with the batch it made. Raises Refused, OverCap."""
    if base is not None and base.panel_id != panel.pk:
        raise Refused("That picture belongs to another panel.")
    project = panel.scene.project
    may_draw(choice, project)
    with transaction.atomic():
        batch, new = new_batch(project, by, key, f"Panel {panel.label}, {'next' if base else 'first'} pass")
        if not new:
            return batch
        row = upon.pass_ready(panel, base, added, choice)
        if row.wrong:
            raise Refused(row.wrong)
        write(batch, [new_job(batch, row, fresh_seed() if row.limits.has_seed else None, BY_HAND)], by)
    return batch


def restyle(
    *, takes: Sequence[Take], style: Subject, choice: Choice, by: User | None, key: uuid.UUID, most: int = 0
) -> Batch:
    """The takes repainted in the style, each as a new take of its panel. `most`: no more than so many. The same key again answers
    with its batch. Raises Refused, OverCap."""
    project = common_project([take.panel for take in takes])
    if style.team_id != project.team_id or style.deleted:
        raise Refused("That style is not in this team’s library.")
    may_draw(choice, project)
    with transaction.atomic():
        batch, new = new_batch(
            project, by, key, f"As {style.name}, {len(takes)} picture{'' if len(takes) == 1 else 's'}"
        )
        if not new:
            return batch
        rows = upon.restyle_ready(takes, style, choice)
        if wrong := next((row for row in rows if row.wrong), None):
            raise Refused(f"Panel {wrong.panel.label}: {wrong.wrong}")
        rows = rows[:most] if most else rows
        priority = BY_HAND if len(rows) == 1 else 0
        write(batch, [new_job(batch, row, fresh_seed() if row.limits.has_seed else None, priority) for row in rows], by)
    return batch
