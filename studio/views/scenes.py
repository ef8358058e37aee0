"""Scenes: added, edited in a dialog, moved, deleted with ten seconds of undo."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board import actions, ordering
from studio.board.errors import Conflict, Refused
from studio.board.models import Project, Scene
from studio.forms.board import SceneForm, clean_scene_field
from studio.lib.typing import Request
from studio.library.models import Subject
from studio.prompting import actions as prompting
from studio.views import access, autosave, htmx
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
        try:
            scene = actions.edit_scene(scene=scene, by=request.user, revision=autosave.revision_of(request), **fields)
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
def scene_field(request: Request, code: str) -> HttpResponse:
    """Autosave of one field: 200 saved, 409 somebody else changed it, 422 not like this. Typed text stays in the page."""
    scene = access.scene_for(request, code, Right.DRAW)
    field = request.POST.get("field", "")
    context: dict[str, Any] = {"field": field, "state": "saved"}
    try:
        context["row"] = scene = _save_field(request, scene, field)
    except (ValidationError, Refused) as refusal:
        error = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
        context |= {"state": "invalid", "error": error}
        return render(request, "panels/_field_state.html", context, status=422)
    except Conflict as conflict:
        context |= {"state": "conflict", **_theirs(conflict.row, field)}
        return render(request, "panels/_field_state.html", context, status=409)
    if not request.htmx:
        return redirect("scene_edit", code=scene.code)
    form = SceneForm(project=scene.project, instance=scene)
    context |= boards.changed_context(request, scene.project, [scene]) | {"saved": scene, "form": form}
    return render(request, "scenes/_field_saved.html", context)


def _save_field(request: Request, scene: Scene, field: str) -> Scene:
    """Raises ValidationError, Refused, Conflict. A time of day of one's own joins the project's list first."""
    project = scene.project
    value = clean_scene_field(project, scene, field, request.POST.get(field, ""))
    before = {}
    if field == "own_time":
        field, value = "time_of_day", actions.add_word(project=project, kind="time_of_day", word=value, by=request.user)
    elif (was := request.POST.get(f"was-{field}")) is not None:
        with suppress(ValidationError):
            before = {"was": clean_scene_field(project, scene, field, was)}
    revision = autosave.revision_of(request)
    return actions.edit_scene_field(scene=scene, field=field, value=value, revision=revision, by=request.user, **before)


def _theirs(scene: Scene, field: str) -> dict[str, Any]:
    """A conflict's other text, in words and as the control holds it, and who wrote it when."""
    value = getattr(scene, "time_of_day" if field == "own_time" else field)
    held = "" if field == "own_time" else value.pk if isinstance(value, Subject) else value or ""
    return {"row": autosave.last_change("scene", scene), "theirs": str(value or "nothing"), "theirs_value": held}


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
    return redirect(_there(prompting.duplicate_scene(scene=scene, by=request.user)))


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
