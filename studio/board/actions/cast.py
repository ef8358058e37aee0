"""Who is in a panel, in which clothes, where, doing what, holding what."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from studio.accounts.events import record
from studio.board.errors import Refused
from studio.board.models import Appearance, Panel
from studio.library.models import Kind, Subject

IN_A_PANEL = {Kind.CHARACTER, Kind.PRODUCT}  # places and styles belong to the scene


def add_to_cast(*, panel: Panel, subject: Subject, by: Any, **fields: Any) -> Appearance:
    """Put somebody or something of the team's library into the panel, once. `fields`: outfit, where, doing, held_by, view."""
    project = panel.scene.project
    if subject.team_id != project.team_id or subject.deleted:
        raise Refused("That is not in this team's library.")
    if subject.kind not in IN_A_PANEL:
        raise Refused(f"{subject.name} is a {subject.get_kind_display().lower()}: choose it for the scene.")
    _check(panel, subject, fields)
    last = panel.appearances.aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            row = Appearance.objects.create(
                panel=panel, subject=subject, position=0 if last is None else last + 1, **fields
            )
            _touched("cast.added", panel, subject, by)
    except IntegrityError:
        raise Refused(f"{subject.name} is already in panel {panel.label}.") from None
    return row


def edit_cast(*, appearance: Appearance, by: Any, **changes: Any) -> Appearance:
    """Change outfit, where, doing, held_by or view."""
    _check(appearance.panel, appearance.subject, changes, appearance)
    for name, value in changes.items():
        setattr(appearance, name, value)
    try:
        with transaction.atomic():
            if changes and not Appearance.objects.filter(pk=appearance.pk).update(**changes):
                raise Refused(f"{appearance.subject.name} was taken out of the panel meanwhile.")
            _touched("cast.edited", appearance.panel, appearance.subject, by)
    except IntegrityError:  # a foreign key, on committing
        raise Refused("What was chosen was removed meanwhile. Load the page anew.") from None
    return appearance


def remove_from_cast(*, appearance: Appearance, by: Any) -> None:
    """Take them out of the panel. What they held is put down."""
    with transaction.atomic():
        panel, subject = appearance.panel, appearance.subject
        appearance.delete()
        _touched("cast.removed", panel, subject, by)


def _check(panel: Panel, subject: Subject, fields: dict[str, Any], row: Appearance | None = None) -> None:
    outfit, holder = fields.get("outfit"), fields.get("held_by")
    if outfit is not None and (outfit.subject_id != subject.pk or outfit.deleted):
        raise Refused(f"{subject.name} has no such outfit.")
    if holder is not None and (holder.panel_id != panel.pk or holder == row or holder.subject.kind != Kind.CHARACTER):
        raise Refused("Only a character in this panel can hold something.")
    if holder is not None and subject.kind != Kind.PRODUCT:
        raise Refused("Only a product can be held.")


def _touched(verb: str, panel: Panel, subject: Subject, by: Any) -> None:
    """The panel is not what it was when it was drawn. Its text is, so nobody's typing is in conflict: the revision stays."""
    Panel.objects.filter(pk=panel.pk).update(updated=timezone.now(), changed_by=by)
    project = panel.scene.project
    record(
        verb=verb, team=project.team, actor=by, about="panel", code=panel.code, project=project.code,
        label=panel.label, subject=subject.name,
    )  # fmt: skip
