"""Leaving the studio: the export dialog with its preview, progress, and the file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board.models import Project
from studio.exports import actions, names, pages, pdf, sheet
from studio.exports.models import Export
from studio.exports.types import FIELDS, Options, Sheet
from studio.forms.exports import ExportForm
from studio.lib.typing import Request
from studio.media import renditions
from studio.views import access, htmx

LISTED = 50
TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


@require_http_methods(["GET", "POST"])
def export_new(request: Request, code: str) -> HttpResponse:
    """The dialog with its preview; POST asks for the file, once for a form however often it is sent."""
    project = access.project_for(request, code, Right.DRAW)
    if request.method == "GET":
        form = ExportForm(request.GET if "key" in request.GET else None, project=project)
        return _dialog(request, project, form)
    form = ExportForm(request.POST, project=project)
    context = _context(request, project, form)
    if not form.is_valid() or context["refusal"]:
        return _dialog(request, project, form, status=422)
    export = actions.request_export(
        project=project,
        by=access.me(request),
        key=form.cleaned_data["key"],
        format=form.cleaned_data["format"],
        options=form.options().stored(),
    )
    if request.htmx:
        return render(request, "exports/_made.html", {"project": project, "export": export})
    return redirect("exports", code=project.code)


@require_GET
def exports(request: Request, code: str) -> HttpResponse:
    """The files of a project and how far they are; asks itself again while one is being made."""
    project = access.project_for(request, code)
    rows = list(Export.objects.filter(project=project).select_related("created_by").order_by("-pk")[:LISTED])
    active = any(row.state in Export.ACTIVE for row in rows)
    context = {"project": project, "exports": rows, "active": active, "pdf_trouble": pdf.unavailable()}
    status = htmx.STOP_POLLING if request.htmx and not active else 200
    return htmx.page(request, "exports/list.html", context, partial="exports/_list.html", status=status)


@require_GET
def export(request: Request, code: str) -> HttpResponse:
    """How far one export is; asked every two seconds while it runs, and told to stop asking when it is over."""
    found = access.export_for(request, code)
    if not request.htmx:
        return redirect("exports", code=found.project.code)
    status = 200 if found.state in Export.ACTIVE else htmx.STOP_POLLING
    return render(request, "exports/_state.html", {"export": found}, status=status)


@require_GET
def export_download(request: Request, code: str) -> HttpResponse | FileResponse:
    """The file, as an attachment under its own name. One that ran out says so on the exports page."""
    found = access.export_for(request, code)
    try:
        file = storages["default"].open(found.path) if found.state == Export.State.DONE and found.path else None
    except FileNotFoundError:
        file = None
    if file is None:
        messages.info(request, "This file is no longer kept. Export it again.")
        return redirect("exports", code=found.project.code)
    actions.note_download(export=found, by=access.me(request))
    answer = FileResponse(file, as_attachment=True, filename=found.filename, content_type=TYPES[found.format])
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_POST
def export_cancel(request: Request, code: str) -> HttpResponse:
    """Stop one that is not finished yet."""
    found = access.export_for(request, code, Right.DRAW)
    actions.cancel(export=found, by=access.me(request))
    if request.htmx:
        found.refresh_from_db()
        return render(request, "exports/_state.html", {"export": found})
    return redirect("exports", code=found.project.code)


def _dialog(request: Request, project: Project, form: ExportForm, status: int = 200) -> HttpResponse:
    context = _context(request, project, form)
    if request.htmx and request.htmx.target == "export":
        return render(request, "exports/_options.html", context, status=status)
    return htmx.dialog(request, "exports/dialog.html", context, status=status)


def _context(request: Request, project: Project, form: ExportForm) -> dict[str, Any]:
    options, format = form.options(), form.chosen_format
    read = sheet.of(project, options)
    context: dict[str, Any] = {
        "project": project,
        "form": form,
        "options": options,
        "format": format,
        "key": form.chosen_key,
        "sheet": read,
        "fields": FIELDS,
        "pdf_trouble": pdf.unavailable(),
        "refusal": _refusal(read, format),
        "size": read.bytes_printed if format == "pdf" else read.bytes_original,
    }
    return context | (_preview(request, read, options) if format == "pdf" else {"files": names.of_pictures(read)})


def _refusal(read: Sheet, format: str) -> str:
    """Why the button is off; empty when it is on."""
    if format == Export.Format.PDF and pdf.unavailable():
        return pdf.unavailable()
    if not read.panels:
        return "There is no panel here to export."
    if format == Export.Format.ZIP and not read.pictures:
        return "No panel has a picture yet."
    return ""


def _preview(request: Request, read: Sheet, options: Options) -> dict[str, Any]:
    """One page of the storyboard, and links to its neighbours."""
    layout = pages.lay_out(read, options, source=lambda picture: renditions.url(picture.key, "640"))
    asked = request.GET.get("page", "")
    number = min(
        max(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1, 1), len(layout.pages) or 1
    )
    chosen = [(key, value) for key, values in request.GET.lists() for value in values if key != "page"]
    return {
        "layout": layout,
        "page": layout.pages[number - 1] if layout.pages else None,
        "previous": f"{request.path}?{urlencode([*chosen, ('page', number - 1)])}" if number > 1 else "",
        "next": f"{request.path}?{urlencode([*chosen, ('page', number + 1)])}" if number < len(layout.pages) else "",
    }
