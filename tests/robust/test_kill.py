"""Kill -9 of worker, web, both and their parent while pictures are drawn: run again, everything is there once."""

from __future__ import annotations

import os
import signal

import pytest

from tests.processes.conftest import BOARD
from tests.processes.conftest import Studio as Desk
from tests.processes.running import alive, children_of, until
from tests.processes.running import start as start  # a fixture

pytestmark = pytest.mark.processes
PANELS, TAKES = 20, 2  # enough that something is under way at the last kill, on any machine
ASK = f"""
answer = actions.request_takes(panels=panels, by=by, key=uuid.uuid4(), takes={TAKES}).pk
"""
LOOK = """
from django.core.files.storage import storages
from studio.generation.models import Job, Spend
from studio.models import Image, Panel, Rendition
storage = storages["default"]
rows = {image.original for image in Image.objects.all()} | {row.path for row in Rendition.objects.all()}
folder = __import__("pathlib").Path(storage.location)
found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
answer = {
    "states": sorted(set(Job.objects.values_list("state", flat=True))),
    "numbers": [sorted(panel.takes.values_list("number", flat=True)) for panel in Panel.objects.order_by("pk")],
    "picked": Panel.objects.exclude(picked=None).count(),
    "images": Image.objects.count(),
    "without a take": Image.objects.filter(takes=None).count(),
    "without a file": sorted(rows - found),
    "without a row": sorted(found - rows),
    "ledger": Spend.objects.filter(kind="charged").count(),
    "attempts": max(Job.objects.values_list("attempts", flat=True)),
    "unfinished": Job.objects.filter(batch__finished=None).count(),
}
"""


def test_it_ends_with_what_was_asked_for_whatever_is_killed(start):
    studio = start()
    studio.up()
    desk = Desk(studio.data, "")
    desk.do(BOARD.format(panels=PANELS) + ASK)

    def drawn(more):
        until(lambda: desk.is_over() or desk.states().get("done", 0) >= more, 20, f"{more} pictures")

    def kill(*names):
        before = {name: until(lambda name=name: studio.child(name), 10, name) for name in names}
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        return before

    drawn(1)
    kill("manage.py worker")
    drawn(3)
    kill("studio.lib.web")
    drawn(5)
    kill("manage.py worker", "studio.lib.web")
    drawn(7)
    assert not desk.is_over(), "there was nothing left to interrupt"
    inside = children_of(studio.process.pid)
    for pid in (studio.process.pid, *inside):
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
    studio.process.wait()

    again = start(studio.data)
    again.up()
    until(desk.is_over, 90, "the end of the batch")
    found = desk.do(LOOK)
    left = found.pop("without a row")
    assert found.pop("attempts") > 1
    assert found == {
        "states": ["done"],
        "numbers": [list(range(1, TAKES + 1))] * PANELS,
        "picked": PANELS,
        "images": PANELS * TAKES,
        "without a take": 0,
        "without a file": [],
        "ledger": PANELS * TAKES,
        "unfinished": 0,
    }
    assert len(left) <= 4 * 5, left  # files of pictures that were being written at a kill: no row knows them
    assert again.get("/sign-in/")[0] == 200
    assert again.stop() == 0
