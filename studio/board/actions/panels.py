"""Panels are added, edited, moved, copied and deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import Event
from studio.board import ordering
from studio.board.errors import Conflict, Refused
from studio.board.models import Appearance, Panel, Project, Scene
from studio.library.models import Subject

FIELDS = (
    "label", "shot_size", "angle", "framing", "lens", "movement", "action", "dialogue", "sound", "notes", "seconds",
    "tier",
)  # fmt: skip
BULK_FIELDS = ("shot_size", "angle", "framing", "lens", "movement", "seconds", "tier")
COPIED = tuple(name for name in FIELDS if name != "label")
ONE_ENTRY = dt.timedelta(minutes=10)  # typing on in the same field is one entry of the history


def add_panel(*, scene: Scene, by: Any, after: Panel | None = None, label: str = "", **fields: Any) -> Panel:
    """A new panel at the end of the scene, or right after a panel of it, with the scene's next free label."""
    project = scene.project
    with transaction.atomic():
        ordering.hold(project)
        name = _free_label(project, label) if label else ordering.next_label(project, scene)
        order = ordering.panel_order(scene)
        panel = Panel.objects.create(scene=scene, label=name, position=len(order), changed_by=by, **fields)
        if after is not None:
            ordering.renumber(Panel.objects.all(), ordering.place(order, [panel.pk], after.pk))
        _record("panel.added", panel, by)
    return panel


def edit_field(*, panel: Panel, field: str, value: Any, revision: int, by: Any, was: Any = None) -> Panel:
    """Save one field, unless somebody changed that field meanwhile.

    Raises Conflict with the panel as it is now, Refused for a label that is taken. A newer revision alone is no
    conflict: where the field still holds `was`, the change of another field stands and this one is saved too.
    """
    if field not in FIELDS:
        raise Refused("A panel has no such field.")
    with transaction.atomic():
        if field == "label":
            ordering.hold(panel.scene.project)
            value = _free_label(panel.scene.project, value, but=panel)
        rows = Panel.objects.filter(pk=panel.pk, deleted=None)
        changes = {field: value, "revision": F("revision") + 1, "changed_by": by, "updated": timezone.now()}
        if not rows.filter(revision=revision).update(**changes):
            now = Panel.objects.select_related("scene__project", "changed_by").get(pk=panel.pk)
            current = getattr(now, field)
            if current == value:
                return now
            untouched = was is not None and current == was
            if not (untouched and rows.filter(**{field: was}).update(**changes)):
                raise Conflict(now)
        saved = Panel.objects.select_related("scene__project", "changed_by").get(pk=panel.pk)
        _record_edit(saved, field, by)
    return saved


def move_panels(*, panels: Sequence[Panel], scene: Scene, after: Panel | None, by: Any) -> None:
    """Put the panels, in the given order, right after a panel of the scene, or at its start. Labels stay."""
    project = scene.project
    with transaction.atomic():
        ordering.hold(project)
        moving = [panel.pk for panel in panels]
        order = ordering.panel_order(scene)
        Panel.objects.filter(pk__in=moving).exclude(scene=scene).update(scene=scene, updated=timezone.now())
        ordering.renumber(Panel.objects.all(), ordering.place(order, moving, after.pk if after else None))
        for panel in panels:
            _record("panel.moved", panel, by, scene=scene.number, after=after.label if after else "")


def step_panel(*, panel: Panel, by: Any, later: bool) -> None:
    """One place earlier or later; over the edge of a scene it goes on in the neighbouring one.

    At either end nothing happens, nor to what others put away in the meantime.
    """
    with transaction.atomic():
        ordering.hold(panel.scene.project)
        panel = Panel.objects.select_related("scene__project").get(pk=panel.pk)
        here = list(Panel.objects.filter(scene=panel.scene, deleted=None).order_by("position", "pk"))
        if panel not in here:
            return
        at = here.index(panel)
        if later and at + 1 < len(here):
            move_panels(panels=[panel], scene=panel.scene, after=here[at + 1], by=by)
        elif not later and at:
            move_panels(panels=[panel], scene=panel.scene, after=here[at - 2] if at > 1 else None, by=by)
        else:
            _step_over(panel, by, later)


def _step_over(panel: Panel, by: Any, later: bool) -> None:
    scenes = list(Scene.objects.filter(project=panel.scene.project_id, deleted=None).select_related("project"))
    if panel.scene not in scenes:
        return
    at = scenes.index(panel.scene) + (1 if later else -1)
    if not 0 <= at < len(scenes):
        return
    last = None if later else Panel.objects.filter(scene=scenes[at], deleted=None).order_by("position", "pk").last()
    move_panels(panels=[panel], scene=scenes[at], after=last, by=by)


def duplicate_panel(*, panel: Panel, by: Any) -> Panel:
    """A copy right after it, with its own label and the same cast, without takes."""
    with transaction.atomic():
        fields = {name: getattr(panel, name) for name in COPIED}
        copy = add_panel(scene=panel.scene, by=by, after=panel, **fields)
        copy_cast({panel.pk: copy})
    return copy


def copy_cast(copies: dict[int, Panel]) -> None:
    """Copy the cast of each panel (by pk) to its copy, with who holds what."""
    rows = list(Appearance.objects.filter(panel__in=list(copies)).order_by("panel_id", "position", "pk"))
    made = {
        row.pk: Appearance(
            panel=copies[row.panel_id], subject_id=row.subject_id, outfit_id=row.outfit_id, where=row.where,
            doing=row.doing, view=row.view, position=row.position,
        )
        for row in rows
    }  # fmt: skip
    Appearance.objects.bulk_create(made.values())
    held = [row for row in rows if row.held_by_id in made]
    for row in held:
        made[row.pk].held_by = made[row.held_by_id]  # type: ignore[index]
    Appearance.objects.bulk_update([made[row.pk] for row in held], ["held_by"])


def delete_panels(*, panels: Sequence[Panel], by: Any) -> None:
    """Take them off the board; takes and notes stay with them, and restoring brings all back in place."""
    with transaction.atomic():
        Panel.objects.filter(pk__in=[p.pk for p in panels], deleted=None).update(
            deleted=timezone.now(), updated=timezone.now()
        )
        for panel in panels:
            _record("panel.deleted", panel, by)


def restore_panels(*, panels: Sequence[Panel], by: Any) -> None:
    """Bring deleted panels back to where they were. A label that was given away meanwhile is replaced by the next free one."""
    with transaction.atomic():
        for panel in panels:
            project = panel.scene.project
            ordering.hold(project)
            label = panel.label
            if _taken(project, label, but=panel):
                label = ordering.next_label(project, panel.scene)
            Panel.objects.filter(pk=panel.pk).update(deleted=None, label=label, updated=timezone.now())
            panel.label, panel.deleted = label, None
            _record("panel.restored", panel, by)


def bulk_edit(
    *,
    panels: Sequence[Panel],
    by: Any,
    changes: dict[str, Any],
    add: Sequence[Subject] = (),
    remove: Sequence[Subject] = (),
) -> None:
    """The same values for many panels, and cast members added to or taken out of each. Whoever edits one of them is told (409)."""
    wrong = set(changes) - set(BULK_FIELDS)
    if wrong:
        raise Refused(f"Not for many at once: {', '.join(sorted(wrong))}.")
    ids = [panel.pk for panel in panels]
    with transaction.atomic():
        now = timezone.now()
        Panel.objects.filter(pk__in=ids).update(**changes, revision=F("revision") + 1, changed_by=by, updated=now)
        if remove:
            Appearance.objects.filter(panel__in=ids, subject__in=[s.pk for s in remove]).delete()
        rows = [Appearance(panel_id=pk, subject=subject, position=900) for pk in ids for subject in add]
        Appearance.objects.bulk_create(rows, ignore_conflicts=True)  # who is in it already stays as they are
        names = {"added": [s.name for s in add], "removed": [s.name for s in remove]}
        fields = sorted(changes)
        for panel in panels:
            _record("panel.edited", panel, by, fields=fields, **{key: value for key, value in names.items() if value})


def _taken(project: Project, label: str, but: Panel | None = None) -> bool:
    rows = Panel.objects.filter(scene__project=project, deleted=None, scene__deleted=None, label__iexact=label)
    return rows.exclude(pk=but.pk if but else 0).exists()


def _free_label(project: Project, label: str, but: Panel | None = None) -> str:
    if not label:
        raise Refused("A panel needs a label, such as 2B.")
    if _taken(project, label, but):
        raise Refused(f"There is already a panel {label} in this project. Choose another label.")
    return label


def _record(verb: str, panel: Panel, by: Any, **data: Any) -> None:
    project = panel.scene.project
    record(
        verb=verb, team=project.team, actor=by, about="panel", code=panel.code, project=project.code,
        label=panel.label, **data,
    )  # fmt: skip


def _record_edit(panel: Panel, field: str, by: Any) -> None:
    if not goes_on("panel", panel.code, field, by):
        _record("panel.edited", panel, by, fields=[field])


def goes_on(about: str, code: str, field: str, by: Any) -> bool:
    """Whether the last entry of its history is this person typing in the same field, a moment ago."""
    last = Event.objects.filter(about=about, code=code).order_by("-at", "-pk").first()
    if last is None or timezone.now() - last.at >= ONE_ENTRY:
        return False
    return last.verb == f"{about}.edited" and last.actor == by and last.data.get("fields") == [field]
