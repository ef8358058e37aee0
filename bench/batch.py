"""A batch of 48 panels by the embedded engine, against the pure drawing time of the same 48 requests over the cores.

Ours is the whole way: asked for as a page asks, queued, drawn by a real worker process on a data folder of its own, opened
in the decoding child, kept with its renditions, made a take, settled; from the click to the last picture. The floor is the
bare `draw` function on the same frozen requests in a pool of one process a core. Both are warm, measured in turns.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PANELS = 48
ROUNDS = 3


def run() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        environment = {**os.environ, "STUDIO_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings"}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "bench.batch", "measure"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=900,
        )
    pairs = json.loads(done.stdout.splitlines()[-1])
    ours, floor = (statistics.median(pair[at] for pair in pairs) for at in (0, 1))
    ratio = statistics.median(ours / floor for ours, floor in pairs)
    return [
        {
            "name": f"A batch of {PANELS} panels by sketch over pure drawing on all cores",
            "ours": round(ours, 2),
            "floor": round(floor, 2),
            "ratio": round(ratio, 2),
            "wanted": 1.3,
            "unit": "s",
        }
    ]


def measure() -> list[tuple[float, float]]:
    """Seconds (ours, floor) of each round. Runs in a process whose data folder is empty."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    panels = _sample()
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, stdout=sys.stderr)
    try:
        _asked(panels[:4])  # the first batch starts the worker's processes
        pool = _Pool()
        pairs = []
        for _ in range(ROUNDS):
            jobs, ours = _asked(panels)
            pairs.append((ours, pool.seconds(jobs)))
        pool.close()
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()
    return pairs


def _sample() -> list[Any]:
    """The sample's panels, over and over until there are enough; what it asked for itself is stopped."""
    from itertools import cycle, islice

    from studio.accounts.actions import found_studio
    from studio.board.models import Panel
    from studio.generation.actions import cancel_batch
    from studio.generation.models import Batch
    from studio.sample import actions as sample

    owner = found_studio(name="Bench")
    project = sample.load(team=owner.teams.get(), by=owner)
    for batch in Batch.objects.all():
        cancel_batch(batch=batch, by=owner)
    found = Panel.objects.filter(scene__project=project).on_board().select_related("scene__project")
    return list(islice(cycle(found), PANELS))


def _asked(panels: list[Any]) -> tuple[list[Any], float]:
    """The jobs, and the seconds from the click to the last picture."""
    import uuid

    from django.utils import timezone

    from studio.generation import actions, queries

    began = timezone.now()
    batch = actions.request_takes(panels=panels, by=None, key=uuid.uuid4())
    while not (bar := queries.bar(batch)).finished:
        time.sleep(0.5)  # seldom: looking takes from the cores that draw
    if bar.done != len(panels):
        raise RuntimeError(f"{bar.done} of {len(panels)} were drawn")
    jobs = list(batch.jobs.select_related("batch"))
    return jobs, (max(job.finished for job in jobs) - began).total_seconds()


class _Pool:
    """One process a core, with the drawing code loaded."""

    def __init__(self) -> None:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        from studio.providers.sketch.pool import cores

        self.cores = cores()
        self.pool = ProcessPoolExecutor(self.cores, mp_context=multiprocessing.get_context("spawn"))

    def seconds(self, jobs: list[Any]) -> float:
        from studio.generation.sending import request_of
        from studio.providers.sketch.draw import draw

        requests = [request_of(job) for job in jobs]
        list(self.pool.map(draw, requests[: 2 * self.cores]))
        began = time.perf_counter()
        for picture in self.pool.map(draw, requests):
            if not picture.startswith(b"\xff\xd8"):
                raise RuntimeError("no picture was drawn")
        return time.perf_counter() - began

    def close(self) -> None:
        self.pool.shutdown()


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))
    else:
        for figure in run():
            print(figure)
