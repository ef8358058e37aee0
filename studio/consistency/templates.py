"""How the takes of a project came out, by the template that worded them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from studio.board.models import Project, Take


@dataclass(frozen=True, slots=True)
class Outcome:
    """Takes worded by one version, and how many of them stand turned down."""

    version: str
    takes: int
    turned_down: int


def outcomes(project: Project) -> list[Outcome]:
    """One for each version that drew something in this project, the oldest first; takes of deleted panels do not count. One query."""
    rows = Take.objects.filter(panel__scene__project=project, panel__deleted=None, panel__scene__deleted=None)
    standing = Count("rejections", filter=Q(rejections__withdrawn=None))  # a take has at most one that stands
    counted = rows.exclude(template_version="").order_by("template_version").values("template_version")
    found = counted.annotate(takes=Count("pk", distinct=True), down=standing)
    made = [Outcome(row["template_version"], row["takes"], row["down"]) for row in found]
    return sorted(made, key=lambda one: (len(one.version), one.version))  # v9 before v10
