"""Scenes are added, edited, moved and deleted."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.board import ordering
from studio.board.actions.panels import COPIED, copy_cast, goes_on
from studio.board.errors import Conflict, Refused
from studio.board.models import Panel, Project, Scene

FIELDS = ("number", "int_ext", "place", "time_of_day", "light", "location", "style")
UNKNOWN = object()  # what a field held before, where that was not said: None is "no set"


def add_scene(*, project: Project, by: Any, after: Scene | None = None, number: str = "", **fields: Any) -> Scene:
    """A new scene at the end, or right after another, numbered on from the highest unless a number is given.

    Raises Refused for a number that another scene has.
    """
    with transaction.atomic():
        ordering.hold(project)
        order = ordering.scene_order(project)
        number = _free_number(project, number) if number else ordering.next_number(project)
        scene = Scene.objects.create(project=project, number=number, position=len(order), **fields)
        if after is not None:
            ordering.renumber(Scene.objects.all(), ordering.place(order, [scene.pk], after.pk))
        _record("scene.added", scene, by)
    return scene


def edit_scene(*, scene: Scene, by: Any, revision: int, **changes: Any) -> Scene:
    """Save the scene's fields. Raises Conflict with the scene as it is now where somebody saved it since `revision`.

    Raises Refused for a number that another scene has.
    """
    with transaction.atomic():
        if "number" in changes:
            ordering.hold(scene.project)
            _free_number(scene.project, changes["number"], but=scene)
        rows = Scene.objects.filter(pk=scene.pk, deleted=None, revision=revision)
        if not rows.update(**changes, revision=F("revision") + 1):
            raise Conflict(Scene.objects.select_related("project__team", "location", "style").get(pk=scene.pk))
        _record("scene.edited", scene, by, fields=sorted(changes))
    return Scene.objects.select_related("project__team", "location", "style").get(pk=scene.pk)


def edit_scene_field(*, scene: Scene, field: str, value: Any, revision: int, by: Any, was: Any = UNKNOWN) -> Scene:
    """Save one field, unless somebody changed that field meanwhile: as `edit_field` does for panels.

    Raises Conflict with the scene as it is now, Refused for a number that another scene has.
    """
    if field not in FIELDS:
        raise Refused("A scene has no such field.")
    with transaction.atomic():
        if field == "number":
            ordering.hold(scene.project)
            _free_number(scene.project, value, but=scene)
        rows = Scene.objects.filter(pk=scene.pk, deleted=None)
        changes = {field: value, "revision": F("revision") + 1}
        saved = rows.filter(revision=revision).update(**changes)
        now = Scene.objects.select_related("project__team", "location", "style").get(pk=scene.pk)
        if not saved:
            if getattr(now, field) == value:
                return now
            if was is UNKNOWN or not rows.filter(**{field: was}).update(**changes):
                raise Conflict(now)
            now = Scene.objects.select_related("project__team", "location", "style").get(pk=scene.pk)
        if not goes_on("scene", scene.code, field, by):
            _record("scene.edited", now, by, fields=[field])
    return now


def _free_number(project: Project, number: str, but: Scene | None = None) -> str:
    same = Scene.objects.filter(project=project, deleted=None, number__iexact=number)
    if same.exclude(pk=but.pk if but else 0).exists():
        raise Refused(f"There is already a scene {number}. Choose another number.")
    return number


def move_scene(*, scene: Scene, after: Scene | None, by: Any) -> None:
    """Put it right after another scene, or first. Numbers and labels stay: people have quoted them."""
    with transaction.atomic():
        ordering.hold(scene.project)
        order = ordering.scene_order(scene.project)
        ordering.renumber(Scene.objects.all(), ordering.place(order, [scene.pk], after.pk if after else None))
        _record("scene.moved", scene, by, after=after.number if after else "")


def step_scene(*, scene: Scene, by: Any, later: bool) -> None:
    """One place earlier or later; at either end, and to what others put away in the meantime, nothing happens."""
    with transaction.atomic():
        ordering.hold(scene.project)
        rows = list(Scene.objects.filter(project=scene.project_id, deleted=None).order_by("position", "pk"))
        if scene not in rows:
            return
        at = rows.index(scene)
        if later and at + 1 < len(rows):
            move_scene(scene=scene, after=rows[at + 1], by=by)
        elif not later and at:
            move_scene(scene=scene, after=rows[at - 2] if at > 1 else None, by=by)


def duplicate_scene(*, scene: Scene, by: Any) -> Scene:
    """A copy right after it with the next free number, its panels labelled anew and their cast, without takes."""
    project = scene.project
    with transaction.atomic():
        ordering.hold(project)
        order = ordering.scene_order(project)
        number = ordering.next_number(project)
        copy, panels = copy_scene(scene, project=project, number=number, position=len(order), by=by)
        copy_cast(panels)
        ordering.renumber(Scene.objects.all(), ordering.place(order, [copy.pk], scene.pk))
        _record("scene.copied", copy, by, source=scene.code)
    return copy


def copy_scene(
    scene: Scene, *, project: Project, number: str, position: int, by: Any
) -> tuple[Scene, dict[int, Panel]]:
    """The scene's copy, and its panels' copies by the pk of their originals; the cast is yet to be copied.

    In another project the labels stay; in the same one each gets the next that is free.
    """
    fields = {name: getattr(scene, name) for name in FIELDS if name != "number"}
    copy = Scene.objects.create(project=project, number=number, position=position, **fields)
    rows = list(Panel.objects.filter(scene=scene, deleted=None).order_by("position", "pk"))
    labels = [row.label for row in rows]
    if project.pk == scene.project_id:
        taken = list(Panel.objects.filter(scene__project=project).values_list("label", flat=True))
        for at in range(len(labels)):
            labels[at] = ordering.next_label(project, copy, taken)
            taken.append(labels[at])
    made = Panel.objects.bulk_create(
        Panel(
            scene=copy,
            label=label,
            position=row.position,
            changed_by=by,
            **{name: getattr(row, name) for name in COPIED},
        )
        for row, label in zip(rows, labels, strict=True)
    )
    return copy, {row.pk: new for row, new in zip(rows, made, strict=True)}


def delete_scene(*, scene: Scene, by: Any) -> None:
    """Take the scene with its panels off the board, until it is restored."""
    with transaction.atomic():
        Scene.objects.filter(pk=scene.pk, deleted=None).update(deleted=timezone.now())
        _record("scene.deleted", scene, by)


def restore_scene(*, scene: Scene, by: Any) -> None:
    """Bring a deleted scene back with its panels. Labels that were given away meanwhile get the next free ones."""
    with transaction.atomic():
        project = scene.project
        ordering.hold(project)
        taken = Panel.objects.filter(scene__project=project, deleted=None, scene__deleted=None)
        used = {label.casefold() for label in taken.values_list("label", flat=True)}
        Scene.objects.filter(pk=scene.pk).update(deleted=None)
        for panel in Panel.objects.filter(scene=scene, deleted=None):
            if panel.label.casefold() in used:
                Panel.objects.filter(pk=panel.pk).update(label=ordering.next_label(project, scene))
        _record("scene.restored", scene, by)


def _record(verb: str, scene: Scene, by: Any, **data: Any) -> None:
    project = scene.project
    record(
        verb=verb, team=project.team, actor=by, about="scene", code=scene.code, project=project.code,
        number=scene.number, **data,
    )  # fmt: skip
