"""The worker: draws what was asked for and makes the files. One for each data folder."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from studio.exports import actions as exports
from studio.exports.models import Export
from studio.generation import runner
from studio.lib import engine
from studio.providers import registry


def exports_due(limit: int) -> list[tuple[int, int]]:
    return [(pk, 0) for pk in exports.unfinished()[:limit]]


def forsake_exports(machine: str, me: str) -> int:
    """End the leases of this machine's earlier workers. Files that ran out go at the same time."""
    exports.prune()
    left = Export.objects.filter(state=Export.State.RUNNING, worker__startswith=f"{machine}-")
    return left.exclude(worker__startswith=me).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def register() -> None:
    """Tell the engine the sorts of work there are."""
    engine.register("job", engine.Kind(runner.run, runner.due, runner.forsake, registry.slots("sketch")))
    engine.register("export", engine.Kind(exports.run, exports_due, forsake_exports, slots=1, poll=1.0))


class Command(BaseCommand):
    help = "Draw what was asked for and make the files, until stopped."
    requires_system_checks: list[str] = []  # `run` and `check` make them; this loads no page

    def handle(self, *args: Any, **options: Any) -> None:
        register()
        try:
            engine.run_worker(closing=registry.close)
        except engine.AlreadyRunning as refusal:
            raise CommandError(str(refusal), returncode=3) from None
