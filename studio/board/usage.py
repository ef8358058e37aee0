"""How much the library is used on boards: counted for many subjects at once, in two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from studio.board.models import Appearance, Panel
from studio.library.models import Subject


@dataclass(frozen=True)
class Usage:
    """`pictures`: panels with a picked take that show the subject, or stand in its place or style."""

    projects: int = 0
    panels: int = 0
    pictures: int = 0


def usage(subjects: Iterable[Subject]) -> dict[int, Usage]:
    """By subject id; subjects in no panel are absent."""
    wanted = {subject.pk for subject in subjects}
    live = Q(deleted=None, scene__deleted=None, scene__project__deleted=None)
    found: dict[int, set[tuple[int, int, bool]]] = defaultdict(set)
    cast = Appearance.objects.filter(subject__in=wanted, panel__in=Panel.objects.filter(live).values("pk"))
    for subject, project, panel, picked in cast.values_list(
        "subject_id", "panel__scene__project_id", "panel_id", "panel__picked_id"
    ):
        found[subject].add((project, panel, bool(picked)))
    set_in = Panel.objects.filter(live).filter(Q(scene__location__in=wanted) | Q(scene__style__in=wanted))
    for location, style, project, panel, picked in set_in.order_by().values_list(
        "scene__location_id", "scene__style_id", "scene__project_id", "pk", "picked_id"
    ):
        for subject in {location, style} & wanted:
            found[subject].add((project, panel, bool(picked)))
    return {
        subject: Usage(len({row[0] for row in rows}), len(rows), sum(row[2] for row in rows))
        for subject, rows in found.items()
    }
