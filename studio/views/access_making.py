"""Proposals, each fetched with the right to see or decide about it. As `access`."""

from __future__ import annotations

from django.http import HttpRequest

from studio.accounts.rights import Right
from studio.board.models import Project, Take
from studio.making.models import Bench, Campaign
from studio.views import access


def proposal_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Take:
    """A take that was drawn as a reference."""
    owned = (
        "panel__scene__project__team",
        "panel__bench__reference_set__subject",
        "panel__bench__reference_set__outfit",
    )
    rows = Take.objects.with_picture().select_related(*owned)
    rows = rows.filter(panel__bench__isnull=False, panel__bench__reference_set__subject__deleted=None)
    return access._fetch(request, rows, right, "panel__scene__project__team_id", code=code)


def bench_for(request: HttpRequest, panel_code: str, right: Right = Right.SEE) -> Bench:
    """The bench of a panel of the workshop: where its links lead."""
    rows = Bench.objects.select_related("reference_set__subject__team", "reference_set__outfit")
    rows = rows.filter(reference_set__subject__deleted=None)
    return access._fetch(request, rows, right, "reference_set__subject__team_id", panel__code=panel_code)


def grid_asked(request: HttpRequest, project: Project) -> Campaign | None:
    """The campaign grid of this project that the address names: `?grid=`; None where it names none. 404 for one of another project."""
    code = request.GET.get("grid", "")
    rows = Campaign.objects.filter(project=project).select_related("project")
    return access._fetch(request, rows, Right.SEE, "project__team_id", code=code) if code else None
