"""The first page: a welcome while the team has nothing, its projects after that; and the sample."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from studio.board.models import Project
from studio.library.models import Subject
from studio.views import access


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    team = access.team(request)
    if Project.objects.for_team(team).exists() or Subject.objects.for_team(team).exists():
        return redirect("projects")
    return render(request, "home/welcome.html", {})
