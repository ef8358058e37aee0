"""The list of projects, a new one, its settings, putting it away and bringing it back."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board import actions
from studio.board.errors import Conflict
from studio.board.models import Project
from studio.forms.projects import ProjectForm, ProjectSettingsForm, clean_project_field
from studio.lib.typing import Request
from studio.prompting import actions as prompting
from studio.prompting import versions
from studio.review.queries_home import waits
from studio.views import access, autosave, htmx
from studio.views.overview import overview

KINDS = (("", "All"), (Project.Kind.STORYBOARD, "Storyboards"), (Project.Kind.LOOKBOOK, "Lookbooks"))
SORTS = {"changed": "Last changed", "title": "Title"}


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    kind, sort = request.GET.get("kind", ""), request.GET.get("sort", "changed")
    member = access.membership(request)
    found = overview(member.team)
    cards = [card for card in found.cards if not kind or card.project.kind == kind]
    if sort == "title":
        cards.sort(key=lambda card: card.project.title.casefold())
    context = {
        "here": "projects",
        "cards": cards,
        "attention": found.attention,
        "waits": waits(member.team, request.user, producer=member.may(Right.PRODUCE)),
        "kinds": KINDS,
        "kind": kind,
        "sort": sort if sort in SORTS else "changed",
        "sample": any(card.project.sample for card in found.cards),
    }
    return htmx.page(request, "projects/list.html", context, partial="projects/_list.html")


@require_http_methods(["GET", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    team = access.team(request, Right.DRAW)
    form = ProjectForm(request.POST or None, initial={"kind": request.GET.get("kind", Project.Kind.STORYBOARD)})
    if request.method == "POST" and form.is_valid():
        project = actions.create_project(
            team=team, by=access.me(request), template_version=versions.NEWEST, **form.cleaned_data
        )
        return redirect("board", project.code)
    return htmx.dialog(request, "projects/new_dialog.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def project_settings(request: HttpRequest, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DRAW)
    form, theirs = ProjectSettingsForm(request.POST or None, project=project), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_project(project=project, by=access.me(request), **form.changes())
            return redirect("board", project.code)
        except Conflict as conflict:
            theirs = conflict.row
            form.stand_on(theirs)
    status = 409 if theirs else 422 if form.errors else 200
    context = {"here": "projects", "project": project, "form": form, "theirs": theirs}
    return htmx.page(request, "projects/settings.html", context, status=status)


@require_POST
def project_field(request: Request, code: str) -> HttpResponse:
    """Autosave of one setting: 200 saved, 409 somebody else changed it, 422 not like this. Typed text stays in the page."""
    project = access.project_for(request, code, Right.DRAW)
    field = request.POST.get("field", "")
    try:
        value, before = clean_project_field(project, field, request.POST.get(field, "")), {}
        with suppress(ValidationError, KeyError):
            before = {"was": clean_project_field(project, field, request.POST[f"was-{field}"])}
        revision = autosave.revision_of(request)
        project = actions.edit_project_field(
            project=project, field=field, value=value, revision=revision, by=request.user, **before
        )
    except ValidationError as refusal:
        context = {"state": "invalid", "error": refusal.messages[0]}
        return render(request, "panels/_field_state.html", context, status=422)
    except Conflict as conflict:
        theirs = ProjectSettingsForm(project=conflict.row).initial[field]
        row = autosave.last_change("project", conflict.row)
        notice = {"state": "conflict", "theirs": theirs or "nothing", "theirs_value": theirs, "row": row}
        return render(request, "panels/_field_state.html", notice, status=409)
    if not request.htmx:
        return redirect("project_settings", project.code)
    return render(request, "panels/_field_state.html", {"state": "saved", "row": project})


@require_POST
def project_duplicate(request: HttpRequest, code: str) -> HttpResponse:
    """A copy with scenes, panels and cast; its pictures are yet to be drawn."""
    project = access.project_for(request, code, Right.DRAW)
    copy = prompting.duplicate_project(project=project, by=access.me(request))
    return redirect("board", copy.code)


@require_POST
def project_delete(request: HttpRequest, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DELETE)
    actions.delete_project(project=project, by=access.me(request))
    htmx.offer_undo(request, f"{project} deleted.", reverse("project_restore", args=[code]))
    return redirect("projects")


@require_POST
def project_restore(request: HttpRequest, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DELETE, deleted=True)
    actions.restore_project(project=project, by=access.me(request))
    return redirect("projects")
