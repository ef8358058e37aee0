"""Whether every account at an engine answers and takes its key, by the cheapest call its service has."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from studio.accounts.models import Team
from studio.generation import checks
from studio.generation.checks import Outcome
from studio.generation.models import EngineAccount
from studio.lib import threads

TOGETHER = 8


class Command(BaseCommand):
    help = (
        "Check each account of each team at its engine. All of these calls are free. What is found is kept as the account's health; "
        "exits with 1 where one fails."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--team", metavar="TEAM", help="only this team's accounts: its name or code")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = EngineAccount.objects.filter(deleted=None).select_related("team").order_by("team", "created", "pk")
        if wanted := options["team"]:
            teams = Team.objects.filter(Q(code=wanted) | Q(name=wanted))
            if not teams:
                raise CommandError(f"There is no team called {wanted}.", returncode=2)
            rows = rows.filter(team__in=teams)
        accounts = list(rows)
        try:
            found = asyncio.run(_look([one for one in accounts if one.on]))
        finally:
            threads.let_go()
        lines = [_line(one, found.get(one.pk)) for one in accounts]
        if options["json"]:
            self.stdout.write(json.dumps(lines, indent=2, ensure_ascii=False))
        else:
            self._table(lines)
        failed = sum(line["result"] == "failed" for line in lines)
        if failed:
            raise CommandError(f"{failed} of {len(found)} did not answer as they should.", returncode=1)

    def _table(self, lines: Sequence[dict[str, Any]]) -> None:
        if not lines:
            self.stdout.write("No accounts. Sketch draws here, free.")
        columns = ("team", "account", "engine", "result", "seconds")
        widths = {name: max([len(name), *(len(str(line[name])) for line in lines)]) for name in columns}
        for line in [{**{name: name.capitalize() for name in columns}, "said": ""}, *lines] if lines else []:
            cells = [str(line[name]).ljust(widths[name]) for name in columns]
            self.stdout.write("  ".join([*cells, str(line["said"])]).rstrip())


async def _look(accounts: Sequence[EngineAccount]) -> dict[int, Outcome]:
    turns = asyncio.Semaphore(TOGETHER)

    async def one(account: EngineAccount) -> Outcome:
        async with turns:
            return await checks.look(account)

    return {
        account.pk: outcome
        for account, outcome in zip(accounts, await asyncio.gather(*map(one, accounts)), strict=True)
    }


def _line(account: EngineAccount, outcome: Outcome | None) -> dict[str, Any]:
    """One account's result; `result` is ok, failed, or off where it is switched off and was not asked."""
    return {
        "team": account.team.name,
        "account": account.label,
        "engine": account.engine,
        "result": "off" if outcome is None else "ok" if outcome.good else "failed",
        "seconds": "" if outcome is None else round(outcome.seconds, 1),
        "kind": outcome.kind if outcome else "",
        "said": outcome.said if outcome else "Switched off; not checked.",
    }
