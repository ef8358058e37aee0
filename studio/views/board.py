"""The board: a project's scenes with their cards, and the panel that is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from studio.accounts.rights import Right
from studio.board import actions, queries
from studio.board.errors import Refused
from studio.board.models import Panel, Project, Scene
from studio.forms.board import BulkForm, OwnWordForm
from studio.lib.typing import Request
from studio.templatetags.board_tags import out_of_band
from studio.views import access, htmx, working


@require_GET
def board(request: Request, code: str) -> HttpResponse:
    project = access.project_for(request, code)
    return render(request, "board/board.html", board_page(request, project))


def board_page(request: Request, project: Project, panel: Panel | None = None, **more: Any) -> dict[str, Any]:
    """What the board's page shows, with a panel in the inspector or none."""
    context = board_context(request, project)
    if panel is not None:
        context |= working.inspector_context(request, panel, **more)
    return context | working.batch_context(project) | more


def board_context(request: Request, project: Project, scenes: list[Scene] | None = None) -> dict[str, Any]:
    """`board` with the states of its jobs merged in; scenes that this browser folded say so."""
    found = working.merged(queries.board(project, scenes))
    folded = request.COOKIES.get("folded", "")[:4000].split(".")
    for scene in found.scenes:
        scene.folded = scene.code in folded
    ratio = queries.css_ratio(project.aspect)
    return {"board": found, "project": project, "ratio": ratio, "may": working.may(request)}


def changed(
    request: Request,
    project: Project,
    scenes: Iterable[Scene] = (),
    *,
    chosen: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The scenes that changed and the outline, each out of band: what any change of order or number answers."""
    context = changed_context(request, project, scenes) | {"chosen": chosen, **more}
    response = render(request, "board/_changed.html", context, status=status)
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "dialog-close", {}, after="settle")


def changed_context(request: Request, project: Project, scenes: Iterable[Scene]) -> dict[str, Any]:
    context = board_context(request, project)
    wanted = {scene.code for scene in scenes}
    return context | {"changed": [scene for scene in context["board"].scenes if scene.code in wanted]}


def cards(request: Request, project: Project, panels: Iterable[Panel], *, chosen: str = "") -> str:
    """These panels' cards as out-of-band parts of another answer."""
    found = working.merged_cards(queries.cards([panel.pk for panel in panels]))
    return out_of_band(found, bool(working.may(request).get("draw")), chosen)


@require_http_methods(["GET", "POST"])
def panels_bulk(request: Request, code: str) -> HttpResponse:
    """GET: the dialog for the chosen panels. POST: `act` is edit, delete or restore."""
    project = access.project_for(request, code, Right.DRAW)
    data = request.POST if request.method == "POST" else request.GET
    if request.GET.get("act") == "restore" and request.method == "POST":
        data = request.GET  # the address of a toast's Undo
    chosen = list(dict.fromkeys(data.getlist("panels")))
    act = data.get("act", "") if request.method == "POST" else ""
    panels = access.panels_for(request, project, chosen, deleted=act == "restore")
    if not panels:
        return _nothing_chosen(request, project)
    if act == "delete":
        actions.delete_panels(panels=panels, by=request.user)
        return gone(request, project, panels)
    if act == "restore":
        actions.restore_panels(panels=panels, by=request.user)
        return back(request, project, [panel.scene for panel in panels], f"{count(panels)} back on the board.")
    form = BulkForm(request.POST if act == "edit" else None, project=project)
    if act == "edit" and form.is_valid():
        return _bulk_edited(request, project, panels, form)
    context = {"project": project, "panels": panels, "form": form}
    return htmx.dialog(request, "board/bulk_dialog.html", context, status=422 if form.errors else 200)


def _bulk_edited(request: Request, project: Project, panels: list[Panel], form: BulkForm) -> HttpResponse:
    add, remove, scene = (form.cleaned_data[name] for name in ("add", "remove", "scene"))
    before = [panel.scene for panel in panels]
    actions.bulk_edit(
        panels=panels,
        by=request.user,
        changes=form.changes(),
        add=[add] if add else [],
        remove=[remove] if remove else [],
    )
    if scene is not None:
        last = Panel.objects.on_board().filter(scene=scene).exclude(pk__in=[p.pk for p in panels]).last()
        actions.move_panels(panels=panels, scene=scene, after=last, by=request.user)
        before.append(scene)
    return back(request, project, before, f"{count(panels)} changed.")


def _nothing_chosen(request: Request, project: Project) -> HttpResponse:
    context = {"project": project, "panels": [], "form": None}
    return htmx.dialog(request, "board/bulk_dialog.html", context, status=422)


def count(panels: list[Panel]) -> str:
    return f"Panel {panels[0].label}" if len(panels) == 1 else f"{len(panels)} panels"


def gone(request: Request, project: Project, panels: list[Panel]) -> HttpResponse:
    """After a delete: the scenes without them, and a toast with ten seconds of undo."""
    if len(panels) == 1:
        undo = reverse("panel_restore", args=[panels[0].code])
    else:
        undo = f"{reverse('panels_bulk', args=[project.code])}?{urlencode({'act': 'restore', 'panels': codes(panels)}, True)}"
    htmx.offer_undo(request, f"{count(panels)} deleted.", undo)
    if not request.htmx:
        return redirect("board", code=project.code)
    return changed(request, project, [panel.scene for panel in panels])


def codes(panels: Iterable[Panel]) -> list[str]:
    return [panel.code for panel in panels]


def back(request: Request, project: Project, scenes: Iterable[Scene], words: str, chosen: str = "") -> HttpResponse:
    """After any other change: the scenes as they are now, said aloud."""
    if not request.htmx:
        return redirect(reverse("panel", args=[chosen]) if chosen else reverse("board", args=[project.code]))
    answer = changed(request, project, scenes, chosen=chosen)
    if chosen:
        trigger_client_event(answer, "panel-chosen", {"code": chosen}, after="settle")
    return htmx.announce(answer, words)


@require_POST
def project_words(request: Request, code: str) -> HttpResponse:
    """A word of the project's own for one of the lists; with `panel`, the panel gets it at once."""
    project = access.project_for(request, code, Right.DRAW)
    form = OwnWordForm(request.POST)
    panel = access.panel_for(request, request.POST["panel"], Right.DRAW) if request.POST.get("panel") else None
    if panel is not None and panel.scene.project_id != project.pk:
        panel = None
    error = next(iter(form.errors.values()))[0] if form.errors else ""
    if not error:
        try:
            kind = form.cleaned_data["kind"]
            word = actions.add_word(project=project, kind=kind, word=form.cleaned_data["word"], by=request.user)
            if panel is not None and kind != "time_of_day":
                panel = actions.edit_field(
                    panel=panel,
                    field=kind,
                    value=word,
                    revision=panel.revision,
                    was=getattr(panel, kind),
                    by=request.user,
                )
        except Refused as refusal:
            error = str(refusal)
    typed = request.POST.get("word", "")[:40] if error else ""
    status = 422 if error else 200
    return working.after_inspector(request, project, panel, word_error=error, word_typed=typed, status=status)
