"""What a character wears, apart from who they are."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.library.actions.base import Refused, next_position, note, save
from studio.library.models import Kind, Outfit, ReferenceSet, Subject, hex_colour

MOST_COLOURS = 6


def _checked(colours: list[str]) -> list[str]:
    for colour in colours:
        hex_colour(colour)
    if len(colours) > MOST_COLOURS:
        raise Refused(f"{MOST_COLOURS} colours are the most.")
    return colours


def add_outfit(
    *, subject: Subject, by: Any, name: str, description: str = "", colours: list[str] | None = None
) -> Outfit:
    """An outfit with a reference set of its own. `colours` are "#rrggbb", outermost first. Raises Refused."""
    if subject.kind != Kind.CHARACTER:
        raise Refused("Only characters have a wardrobe.")
    with transaction.atomic():
        outfit = Outfit.objects.create(
            subject=subject,
            name=name,
            description=description,
            colours=_checked(colours or []),
            position=next_position(subject.outfits),
        )
        ReferenceSet.objects.create(subject=subject, outfit=outfit)
        note(subject, "outfit.added", by, outfit=outfit.code, name=name)
    return outfit


def edit_outfit(*, outfit: Outfit, by: Any, revision: int, name: str, description: str, colours: list[str]) -> Outfit:
    """Raises Stale, Refused."""
    with transaction.atomic():
        if save(outfit, revision, name=name, description=description, colours=_checked(colours)):
            note(outfit.subject, "outfit.changed", by, outfit=outfit.code, name=name)
    return outfit


def delete_outfit(*, outfit: Outfit, by: Any) -> None:
    """Once more changes nothing. Panels that name it keep it."""
    with transaction.atomic():
        if Outfit.objects.filter(pk=outfit.pk, deleted=None).update(deleted=timezone.now()):
            note(outfit.subject, "outfit.deleted", by, outfit=outfit.code, name=outfit.name)


def restore_outfit(*, outfit: Outfit, by: Any) -> None:
    with transaction.atomic():
        if Outfit.objects.filter(pk=outfit.pk).exclude(deleted=None).update(deleted=None):
            note(outfit.subject, "outfit.restored", by, outfit=outfit.code, name=outfit.name)
