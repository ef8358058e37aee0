"""The list of projects, a new one, its settings, and putting it away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board import actions as verbs
from studio.board.models import Project
from studio.forms.projects import ProjectForm, ProjectSettingsForm
from studio.views import access, htmx


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    rows = Project.objects.for_team(access.team(request)).order_by("-updated")
    return htmx.page(request, "projects/list.html", {"projects": rows}, partial="projects/_grid.html")


@require_http_methods(["GET", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    team = access.team(request, Right.DRAW)
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verbs.create_project(team=team, by=access.me(request), **form.cleaned_data)
        return redirect("projects")
    return htmx.dialog(request, "projects/new_dialog.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def project_settings(request: HttpRequest, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DRAW)
    form = ProjectSettingsForm(request.POST or None, project=project)
    return render(request, "projects/settings.html", {"project": project, "form": form})


@require_POST
def project_delete(request: HttpRequest, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DELETE)
    verbs.delete_project(project=project, by=access.me(request))
    return redirect("projects")


@require_POST
def project_restore(request: HttpRequest, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DELETE, deleted=True)
    verbs.restore_project(project=project, by=access.me(request))
    return redirect("projects")
