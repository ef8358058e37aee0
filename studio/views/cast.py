"""Who is in a panel, and the page of a project's cast."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.board import actions, queries
from studio.board.errors import Refused
from studio.forms.board import CastForm
from studio.lib.typing import Request
from studio.library.models import Kind
from studio.views import access, working

ICONS = {Kind.CHARACTER: "user-round", Kind.PRODUCT: "package", Kind.LOCATION: "map-pin", Kind.STYLE: "palette"}


@require_GET
def project_cast(request: Request, code: str) -> HttpResponse:
    """Who appears where, with the way to the library."""
    project = access.project_for(request, code)
    members = queries.cast(project)
    for member in members:
        member["portrait"] = working.portrait(member["subject"])
        member["icon"] = ICONS[member["subject"].kind]
    return render(request, "board/cast.html", {"project": project, "members": members})


@require_POST
def cast_add(request: Request, code: str) -> HttpResponse:
    """`subject`: the code of a character or product of the library."""
    panel = access.panel_for(request, code, Right.DRAW)
    error = ""
    if not request.POST.get("subject"):
        error = "Choose who to add."
    else:
        try:
            subject = access.subject_for(request, request.POST["subject"], Right.DRAW)
            actions.add_to_cast(panel=panel, subject=subject, by=request.user)
        except Refused as refusal:
            error = str(refusal)
    return working.after_inspector(request, panel.scene.project, panel, cast_error=error, status=422 if error else 200)


@require_POST
def cast_edit(request: Request, pk: int) -> HttpResponse:
    row = access.appearance_for(request, pk, Right.DRAW)
    form, error = CastForm(request.POST, appearance=row), ""
    if form.is_valid():
        try:
            actions.edit_cast(appearance=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            error = str(refusal)
    else:
        error = " ".join(
            message for messages in form.errors.as_data().values() for error in messages for message in error.messages
        )
    return working.after_inspector(
        request, row.panel.scene.project, row.panel, cast_error=error, open_row=row.pk, status=422 if error else 200
    )


@require_POST
def cast_remove(request: Request, pk: int) -> HttpResponse:
    row = access.appearance_for(request, pk, Right.DRAW)
    panel = row.panel
    actions.remove_from_cast(appearance=row, by=request.user)
    return working.after_inspector(request, panel.scene.project, panel)
