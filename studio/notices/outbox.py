"""From an event to who is told: a row is written with the event, and the worker takes it away as it writes the notices.

So each event is told exactly once, whoever dies when: the row goes in the same transaction in which the notices come.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from studio.accounts.models import Event
from studio.lib import engine
from studio.notices.kinds import TELLING
from studio.notices.models import Untold
from studio.notices.telling import tell

REST = 600.0  # seconds until what could not be told is tried again
_resting: dict[int, float] = {}  # event → until when, in this worker


@receiver(post_save, sender=Event, dispatch_uid="notices.outbox")
def remember(instance: Event, created: bool, **_: Any) -> None:
    """In the transaction of what happened: the event and this row exist together or not at all."""
    if created and instance.team_id and instance.verb in TELLING:
        Untold.objects.create(event=instance)
        transaction.on_commit(engine.ring)


def due(limit: int) -> list[tuple[int, int]]:
    """For the worker: events that nobody was told of yet. One that could not be told rests, and holds up no other."""
    now = time.monotonic()
    resting = [pk for pk, until in _resting.items() if until > now]
    rows = Untold.objects.exclude(pk__in=resting).order_by("pk")
    return [(pk, 0) for pk in rows.values_list("pk", flat=True)[:limit]]


def forsake(machine: str, me: str) -> None:
    """Nobody holds one for longer than a transaction."""


def run(event_id: int) -> None:
    """Tell of one event. Of any number of simultaneous calls one does."""
    try:
        _tell(event_id)
    except Exception:
        _resting[event_id] = time.monotonic() + REST
        raise


def _tell(event_id: int) -> None:
    with transaction.atomic():
        mine, _ = Untold.objects.filter(pk=event_id).delete()
        event = Event.objects.select_related("team", "actor").filter(pk=event_id).first() if mine else None
        if event is not None:
            tell(event)
