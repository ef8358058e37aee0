"""Remove what killed processes left behind. The worker does the same once a day."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from studio.exports import actions as exports
from studio.generation import sweep as spool
from studio.media import sweep as media
from studio.review import watermarks

logger = logging.getLogger("studio.sweep")


def everything(*, older: dt.timedelta = media.DAY, stop: Callable[[], bool] = media.never) -> dict[str, int]:
    """How many files were removed, by what they were."""
    return {
        "pictures": media.pictures(older=older, stop=stop),
        "spooled": spool.spooled(older=older, stop=stop),
        "exports": exports.sweep(older=older),
        "watermarked": watermarks.sweep(older=older),
        "uploads": media.uploads(older=older),
    }


def due(limit: int) -> list[tuple[int, int]]:
    """For the worker: today's number once the last sweep of this data folder is a day old."""
    mark, today = settings.DATA / "swept", dt.date.today().toordinal()
    try:
        return [(today, -100)] if time.time() - mark.stat().st_mtime > media.DAY.total_seconds() else []
    except FileNotFoundError:
        mark.touch()
        return []


def run(today: int) -> None:
    """For the worker, in a thread of its own."""
    (settings.DATA / "swept").touch()
    if any(gone := everything().values()):
        logger.info("Swept up %d files that killed processes had left.", sum(gone))


def forsake(machine: str, me: str) -> None:
    """Nobody holds a sweep: half of one does no harm."""


class Command(BaseCommand):
    help = "Remove files that no row names: pictures, spooled pictures and exports that a killed process left behind."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=1, metavar="N", help="leave alone what is younger (at least 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        gone = everything(older=dt.timedelta(days=max(1, options["days"])))
        self.stdout.write(", ".join(f"{count} {name}" for name, count in gone.items()) + " removed.")
