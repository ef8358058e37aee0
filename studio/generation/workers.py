"""The processes that draw: each says every few seconds that it lives, so that everybody sees who works and who was lost."""

from __future__ import annotations

import datetime as dt
import socket

from django.utils import timezone

from studio.generation.models import Worker
from studio.lib import engine

SILENT = dt.timedelta(seconds=30)  # nobody who lives is silent for so long
KEPT = dt.timedelta(days=1)


def beat() -> None:
    """This process lives. Earlier ones of this machine do not: it would not have its lock."""
    now = timezone.now()
    Worker.objects.filter(name__startswith=f"{engine.machine()}-").exclude(name=engine.me()).delete()
    Worker.objects.update_or_create(name=engine.me(), defaults={"host": socket.gethostname()[:80], "seen": now})
    Worker.objects.filter(seen__lt=now - KEPT).delete()


def gone() -> None:
    """This process stops, and its earlier lives on this machine are over."""
    Worker.objects.filter(name__startswith=f"{engine.machine()}-").delete()


def alive() -> bool:
    """Whether anybody draws at all."""
    return Worker.objects.filter(seen__gt=timezone.now() - SILENT).exists()
