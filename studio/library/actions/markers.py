"""Identity markers of a draft."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from studio.library.actions.base import Refused, next_position, note, open_version, place_after, save
from studio.library.models import Category, Marker, SubjectVersion

MOST = 40


def add_marker(
    *,
    version: SubjectVersion,
    by: Any,
    phrase: str,
    category: str = Category.FACE,
    colour: str = "",
    key: str = "",
    position: int | None = None,
) -> Marker:
    """A marker at the end. With `key` and `position` one that was removed comes back. Raises Locked, Refused."""
    with transaction.atomic():
        held = open_version(version)
        rows = Marker.objects.filter(version=held)
        if key and (there := rows.filter(key=key).first()):
            return there
        if rows.count() >= MOST:
            raise Refused(f"{MOST} markers are the most. Remove one first.")
        marker = Marker(version=held, phrase=phrase, category=category, colour=colour)
        marker.key = key or marker.key
        marker.position = next_position(rows) if position is None else position
        marker.save()
        note(version.subject, "marker.added", by, version=held.number, marker=marker.key, phrase=phrase)
    return marker


def edit_marker(*, marker: Marker, by: Any, revision: int, phrase: str, category: str, colour: str = "") -> Marker:
    """Raises Locked, Stale."""
    was = marker.phrase
    with transaction.atomic():
        held = open_version(marker.version)
        if save(marker, revision, phrase=phrase, category=category, colour=colour):
            note(held.subject, "marker.changed", by, version=held.number, marker=marker.key, was=was, phrase=phrase)
    return marker


def remove_marker(*, marker: Marker, by: Any) -> dict[str, Any]:
    """What `add_marker` needs to bring it back. Raises Locked."""
    with transaction.atomic():
        held = open_version(marker.version)
        kept = {name: getattr(marker, name) for name in ("phrase", "category", "colour", "key", "position")}
        marker.delete()
        note(held.subject, "marker.removed", by, version=held.number, marker=kept["key"], phrase=kept["phrase"])
    return kept


def move_marker(*, marker: Marker, by: Any, after: int | None) -> int:
    """Behind the marker with id `after`, None: first. Returns its place, from 1. Raises Locked."""
    with transaction.atomic():
        held = open_version(marker.version)
        place = place_after(Marker.objects.filter(version=held), marker, after)
        note(held.subject, "marker.moved", by, version=held.number, marker=marker.key, place=place)
    return place
