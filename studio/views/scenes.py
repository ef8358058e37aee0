"""Scenes: added, edited in a dialog, moved, deleted with ten seconds of undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board import actions, ordering
from studio.board.errors import Conflict, Refused
from studio.board.models import Project, Scene
from studio.forms.board import SceneForm
from studio.lib.typing import Request
from studio.views import access, htmx
from studio.views import board as boards

STEPS = (("earlier", "Earlier", "chevron-up"), ("later", "Later", "chevron-down"))


@require_http_methods(["GET", "POST"])
def scene_add(request: Request, code: str) -> HttpResponse:
    project = access.project_for(request, code, Right.DRAW)
    form = SceneForm(request.POST or None, project=project, initial={"number": ordering.next_number(project)})
    if request.method == "POST" and (fields := _fields(request, project, form)):
        try:
            scene = actions.add_scene(project=project, by=request.user, **fields)
            return redirect(_there(scene))
        except Refused as refusal:  # somebody took the number a moment ago
            form.add_error("number", str(refusal))
    context = {"project": project, "form": form, "scene": None}
    return htmx.dialog(request, "scenes/scene_dialog.html", context, status=422 if form.errors else 200)


def _there(scene: Scene) -> str:
    """The scene's place on the board. With a query of its own, as a new fragment alone would load no page."""
    return f"{reverse('board', args=[scene.project.code])}?at={scene.code}#scene-{scene.code}"


def _fields(request: Request, project: Project, form: SceneForm) -> dict[str, Any]:
    """What to store; {} where the form has errors. A time of day of one's own joins the project's list and is chosen."""
    if not form.is_valid():
        return {}
    fields = dict(form.cleaned_data)
    if own := fields.pop("own_time"):
        try:
            fields["time_of_day"] = actions.add_word(project=project, kind="time_of_day", word=own, by=request.user)
        except Refused as refusal:
            form.add_error("own_time", str(refusal))
            return {}
    return fields


@require_http_methods(["GET", "POST"])
def scene_edit(request: Request, code: str) -> HttpResponse:
    """The scene's dialog. A save over somebody else's is a 409: the form keeps what was typed beside what they wrote."""
    scene = access.scene_for(request, code, Right.DRAW)
    project, theirs, status = scene.project, None, 200
    form = SceneForm(request.POST or None, project=project, instance=scene)
    if request.method == "POST" and (fields := _fields(request, project, form)):
        given = request.POST.get("revision", "")
        revision = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
        try:
            scene = actions.edit_scene(scene=scene, by=request.user, revision=revision, **fields)
            return boards.back(request, project, [scene], f"Scene {scene.number} saved.")
        except Refused as refusal:
            form.add_error("number", str(refusal))
        except Conflict as conflict:
            theirs, status = conflict.row, 409
    context = {
        "project": project,
        "scene": theirs or access.scene_for(request, code),
        "form": form,
        "theirs": theirs,
        "steps": STEPS,
    }
    return htmx.dialog(request, "scenes/scene_dialog.html", context, status=422 if form.errors else status)


@require_POST
def scene_move(request: Request, code: str) -> HttpResponse:
    """`step` is earlier or later; or `after` names a scene, empty for the start."""
    scene = access.scene_for(request, code, Right.DRAW)
    if request.POST.get("step") in ("earlier", "later"):
        actions.step_scene(scene=scene, later=request.POST["step"] == "later", by=request.user)
    else:
        after = access.scene_for(request, request.POST["after"], Right.DRAW) if request.POST.get("after") else None
        if after is not None and after.project_id != scene.project_id:
            return HttpResponse(status=404)
        actions.move_scene(scene=scene, after=after, by=request.user)
    if request.htmx and request.htmx.target == f"outline-{scene.code}":  # moved in the outline: the page stays
        return htmx.announce(boards.changed(request, scene.project), f"Scene {scene.number} moved.")
    return redirect(_there(scene))


@require_POST
def scene_duplicate(request: Request, code: str) -> HttpResponse:
    """A copy after it, with its panels and cast; the pictures are yet to be drawn."""
    scene = access.scene_for(request, code, Right.DRAW)
    return redirect(_there(actions.duplicate_scene(scene=scene, by=request.user)))


@require_POST
def scene_delete(request: Request, code: str) -> HttpResponse:
    scene = access.scene_for(request, code, Right.DRAW)
    actions.delete_scene(scene=scene, by=request.user)
    undo = reverse("scene_restore", args=[scene.code])
    htmx.offer_undo(request, f"Scene {scene.number} deleted with its panels.", undo)
    return redirect("board", code=scene.project.code)


@require_POST
def scene_restore(request: Request, code: str) -> HttpResponse:
    scene = access.scene_for(request, code, Right.DRAW, deleted=True)
    actions.restore_scene(scene=scene, by=request.user)
    return redirect(_there(scene))
