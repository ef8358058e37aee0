"""Draw panels from a terminal: asks as the page does, and waits until all is drawn."""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from studio.board.models import Panel, Project
from studio.generation import actions, cost, engines, estimates, queries, tiers
from studio.generation.errors import Refused
from studio.generation.models import LOST, Batch
from studio.generation.tiers import QUALITIES, Choice
from studio.lib import engine
from studio.management.commands.worker import register

SOME_FAILED, USAGE, STOPPED = 1, 2, 130


class Command(BaseCommand):
    help = (
        "Draw the panels of a project that have no picture; or those of a scene, or one panel, with a picture or not. "
        "Exit code 0: all drawn. 1: some were not. 2: nothing was asked for, and the message says why."
    )

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT", help="code or title")
        parser.add_argument("--scene", metavar="N", help="all panels of the scene of this number")
        parser.add_argument("--panel", metavar="LABEL", help="the panel of this label, such as 2C")
        parser.add_argument("--takes", type=int, default=1, metavar="N", help="pictures of each panel, 1 to 4")
        parser.add_argument(
            "--tier",
            choices=list(QUALITIES),
            help="the quality to draw in; without it each panel’s own, else the project’s",
        )
        parser.add_argument("--yes", action="store_true", help="spend what it costs without being asked")
        parser.add_argument("--seed", type=int, metavar="N", help="a fixed seed instead of a random one")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON at the end, and no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        project = _project(options["project"])
        panels = _panels(project, options["scene"], options["panel"])
        try:
            choices = _choices(project, panels, options["tier"])
            self._agreed(panels, choices, options)
            batch = actions.request_takes(
                panels=panels, by=None, key=uuid.uuid4(), takes=options["takes"], seed=options["seed"], choices=choices
            )
        except Refused as refused:
            raise CommandError(str(refused), returncode=USAGE) from None
        self.quiet = options["json"]
        self.last = ""
        try:
            self._finish(batch)
        except KeyboardInterrupt:
            actions.cancel_batch(batch=batch, by=None)
            raise CommandError("Stopped. What had begun is kept.", returncode=STOPPED) from None
        self._report(batch)

    def _agreed(self, panels: list[Panel], choices: list[Choice], options: dict[str, Any]) -> None:
        """Money is spent only where somebody said yes. Raises CommandError, with what it would cost, where nobody did."""
        rows = cost.ready(panels, choices)
        found = estimates.weigh(rows, takes=options["takes"], seeds=[options["seed"]] * len(rows))
        if not found.amount or options["yes"]:
            return
        names = ", ".join(sorted({f"{choice.name} {choice.size}" for choice in choices}))
        words = f"{found.pictures} picture{'' if found.pictures == 1 else 's'} by {names}: ${found.amount:.2f}."
        for panel in panels:
            if take := found.exists.get(panel.pk):
                words += f" Panel {panel.label}: this exact picture exists, take {take.number} of {take.panel.label}."
        if not (sys.stdin.isatty() and input(f"{words} Draw? [y/N] ").strip().lower() in {"y", "yes"}):
            raise CommandError(f"{words} Nothing was drawn. Add --yes to spend it.", returncode=USAGE)

    def _finish(self, batch: Batch) -> None:
        """By the worker that runs on this data folder, else by one in this process."""

        def over() -> bool:
            bar = queries.bar(batch)
            self._show(bar)
            return bar.finished

        while not over():
            if engine.running_worker() is None:
                register()
                try:
                    engine.run_worker(until=over, closing=engines.close)
                except engine.AlreadyRunning:
                    continue
                if not over():
                    raise KeyboardInterrupt
            else:
                close_old_connections()
                time.sleep(0.3)

    def _show(self, bar: queries.Bar) -> None:
        if self.quiet:
            return
        line = f"{bar.done} of {bar.total} drawn"
        line += f", {bar.failed} failed" if bar.failed else ""
        line += f", about {bar.eta} s left" if bar.eta else ""
        if line == self.last:
            return
        self.last = line
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{line}", ending="\n" if bar.finished else "")
        else:
            self.stderr.write(line)

    def _report(self, batch: Batch) -> None:
        batch.refresh_from_db()
        bar = queries.bar(batch)
        jobs = list(batch.jobs.select_related("panel", "take").order_by("pk"))
        if self.quiet:
            self.stdout.write(json.dumps(_outcome(batch, bar, jobs), indent=2, ensure_ascii=False))
        else:
            for job in jobs:
                if job.state in LOST:
                    self.stderr.write(f"Panel {job.panel.label}: {job.error} {job.remedy}".strip())
        if bar.done != bar.total:
            raise SystemExit(SOME_FAILED)


def _outcome(batch: Batch, bar: queries.Bar, jobs: list[Any]) -> dict[str, Any]:
    return {
        "batch": batch.code,
        "total": bar.total,
        "done": bar.done,
        "failed": bar.failed,
        "cancelled": bar.cancelled,
        "cost": str(bar.cost),
        "pictures": [
            {
                "panel": job.panel.label,
                "state": job.state,
                "take": job.take.number if job.take else None,
                "model": job.model,
                "size": job.request["size"],
                "seed": job.seed,
                "seconds": round(job.take.seconds, 2) if job.take else None,
                "error": job.error,
            }
            for job in jobs
        ],
    }


def _choices(project: Project, panels: list[Panel], tier: str | None) -> list[Choice]:
    by_quality = tiers.all_choices(project.team)
    return [by_quality[tier]] * len(panels) if tier else tiers.for_panels(panels, by_quality)


def _project(name: str) -> Project:
    alive = Project.objects.filter(deleted=None)
    found = list(alive.filter(code=name) or alive.filter(title__iexact=name))
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandError(f"There is no project {name}. Give its code or its title.", returncode=USAGE)
    codes = ", ".join(project.code for project in found)
    raise CommandError(f"Several projects are called {name}. Give a code: {codes}.", returncode=USAGE)


def _panels(project: Project, scene: str | None, label: str | None) -> list[Panel]:
    panels = Panel.objects.filter(scene__project=project).on_board().select_related("scene__project__team")
    if scene:
        panels = panels.filter(scene__number=scene)
    if label:
        panels = panels.filter(label__iexact=label)
    if not scene and not label:
        panels = panels.filter(picked=None)
    found = list(panels)
    if not found:
        wanted = f"panel {label}" if label else f"scene {scene}" if scene else ""
        words = f"{project.title} has no {wanted}." if wanted else f"{project.title} has no panel without a picture."
        raise CommandError(words, returncode=USAGE)
    return found
