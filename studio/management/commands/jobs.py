"""What the worker has to do: who works, what is under way, what waits, what was lost."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from studio.generation.models import ACTIVE, LOST, Job, JobState
from studio.lib import engine


class Command(BaseCommand):
    help = "Show the jobs: counts by state, what is under way or waits in its order, and what was lost last."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="jobs to list of each sort")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
        rows = Job.objects.select_related("panel__scene__project").defer("request", "ticket")
        active = rows.filter(state__in=ACTIVE).order_by("-priority", "created", "pk")[: options["limit"]]
        lost = rows.filter(state__in=LOST).order_by("-finished")[: options["limit"]]
        found: dict[str, Any] = {
            "worker": engine.running_worker(),
            "counts": counts,
            "active": [_line(job) for job in active],
            "lost": [_line(job) for job in lost],
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
            return
        pid = found["worker"]
        self.stdout.write(f"Worker: process {pid}" if pid else "Worker: none")
        self.stdout.write(", ".join(f"{n} {JobState(s).label.lower()}" for s, n in counts.items()) or "No jobs")
        for one in (*found["active"], *found["lost"]):
            words = f"{one['project']} {one['panel']}  {one['state']}  {one['seconds']} s  {one['error']}"
            self.stdout.write(f"  {one['job']}  {words}".rstrip())


def _line(job: Job) -> dict[str, Any]:
    since = job.started or job.created
    return {
        "job": job.code,
        "project": job.panel.scene.project.title,
        "panel": job.panel.label,
        "state": job.state,
        "engine": job.engine,
        "attempts": job.attempts,
        "seconds": round(((job.finished or timezone.now()) - since).total_seconds()),
        "error": job.error,
    }
