"""Projects are made, changed, copied and deleted."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import Team
from studio.board import ordering, vocabulary
from studio.board.actions.panels import copy_cast, goes_on
from studio.board.actions.scenes import UNKNOWN, copy_scene
from studio.board.errors import Conflict, Refused
from studio.board.models import Panel, Project, Scene

OWN_WORDS_LIMIT = 40  # per kind


def create_project(*, team: Team, by: Any, title: str, **fields: Any) -> Project:
    """A project with one empty scene, so that the first panel is one click away. `fields`: kind, aspect, client, cap …"""
    with transaction.atomic():
        project = Project.objects.create(team=team, title=title, created_by=by, **fields)
        Scene.objects.create(project=project, number="1")
        _record("project.added", project, by)
    return project


def update_project(*, project: Project, by: Any, revision: int, **changes: Any) -> Project:
    """Save its settings. Raises Conflict with the project as it is now where somebody saved it since `revision`."""
    with transaction.atomic():
        rows = Project.objects.filter(pk=project.pk, deleted=None, revision=revision)
        if not rows.update(**changes, revision=F("revision") + 1, updated=timezone.now()):
            raise Conflict(Project.objects.select_related("team").get(pk=project.pk))
        _record("project.edited", project, by, fields=sorted(changes))
    return Project.objects.select_related("team").get(pk=project.pk)


def edit_project_field(
    *, project: Project, field: str, value: Any, revision: int, by: Any, was: Any = UNKNOWN
) -> Project:
    """Save the title, client, aspect or tier, or (`own_lens` and the like) a list of its own words.

    Raises Conflict with the project as it is now where that field holds neither `was` nor the value; where `was` is not
    said, where somebody saved since `revision`.
    """
    kind = field.removeprefix("own_")
    if field not in ("title", "client", "aspect", "tier") and not (
        field.startswith("own_") and kind in vocabulary.OWN_WORDS
    ):
        raise Refused("A project has no such field.")
    with transaction.atomic():
        ordering.hold(project)
        now = Project.objects.select_related("team").get(pk=project.pk)
        current = now.words.get(kind, []) if kind != field else getattr(now, field)
        if current == value:
            return now
        if revision != now.revision if was is UNKNOWN else current != was:
            raise Conflict(now)
        if kind == field:
            setattr(now, field, value)
        else:
            now.words = {name: own for name, own in {**now.words, kind: value}.items() if own}
        now.revision += 1
        now.save(update_fields=["words" if kind != field else field, "revision", "updated"])
        if not goes_on("project", now.code, field, by):
            _record("project.edited", now, by, fields=[field])
    return now


def demand_approval(*, project: Project, on: bool, by: Any) -> bool:
    """Whether the project draws from approved reference sets only. False where it is like that already."""
    with transaction.atomic():
        rows = Project.objects.filter(pk=project.pk, deleted=None, approved_only=not on)
        changed = rows.update(approved_only=on, revision=F("revision") + 1, updated=timezone.now())
        if changed:
            _record("project.approval", project, by, on=on)
    return bool(changed)


def delete_project(*, project: Project, by: Any) -> None:
    """Take it out of the lists, until it is restored."""
    with transaction.atomic():
        Project.objects.filter(pk=project.pk, deleted=None).update(deleted=timezone.now())
        _record("project.deleted", project, by)


def restore_project(*, project: Project, by: Any) -> None:
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(deleted=None)
        _record("project.restored", project, by)


def duplicate_project(*, project: Project, by: Any) -> Project:
    """A copy with its scenes, panels and cast, without takes: nothing in it has been drawn or decided."""
    with transaction.atomic():
        copy = Project.objects.create(
            team=project.team, title=f"{project.title}, copy"[:120], kind=project.kind, aspect=project.aspect,
            client=project.client, template_version=project.template_version, words=project.words, tier=project.tier,
            approved_only=project.approved_only, created_by=by,
        )  # fmt: skip
        panels: dict[int, Panel] = {}
        for scene in Scene.objects.filter(project=project, deleted=None):
            panels |= copy_scene(scene, project=copy, number=scene.number, position=scene.position, by=by)[1]
        copy_cast(panels)
        _record("project.copied", copy, by, source=project.code)
    return copy


def add_word(*, project: Project, kind: str, word: str, by: Any) -> str:
    """Give the project a word of its own for one field. One that exists, in whatever case, is given back as it is written."""
    if kind not in vocabulary.OWN_WORDS:
        raise Refused("This list cannot be added to.")
    with transaction.atomic():
        ordering.hold(project)
        project.refresh_from_db(fields=["words"])
        for known in vocabulary.choices(kind, project):
            if word.casefold() in (known.code.casefold(), known.label.casefold()):
                return known.code
        own = [*project.words.get(kind, []), word]
        if len(own) > OWN_WORDS_LIMIT:
            raise Refused(f"{OWN_WORDS_LIMIT} words of your own is the most for one list.")
        project.words = {**project.words, kind: own}
        Project.objects.filter(pk=project.pk).update(words=project.words, updated=timezone.now())
        _record("project.word", project, by, kind=kind, word=word)
    return word


def _record(verb: str, project: Project, by: Any, **data: Any) -> None:
    record(
        verb=verb, team=project.team, actor=by, about="project", code=project.code, project=project.code,
        title=project.title, **data,
    )  # fmt: skip
