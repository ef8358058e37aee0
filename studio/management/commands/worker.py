"""The worker: draws what was asked for and makes the files. One for each data folder."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from studio.exports import actions as exports
from studio.exports.models import Export
from studio.generation import checks, engines, quotes, runner, workers
from studio.lib import engine
from studio.lib.threads import rows
from studio.management.commands import sweep
from studio.media import pool
from studio.notices import deliveries, letters, outbox, reminders
from studio.providers import catalog

SLOTS = 160  # pictures under way in one worker; those drawn here and those of each account have limits of their own


def exports_due(limit: int) -> list[tuple[int, int]]:
    return [(pk, 0) for pk in exports.unfinished()[:limit]]


def forsake_exports(machine: str, me: str) -> int:
    """End the leases of this machine's earlier workers. Files that ran out go at the same time."""
    exports.prune()
    left = Export.objects.filter(state=Export.State.RUNNING, worker__startswith=f"{machine}-")
    return left.exclude(worker__startswith=me).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def register() -> None:
    """Tell the engine the sorts of work there are."""
    engine.register("job", engine.Kind(runner.run, runner.due, runner.forsake, SLOTS, take=runner.take))
    engine.register("check", engine.Kind(checks.run, checks.due, checks.forsake, slots=4, poll=1.0))
    engine.register("quote", engine.Kind(quotes.run, quotes.due, quotes.forsake, slots=8, poll=1.0))
    engine.register("export", engine.Kind(exports.run, exports_due, forsake_exports, slots=1, poll=1.0))
    engine.register("tell", engine.Kind(outbox.run, outbox.due, outbox.forsake, slots=1, poll=2.0))
    engine.register("letter", engine.Kind(letters.run, letters.due, letters.forsake, slots=2, poll=5.0))
    engine.register("delivery", engine.Kind(deliveries.run, deliveries.due, deliveries.forsake, slots=8, poll=2.0))
    engine.register("remind", engine.Kind(reminders.run, reminders.due, reminders.forsake, slots=1, poll=20.0))
    engine.register("sweep", engine.Kind(sweep.run, sweep.due, sweep.forsake, slots=1, poll=10.0))


async def closing() -> None:
    await engines.close()
    await rows(workers.gone)


class Command(BaseCommand):
    help = "Draw what was asked for and make the files, until stopped."
    requires_system_checks: list[str] = []  # `run` and `check` make them; this loads no page

    def handle(self, *args: Any, **options: Any) -> None:
        register()
        catalog.read()  # with the code it goes with: an update beneath a running studio must not mix the two
        pool.niceness = 19
        sys.setswitchinterval(0.0005)  # the loop must not wait 5 ms for each thread that saves
        try:
            engine.run_worker(closing=closing, beat=workers.beat)
        except engine.AlreadyRunning as refusal:
            raise CommandError(str(refusal), returncode=3) from None
