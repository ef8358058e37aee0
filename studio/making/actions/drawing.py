"""Asking for sides that no reference shows: benches, jobs and money in one transaction, as for any picture."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from studio.accounts.models import Team, User
from studio.board import ordering
from studio.board.models import Panel, Project, Scene
from studio.generation.actions.asking import BY_HAND, MOST_TAKES, fresh_seed, may_draw, new_batch, new_job, write
from studio.generation.errors import Refused
from studio.generation.estimates import in_line
from studio.generation.models import Batch
from studio.generation.tiers import Choice
from studio.library.models import ReferenceSet
from studio.making import sides as made
from studio.making.models import Bench
from studio.prompting.sheet import Side

WORKSHOP = "References"


def draw_sides(
    *, reference_set: ReferenceSet, sides: Sequence[Side], choice: Choice, by: User | None, key: uuid.UUID,
    takes: int = 1, most: int = 0,
) -> Batch:  # fmt: skip
    """Ask for `takes` pictures of each side, as proposals for the set. The same key again answers with the batch it made.

    Raises Refused, OverCap where a spending limit would be passed.
    """
    sides = list(dict.fromkeys(sides))
    if not sides:
        raise Refused("Choose a view to draw.")
    if not 1 <= takes <= MOST_TAKES:
        raise Refused(f"Ask for 1 to {MOST_TAKES} pictures of a view at once.")
    with transaction.atomic():
        project = workshop(reference_set.subject.team)
        may_draw(choice, project)
        batch, new = new_batch(project, by, key, _title(reference_set, sides))
        if not new:
            return batch
        benches(reference_set, sides, project)
        rows = made.ready(reference_set, sides, choice)
        if wrong := next((row for row in rows if row.wrong), None):
            raise Refused(wrong.wrong)
        line = in_line(rows, takes, set(), most)
        priority = BY_HAND if len(line) == 1 else 0
        write(batch, [new_job(batch, row, fresh_seed() if row.limits.has_seed else None, priority) for row in line], by)
    return batch


def workshop(team: Team) -> Project:
    """The project that the team's references are drawn in. One, however many ask at once."""
    found, _ = Project.objects.get_or_create(team=team, workshop=True, defaults={"title": WORKSHOP})
    return found


def benches(reference_set: ReferenceSet, sides: Sequence[Side], project: Project) -> list[Bench]:
    """One for each side, those that were there already as they are. Inside a transaction."""
    ordering.hold(project)
    there = {
        (row.view, row.detail): row
        for row in Bench.objects.filter(reference_set=reference_set).select_related("panel__scene")
    }
    scene = next((row.panel.scene for row in there.values()), None)
    found = []
    for side in sides:
        bench = there.get((side.view, side.detail))
        if bench is None:
            scene = scene or _scene(reference_set, project)
            panel = Panel.objects.create(scene=scene, label=made.short(side), position=len(there), lens="")
            bench = Bench.objects.create(reference_set=reference_set, view=side.view, detail=side.detail, panel=panel)
            there[side.view, side.detail] = bench
        found.append(bench)
    return found


def _scene(reference_set: ReferenceSet, project: Project) -> Scene:
    subject, outfit = reference_set.subject, reference_set.outfit
    place = f"{subject.name}, {outfit.name}" if outfit else subject.name
    number = ordering.next_number(project)
    position = Scene.objects.filter(project=project).count()
    return Scene.objects.create(project=project, number=number, place=place[:120], position=position)


def _title(reference_set: ReferenceSet, sides: Sequence[Side]) -> str:
    name = reference_set.outfit.name if reference_set.outfit else reference_set.subject.name
    what = made.label(sides[0]).lower() if len(sides) == 1 else f"{len(sides)} views"
    return f"{name}, {what}"
