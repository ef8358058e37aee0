"""Leaving the studio: the export dialog with its preview, progress, and the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.exports import actions
from studio.views import access


@require_http_methods(["GET", "POST"])
def export_new(request: HttpRequest, code: str) -> HttpResponse:
    """The dialog with its preview; POST asks for the file."""
    project = access.project_for(request, code, Right.DRAW)
    return redirect("exports", code=project.code)


@require_GET
def exports(request: HttpRequest, code: str) -> HttpResponse:
    """The files of a project and how far they are."""
    project = access.project_for(request, code)
    return render(request, "exports/list.html", {"project": project})


@require_GET
def export(request: HttpRequest, code: str) -> HttpResponse:
    """How far one export is; asked every two seconds while it runs."""
    found = access.export_for(request, code)
    return redirect("exports", code=found.project.code)


@require_GET
def export_download(request: HttpRequest, code: str) -> HttpResponse:
    """The file itself."""
    found = access.export_for(request, code)
    return redirect("exports", code=found.project.code)


@require_POST
def export_cancel(request: HttpRequest, code: str) -> HttpResponse:
    found = access.export_for(request, code, Right.DRAW)
    actions.cancel(export=found, by=request.user)
    return redirect("exports", code=found.project.code)



