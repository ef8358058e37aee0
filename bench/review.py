"""200 reviewers of a round of 60 panels ask for news for a minute, while notes are written by another process.

The server is the studio's own, in a process and on a data folder of its own, with SQLite. Each reviewer came by a link of
theirs and asks every two seconds, five times as often as the page does; a note comes every fifteen. The floor is a view that
does nothing, asked in between by as many connections as one in ten of the reviewers, through the same middleware.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REVIEWERS, PANELS = 200, 60
EVERY, NOTES_EVERY = 2.0, 15.0  # seconds
SECONDS = float(os.environ.get("BENCH_REVIEW_SECONDS", "60"))


def run() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        environment = {**os.environ, "STUDIO_DATA": folder, "DJANGO_SETTINGS_MODULE": "bench.review_settings"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "bench.review", "measure"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=900
        )
    seen = json.loads(done.stdout.splitlines()[-1])
    name = f"{REVIEWERS} reviewers asking for news, {PANELS} panels"
    none = {"floor": None, "ratio": None}
    news, bare = seen["news"], seen["bare"]
    return [
        {"name": f"{name}: p95 over a bare view's", "ours": news, "floor": bare, "ratio": round(news / bare, 2), "wanted": 3.0, "unit": "ms"},
        {"name": f"{name}: answers other than 304, of {seen['asked']:,}", "ours": seen["fresh"], **none, "wanted": 20, "unit": "%"},
        {"name": f"{name}: errors, of a locked database too", "ours": seen["errors"], **none, "wanted": 0, "unit": ""},
    ]  # fmt: skip


def measure() -> dict[str, Any]:
    """Runs in a process whose data folder is empty."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    round_, visitors = _round()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "STUDIO_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "studio.lib.web"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(port)
            found = asyncio.run(_minute(port, round_, visitors))
        finally:
            server.terminate()
            server.wait()
        log.seek(0)
        found["errors"] += log.read().count("database is locked")
    return found


def _round() -> tuple[Any, list[tuple[str, str]]]:
    """The round, and for each reviewer the token of their link and the cookie of a visit that has begun."""
    from django.core import signing

    from studio import models
    from studio.review import actions
    from studio.views import access_review

    team = models.Team.objects.create(name="Bench")
    owner = models.User.objects.create_user("bench@example.test", name="Bench")
    project = models.Project.objects.create(team=team, title="Night ferry")
    scene = models.Scene.objects.create(project=project, number="1", place="boat shed")
    for n in range(PANELS):
        panel = models.Panel.objects.create(scene=scene, label=f"1-{n + 1}", position=n, action="She waits.")
        image = models.Image.objects.create(
            team=team, sha256=f"{n:064x}", original=f"none/{n}", original_mime="image/png", width=1376, height=768
        )
        take = models.Take.objects.create(
            panel=panel, number=1, job_key=uuid.uuid4(), image=image, engine="sketch", model="sketch"
        )
        models.Panel.objects.filter(pk=panel.pk).update(picked=take)
    round_ = actions.send_round(project=project, by=owner)
    visitors = []
    for n in range(REVIEWERS):
        link, token = actions.make_link(round=round_, by=owner, name=f"Reviewer {n + 1}")
        inside = signing.dumps({"link": link.pk, "door": access_review._door(link)}, salt=access_review.SALT)
        visitors.append((token, inside))
    round_.refresh_from_db()
    return round_, visitors


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server does not answer.")


async def _minute(port: int, round_: Any, visitors: list[tuple[str, str]]) -> dict[str, Any]:
    end = time.monotonic() + SECONDS
    news: list[tuple[int, float]] = []
    bare: list[tuple[int, float]] = []
    askers = [_reviewer(port, end, news, token, cookie, round_.revision) for token, cookie in visitors]
    floor = [_bare(port, end, bare) for _ in range(REVIEWERS // 10)]
    await asyncio.gather(*askers, *floor, _writer(end, round_))
    statuses = [status for status, _ in news]
    return {
        "asked": len(news),
        "fresh": round(100 * sum(status == 200 for status in statuses) / len(news), 1),
        "errors": sum(status not in (200, 304) for status in statuses) + sum(status != 304 for status, _ in bare),
        "news": _p95(news),
        "bare": _p95(bare),
    }


def _p95(seen: list[tuple[int, float]]) -> float:
    return round(1000 * statistics.quantiles([took for _, took in seen], n=20)[-1], 1)


async def _reviewer(
    port: int, end: float, seen: list[tuple[int, float]], token: str, cookie: str, revision: int
) -> None:
    await asyncio.sleep(random.random() * EVERY)
    while time.monotonic() < end:
        path = f"/r/{token}/news/?since={revision}"
        status, headers, took = await _ask(port, path, f"studio_visit={cookie}")
        seen.append((status, took))
        revision = int(headers.get("x-revision", revision))
        await asyncio.sleep(max(0.0, EVERY - took))


async def _bare(port: int, end: float, seen: list[tuple[int, float]]) -> None:
    await asyncio.sleep(random.random() * EVERY)
    while time.monotonic() < end:
        status, _, took = await _ask(port, "/r/bare/now/", "studio_visit=x")
        seen.append((status, took))
        await asyncio.sleep(max(0.0, EVERY - took))


async def _writer(end: float, round_: Any) -> None:
    """Notes, from a process that is not the server's: they meet at the database's lock."""
    from asgiref.sync import sync_to_async

    from studio.review.actions import notes
    from studio.review.reviewers import Reviewer

    people = await sync_to_async(lambda: [link.guests.get() for link in round_.links.all()[:20]])()
    panels = await sync_to_async(lambda: list(round_.panels.all()))()
    await asyncio.sleep(NOTES_EVERY / 2)
    while time.monotonic() < end:
        who = Reviewer(round=round_, base="/", guest=random.choice(people))
        write = sync_to_async(notes.write_note)
        await write(round=round_, on=random.choice(panels), by=who, text="The lamp is red.", key=uuid.uuid4())
        await asyncio.sleep(NOTES_EVERY)


async def _ask(port: int, path: str, cookie: str) -> tuple[int, dict[str, str], float]:
    """One request on a connection of its own: status, headers, and the seconds to the last byte."""
    start = time.monotonic()
    try:
        reading, writing = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        writing.write(head.encode())
        lines = (await reading.read()).decode(errors="replace").split("\r\n")
        writing.close()
        status = int(lines[0].split()[1])
    except (OSError, IndexError, ValueError):
        return 0, {}, time.monotonic() - start
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return status, headers, time.monotonic() - start


if __name__ == "__main__":
    print(json.dumps(measure()) if sys.argv[1:] == ["measure"] else run())
