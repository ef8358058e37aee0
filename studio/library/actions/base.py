"""What the library's verbs share: refusals, saving by revision, moving by neighbour, the event of a subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Max, Model

from studio.accounts import events
from studio.library.models import Locked, Subject, SubjectVersion

M = TypeVar("M", bound=Model)


class Refused(Exception):
    """What was asked cannot be done; the message is a sentence for the person who asked."""


class Stale(Exception):
    """Somebody else saved first. `row` is what stands there now."""

    def __init__(self, row: Any) -> None:
        super().__init__("Somebody else saved first.")
        self.row = row


def note(subject: Subject, verb: str, by: Any, **data: Any) -> None:
    """The event of a change to a subject or to what belongs to it."""
    events.record(verb=verb, team=subject.team, actor=by, about="subject", code=subject.code, **data)


def open_version(version: SubjectVersion) -> SubjectVersion:
    """The row, held until the transaction ends. Raises Locked if it is locked, even a moment ago."""
    held = SubjectVersion.objects.select_for_update().get(pk=version.pk)
    if held.locked_at:
        raise Locked
    return held


def save(row: M, revision: int, **values: Any) -> bool:
    """Writes `values` if the row still has `revision`; False if they stood there already. Raises Stale, Refused."""
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        try:
            field.clean(value, row)
        except ValidationError as wrong:
            raise Refused(" ".join(wrong.messages)) from None
    rows: Any = type(row)._default_manager.filter(pk=row.pk)
    changed = rows.exclude(**values).filter(revision=revision).update(revision=F("revision") + 1, **values)
    try:
        row.refresh_from_db()
    except type(row).DoesNotExist:  # type: ignore[attr-defined]
        raise Refused("It was removed meanwhile.") from None
    if not changed and any(getattr(row, name) != value for name, value in values.items()):
        raise Stale(row)
    return bool(changed)


def next_position(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def place_after(rows: Iterable[M], row: M, after: int | None) -> int:
    """Puts `row` behind the row with id `after` (None: first), renumbering what changed. Returns its place, from 1.

    A neighbour that is gone meanwhile leaves the row at the end.
    """
    others: list[Any] = [other for other in rows if other.pk != row.pk]
    ids = [other.pk for other in others]
    at = 0 if after is None else ids.index(after) + 1 if after in ids else len(ids)
    others.insert(at, row)
    for position, other in enumerate(others):
        if other.position != position:
            other.position = position
            type(other)._default_manager.filter(pk=other.pk).update(position=position)
    return at + 1
