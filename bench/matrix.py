"""The consistency matrix of 30 markers by 200 panels: opening it, and one key in it, against the same on a board of one by one.

Server time alone: requests go through the whole stack of middleware, view, database and template in this process, SQLite on disk.
A key asks the same queries on any board, so its floor is the same key on the smallest one: what it may cost more is counting longer
rows and columns. Opening makes 6,000 cells, so its floor is an f-string for each cell with what the cell shows.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MARKERS, PANELS, KEYS, OPENINGS = 30, 200, 60, 7


def run() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        environment = {**os.environ, "STUDIO_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings"}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "bench.matrix", "measure"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=300,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    size = f"{MARKERS} markers by {PANELS} panels"
    return [
        _row(f"A key in the matrix of {size}, over one in a matrix of 1 by 1", found["key"], found["small"], 3.0),
        _row("Such a key, the median", found["key"], None, 100.0),
        _row(f"The slowest of {KEYS} such keys", found["slowest"], None, None),
        _row(f"Opening the matrix of {size}, over an f-string for each cell", found["open"], found["cells"], None),
    ]


def _row(name: str, ours: float, floor: float | None, wanted: float | None) -> dict[str, Any]:
    ratio = None if floor is None else round(ours / floor, 2)
    return {"name": name, "ours": round(ours, 1), "floor": floor and round(floor, 1), "ratio": ratio, "wanted": wanted, "unit": "ms"}  # fmt: skip


def measure() -> dict[str, float]:
    """Milliseconds. Runs in a process whose data folder is empty."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    call_command("migrate", verbosity=0)
    from studio.accounts.actions import found_studio

    owner = found_studio(name="Bench")
    client = Client()
    client.force_login(owner)
    large, small = _board(owner, MARKERS, PANELS), _board(owner, 1, 1)
    keys = [_key(client, *cell) for cell in large["cells"][: KEYS + 5]]
    again = [_key(client, *small["cells"][0], revision=n) for n in range(KEYS + 5)]
    opened = [_timed(lambda: client.get(f"/projects/{large['project']}/consistency/")) for _ in range(OPENINGS)]
    return {
        "key": statistics.median(keys[5:]),
        "slowest": max(keys[5:]),
        "small": statistics.median(again[5:]),
        "open": statistics.median(opened[1:]),
        "cells": min(_timed(lambda: _cells(large["cells"])) for _ in range(OPENINGS)),
    }


def _timed(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    answer = act()
    taken = (time.perf_counter() - start) * 1000
    assert getattr(answer, "status_code", 200) == 200, answer.status_code
    return taken


def _key(client: Any, take: str, marker: int, revision: int = 0) -> float:
    """One key as the page sends it: drifted and same in turn, so that each is a verdict."""
    data = {"result": "same" if revision % 2 else "drifted", "revision": revision}
    headers = {"HX-Request": "true", "HX-Target": f"cell-{take}-{marker}"}
    return _timed(lambda: client.post(f"/takes/{take}/markers/{marker}/", data, headers=headers))


def _cells(cells: list[tuple[str, int]]) -> str:
    return "".join(
        f'<td><a class="marker" id="cell-{take}-{marker}" href="/takes/{take}/markers/{marker}/" data-result="" '
        f'data-revision="0" aria-label="marker {marker} in {take}: not judged"></a></td>'
        for take, marker in cells
    )


def _board(owner: Any, markers: int, panels: int) -> dict[str, Any]:
    """A board whose every panel has a picked take of one subject with so many locked markers. Rows only: nobody opens a picture."""
    from django.utils import timezone

    from studio import models

    team = owner.teams.get()
    subject = models.Subject.objects.create(team=team, name="Noor", kind="character", species="person")
    version = models.SubjectVersion.objects.create(subject=subject, bible="Noor.")
    models.ReferenceSet.objects.create(subject=subject)
    models.Marker.objects.bulk_create(
        models.Marker(version=version, phrase=f"marker number {n}", category="hair", position=n) for n in range(markers)
    )
    models.SubjectVersion.objects.filter(pk=version.pk).update(locked_at=timezone.now())
    project = models.Project.objects.create(team=team, title="Night ferry")
    scene = models.Scene.objects.create(project=project, number="1")
    image = models.Image.objects.create(
        team=team, sha256=uuid.uuid4().hex * 2, original=f"none/{uuid.uuid4()}", original_mime="image/png", width=1376, height=768
    )  # fmt: skip
    rows = models.Panel.objects.bulk_create(
        models.Panel(scene=scene, label=f"1-{n}", action="She waits.", position=n) for n in range(panels)
    )
    models.Appearance.objects.bulk_create(models.Appearance(panel=row, subject=subject) for row in rows)
    shot = {"shot_size": "MS", "cast": [{"code": subject.code, "view": "front", "kind": "character"}]}
    takes = models.Take.objects.bulk_create(
        models.Take(
            panel=row, number=1, job_key=uuid.uuid4(), image=image, engine="sketch", model="sketch",
            versions={subject.code: 1}, parameters={"shot": shot},
        )
        for row in rows
    )  # fmt: skip
    for row, take in zip(rows, takes, strict=True):
        row.picked = take
    models.Panel.objects.bulk_update(rows, ["picked"])
    ids = list(version.markers.values_list("pk", flat=True))
    return {"project": project.code, "cells": [(take.code, pk) for take in takes for pk in ids]}


if __name__ == "__main__":
    print(json.dumps(measure()) if sys.argv[1:] == ["measure"] else run())
