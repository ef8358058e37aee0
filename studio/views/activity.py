"""Who did what, when: of the team, and of one project."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from studio.accounts.models import Membership
from studio.board.models import Project
from studio.lib.typing import Request
from studio.notices import feed
from studio.notices.sentences import Group
from studio.views import access, htmx

LARGEST = 2**62  # no row has a higher number, on either database


@require_GET
def activity(request: Request) -> HttpResponse:
    return _page(request, access.membership(request))


@require_GET
def project_activity(request: Request, code: str) -> HttpResponse:
    project = access.project_for(request, code)
    return _page(request, request.membership, project)


def _page(request: Request, mine: Membership, project: Project | None = None) -> HttpResponse:
    group = request.GET.get("group", "")
    asked: dict[str, Any] = {
        "group": group if group in Group.values else "",
        "who": number(request.GET.get("who", "")),
        "before": number(request.GET.get("before", "")),
    }
    found = feed.activity(member=mine, project=project, **asked)
    context = {
        "feed": found, "project": project, "tab": "activity", "here": "" if project else "notices", **asked,
        "groups": Group.choices, "people": feed.people(mine.team), "unread": feed.unread(mine.user, mine.team),
    }  # fmt: skip
    template = "activity/project.html" if project else "activity/team.html"
    return htmx.page(request, template, context, partial="activity/_older.html")


def number(typed: str) -> int:
    """What stands in the address for a row's number; 0 for anything else."""
    return min(int(typed), LARGEST) if typed.isascii() and typed.isdigit() and len(typed) < 30 else 0
