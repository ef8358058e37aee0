"""The template that words a project's pictures: what another one would say, panel by panel, and moving to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.board.errors import Refused
from studio.board.models import Panel, Project
from studio.consistency.templates import outcomes
from studio.generation import cost, tiers
from studio.generation.errors import Refused as NotDrawn
from studio.generation.tiers import Choice
from studio.lib.typing import Request
from studio.prompting import actions, brief, difference, freeze, versions
from studio.providers.base import Limits
from studio.views import access

SHOWN = 60  # panels set side by side on one page


@require_http_methods(["GET", "POST"])
def project_template(request: Request, code: str) -> HttpResponse:
    """GET sets the pinned template beside another on the project's own panels; POST moves to it."""
    if request.method == "POST":
        project = access.project_for(request, code, Right.PRODUCE)
        version = request.POST.get("version", "")
        try:
            if actions.pin_template(project=project, version=version, by=request.user):
                messages.success(
                    request, f"{project} is worded by {version} from now on. Takes already drawn keep theirs."
                )
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("project_template", code)
    project = access.project_for(request, code)
    return render(request, "prompts/template.html", _context(project, request.GET.get("against", "")))


def _context(project: Project, wanted: str) -> dict[str, Any]:
    other = difference.other_than(project.template_version, wanted)
    panels = list(Panel.objects.on_board().filter(scene__project=project).select_related("scene__project__team"))
    ready = _ready(project, panels)
    changed = [(panel, rows) for panel, one in ready if (rows := difference.against(one, other))]
    return {
        "outcomes": outcomes(project), "lost": sum(difference.lost(one, other) for _, one in ready),
        "project": project, "pinned": project.template_version, "other": other, "newest": versions.NEWEST,
        "versions": [version.VERSION for version in versions.ALL],
        "total": len(panels), "changed": changed[:SHOWN], "changed_count": len(changed), "more": max(0, len(changed) - SHOWN),
    }  # fmt: skip


def _ready(project: Project, panels: list[Panel]) -> list[tuple[Panel, freeze.Prepared]]:
    """Each panel planned and worded for what would draw it: a constant number of queries."""
    choices = tiers.for_panels(panels, tiers.all_choices(project.team))
    found = zip(panels, choices, brief.for_panels(panels), strict=True)
    return [(panel, freeze.prepared(one, _limits(choice))) for panel, choice, one in found]


def _limits(choice: Choice) -> Limits:
    try:
        return cost.limits_of(choice)
    except NotDrawn:  # the tier names a model that is gone: planned as the sketch would have it
        return tiers.sketch().limits
