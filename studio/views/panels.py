"""One panel: its page, the inspector, autosaved fields, moving, copying, deleting."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board import actions, queries, vocabulary
from studio.board.errors import Conflict, Refused
from studio.board.models import Panel
from studio.forms import board as forms
from studio.lib.typing import Request
from studio.prompting import actions as prompting
from studio.views import access, access_making, htmx, pricing, working
from studio.views import board as boards
from studio.views.references import page_of

STEPS = (("earlier", "Earlier", "chevron-left"), ("later", "Later", "chevron-right"), ("", "To the start", "skip-back"))


@require_http_methods(["GET", "POST"])
def panel(request: Request, code: str) -> HttpResponse:
    """The board with this panel in the inspector. POST saves all its fields at once: the Save button without scripts."""
    try:
        row = access.panel_for(request, code, Right.DRAW if request.method == "POST" else Right.SEE)
    except Http404:  # a reference is drawn on a panel too: its page is that of its set
        return redirect(page_of(access_making.bench_for(request, code).reference_set))
    if request.method == "POST":
        return _save_all(request, row)
    return render(request, "board/board.html", boards.board_page(request, row.scene.project, row))


@require_GET
def inspector(request: Request, code: str) -> HttpResponse:
    row = access.panel_for(request, code)
    if not request.htmx:
        return redirect("panel", code=row.code)
    response = render(request, "panels/_inspector.html", working.inspector_context(request, row))
    response["HX-Push-Url"] = reverse("panel", args=[row.code])
    return response


def inspector_and_card(request: Request, code: str) -> HttpResponse:
    """The inspector's content with the panel's card out of band: the answer to whatever changed the panel from outside its fields."""
    row = access.panel_for(request, code)
    return working.after_inspector(request, row.scene.project, row)


@require_GET
def card(request: Request, code: str) -> HttpResponse:
    row = access.panel_for(request, code)
    return HttpResponse(boards.cards(request, row.scene.project, [row], chosen=request.GET.get("chosen", "")))


@require_GET
def look(request: Request, code: str) -> HttpResponse:
    """Quick look: the whole picture, its words, and the way to the panels beside it."""
    row = access.panel_for(request, code)
    before, after = queries.neighbours(row)
    project = row.scene.project
    words = (
        vocabulary.label("shot_size", row.shot_size),
        vocabulary.short("angle", row.angle),
        row.lens,
        f"{row.seconds} s",
    )
    context = {
        "panel": row,
        "project": project,
        "before": before,
        "after": after,
        "ratio": queries.css_ratio(project.aspect),
        "alt": working.alt_text(row),
        "shot_line": " · ".join(word for word in words if word),
    }
    return htmx.dialog(request, "panels/look_dialog.html", context)


@require_POST
def panel_add(request: Request, code: str) -> HttpResponse:
    """A new panel at the end of the scene, or after the panel that `after` names."""
    scene = access.scene_for(request, code, Right.DRAW)
    after = None
    if request.POST.get("after"):
        after = access.panel_for(request, request.POST["after"], Right.DRAW)
        if after.scene_id != scene.pk:
            after = None
    row = actions.add_panel(scene=scene, after=after, by=request.user)
    return boards.back(request, scene.project, [scene], f"Panel {row.label} added.", row.code)


@require_POST
def panel_field(request: Request, code: str) -> HttpResponse:
    """Autosave of one field: 200 saved, 409 somebody else changed it, 422 not like this. Typed text stays in the page."""
    row = access.panel_for(request, code, Right.DRAW)
    field = forms.given(request.POST)
    if not field:
        return render(request, "panels/_field_state.html", {"state": "invalid", "error": "Say one field."}, status=422)
    context: dict[str, Any] = {"panel": row, "field": field, "mine": request.POST.get(field, "")}
    try:
        row = context["panel"] = save_field(request, row, field)
    except (ValidationError, Refused) as refusal:
        error = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
        return render(request, "panels/_field_state.html", context | {"state": "invalid", "error": error}, status=422)
    except Conflict as conflict:
        context |= {"row": conflict.row, "state": "conflict", "theirs": forms.as_shown(conflict.row, field)}
        return render(request, "panels/_field_state.html", context, status=409)
    if not request.htmx:
        return redirect("panel", code=row.code)
    context |= {"state": "saved", "card": boards.cards(request, row.scene.project, [row], chosen=row.code)}
    if field == "tier":
        context |= {"project": row.scene.project, "deal": pricing.of_panel(row), "key": uuid.uuid4()}
    if field == "seconds":
        context |= boards.board_context(request, row.scene.project)
    return render(request, "panels/_field_saved.html", context)


def save_field(request: Request, row: Panel, field: str) -> Panel:
    """Clean and save one field of the form at hand. Raises ValidationError, Refused, Conflict."""
    project = row.scene.project
    value = forms.clean_field(project, row, field, request.POST.get(field, ""))
    was = request.POST.get(f"was-{field}")
    try:
        before = None if was is None else forms.clean_field(project, row, field, was)
    except ValidationError:
        before = None
    given = request.POST.get("revision", "")
    revision = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    return actions.edit_field(panel=row, field=field, value=value, was=before, revision=revision, by=request.user)


def _save_all(request: Request, row: Panel) -> HttpResponse:
    notices: dict[str, dict[str, Any]] = {}
    for field in actions.FIELDS:
        if field not in request.POST or request.POST[field] == request.POST.get(f"was-{field}"):
            continue
        try:
            save_field(request, row, field)
        except (ValidationError, Refused) as refusal:
            error = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
            notices[field] = {"state": "invalid", "error": error, "mine": request.POST[field]}
        except Conflict as conflict:
            theirs = forms.as_shown(conflict.row, field)
            notices[field] = {"state": "conflict", "theirs": theirs, "mine": request.POST[field]}
    if not notices:
        return redirect("panel", code=row.code)
    row = access.panel_for(request, row.code, Right.DRAW)
    status = 409 if any(notice["state"] == "conflict" for notice in notices.values()) else 422
    context = boards.board_page(request, row.scene.project, row, notices=notices)
    return render(request, "board/board.html", context, status=status)


@require_GET
def panel_menu(request: Request, code: str) -> HttpResponse:
    """What can be done with one panel: the dialog behind its three dots."""
    row = access.panel_for(request, code, Right.DRAW)
    scenes = row.scene.project.scenes.filter(deleted=None).exclude(pk=row.scene_id)
    return htmx.dialog(
        request,
        "panels/menu_dialog.html",
        {"panel": row, "project": row.scene.project, "scenes": scenes, "steps": STEPS},
    )


@require_POST
def panel_move(request: Request, code: str) -> HttpResponse:
    """By neighbour: `after` names a panel, empty is the start; `scene` another scene, at its end unless `after` says where.

    Or by one step: `step` is earlier or later. What others moved meanwhile stays where they put it.
    """
    row = access.panel_for(request, code, Right.DRAW)
    before, step = row.scene, request.POST.get("step", "")
    if step in ("earlier", "later"):
        actions.step_panel(panel=row, later=step == "later", by=request.user)
    else:
        scene = row.scene
        if request.POST.get("scene"):
            scene = access.scene_for(request, request.POST["scene"], Right.DRAW)
        if scene.project_id != row.scene.project_id:
            return HttpResponse(status=404)
        after = _neighbour(request, row, scene.pk)
        actions.move_panels(panels=[row], scene=scene, after=after, by=request.user)
    row = access.panel_for(request, code)
    order = [panel.pk for panel in Panel.objects.on_board().filter(scene=row.scene)]
    words = f"{row.label} moved"
    if row.pk in order:  # nobody carried it on in the meantime
        words += f" to {order.index(row.pk) + 1} of {len(order)}"
    words += f" in scene {row.scene.number}." if row.scene_id != before.pk else "."
    return boards.back(request, row.scene.project, [before, row.scene], words, _chosen(request))


def _chosen(request: Request) -> str:
    """The code of the panel that is in the inspector; nothing for what can be no code."""
    code = request.POST.get("chosen", "")
    return code if code.isascii() and code.isalnum() else ""


def _neighbour(request: Request, row: Panel, scene_id: int) -> Panel | None:
    """The panel to stand after; None is the start. A neighbour that has left the scene, or none named, means its end."""
    named = request.POST.get("after")
    if named == "":
        return None
    others = Panel.objects.on_board().filter(scene=scene_id).exclude(pk=row.pk)
    return others.filter(code=(named or "").replace("\0", "")).first() or others.last()


@require_POST
def panel_duplicate(request: Request, code: str) -> HttpResponse:
    row = access.panel_for(request, code, Right.DRAW)
    copy = prompting.duplicate_panel(panel=row, by=request.user)
    return boards.back(request, row.scene.project, [row.scene], f"{row.label} copied as {copy.label}.", copy.code)


@require_POST
def panel_delete(request: Request, code: str) -> HttpResponse:
    row = access.panel_for(request, code, Right.DRAW)
    actions.delete_panels(panels=[row], by=request.user)
    return boards.gone(request, row.scene.project, [row])


@require_POST
def panel_restore(request: Request, code: str) -> HttpResponse:
    row = access.panel_for(request, code, Right.DRAW, deleted=True)
    actions.restore_panels(panels=[row], by=request.user)
    return boards.back(request, row.scene.project, [row.scene], f"Panel {row.label} is back.", row.code)
