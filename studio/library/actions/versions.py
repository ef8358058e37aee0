"""Bible and markers as numbered versions: writing one, locking it, copying it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.library import pictures
from studio.library.actions.base import Refused, note, open_version, save
from studio.library.models import Marker, Subject, SubjectVersion


def save_bible(*, version: SubjectVersion, by: Any, revision: int, bible: str) -> SubjectVersion:
    """Writes the draft's bible. Raises Locked, Stale, Refused (too long)."""
    with transaction.atomic():
        open_version(version)
        if save(version, revision, bible=bible):
            note(version.subject, "subject.bible", by, version=version.number, length=len(bible))
    return version


def lock_version(*, version: SubjectVersion, by: Any) -> bool:
    """Locks bible and markers for good. False if it was locked already. Raises Refused with what is lacking.

    A version is locked at most once and by one person, however often this is called. What its reference sets hold at that moment
    is kept with it.
    """
    with transaction.atomic():
        held = SubjectVersion.objects.select_for_update().get(pk=version.pk)
        if held.locked_at:
            return False
        if not held.bible.strip():
            raise Refused("The bible is empty. Write a paragraph first: it is sent with every picture.")
        if not held.markers.exists():
            raise Refused("There is no marker yet. Add at least one: it is what gets checked.")
        locked = SubjectVersion.objects.filter(pk=version.pk, locked_at=None).update(
            locked_at=timezone.now(), locked_by=by, pictures=pictures.frozen(version.subject)
        )
        if locked:
            note(version.subject, "subject.locked", by, version=version.number)
        return bool(locked)


def next_version(*, subject: Subject, by: Any) -> SubjectVersion:
    """The next draft: a copy of the newest locked version, its markers keeping their keys. Raises Refused.

    If a draft is there already, it is that one.
    """
    versions = SubjectVersion.objects.filter(subject=subject).order_by("-number")
    try:
        with transaction.atomic():
            newest = versions.select_for_update().first()
            if newest is None:
                raise Refused("There is no version to copy.")
            if not newest.locked_at:
                return newest
            made = SubjectVersion.objects.create(subject=subject, number=newest.number + 1, bible=newest.bible)
            Marker.objects.bulk_create(
                Marker(
                    version=made, key=m.key, phrase=m.phrase, category=m.category, colour=m.colour, position=m.position
                )
                for m in newest.markers.all()
            )
            note(subject, "subject.version", by, version=made.number)
            return made
    except IntegrityError:  # a second click, a moment later
        draft = versions.filter(locked_at=None).first()
        if draft is None:
            raise
        return draft
