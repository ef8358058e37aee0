"""Spooled pictures that nobody needs any more: their worker was killed after the take and before it could remove them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django.core.files.storage import storages

from studio.generation.models import OVER, Job, JobState
from studio.media.sweep import DAY, is_old, listed, never

UNSETTLED = dt.timedelta(days=30)  # the picture of an uncertain attempt: somebody may still ask for it


def spooled(*, older: dt.timedelta = DAY, stop: Callable[[], bool] = never) -> int:
    """Remove the spooled pictures of attempts that are over, and say how many. One that is under way keeps its own."""
    gone = 0
    for name in listed("spool")[1]:
        if stop():
            break
        path = f"spool/{name}"
        if is_old(path, older) and _is_done_with(name, is_old(path, UNSETTLED)):
            storages["default"].delete(path)
            gone += 1
    return gone


def _is_done_with(name: str, ancient: bool) -> bool:
    try:
        key = uuid.UUID(name[:36])
    except ValueError:
        return False  # not ours
    state = Job.objects.filter(key=key).values_list("state", flat=True).first()
    if state == JobState.UNKNOWN:
        return ancient
    return state is None or state in OVER
