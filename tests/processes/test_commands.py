"""Drawing from a terminal: what it prints, and how its exit codes tell success from failure."""

from __future__ import annotations

import json

import pytest

from tests.processes.conftest import BOARD

pytestmark = pytest.mark.processes


def test_it_draws_what_is_missing_without_a_worker(studio):
    studio.do(BOARD.format(panels=2))
    first = studio.manage("draw", "night ferry", "--panel", "1a", "--takes", "2", "--json", "--seed", "5")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert (told["total"], told["done"], told["failed"]) == (2, 2, 0)
    assert {(one["panel"], one["take"]) for one in told["pictures"]} == {("1A", 1), ("1A", 2)}
    assert {one["seed"] for one in told["pictures"]} == {5, 6}  # whichever was drawn first is take 1
    missing = studio.manage("draw", "Night ferry", "--tier", "sketch")
    assert missing.returncode == 0
    assert "1 of 1 drawn" in missing.stderr
    nothing = studio.manage("draw", "Night ferry")
    assert nothing.returncode == 2
    assert "no panel without a picture" in nothing.stderr
    shown = json.loads(studio.manage("jobs", "--json").stdout)
    assert (shown["worker"], shown["counts"], shown["active"]) == (None, {"done": 3}, [])


def test_it_uses_the_worker_that_runs(studio, until):
    studio.do(BOARD.format(panels=3))
    worker = studio.worker()
    until(lambda: json.loads(studio.manage("jobs", "--json").stdout)["worker"] == worker.pid)
    drawn = studio.manage("draw", "Night ferry", "--scene", "1", "--json")
    assert json.loads(drawn.stdout)["done"] == 3
    assert worker.poll() is None


def test_it_tells_what_was_not_drawn(studio):
    studio.do(
        BOARD.format(panels=1)
        + "\nfrom studio.models import Rendition\n"
        + "noor = makers.subject(team, 'Noor', locked=True)\n"
        + "makers.reference(noor.reference_sets.get())\n"
        + "makers.appearance(panels[0], noor)\n"
        + "Rendition.objects.filter(spec='provider').delete()"
    )
    failed = studio.manage("draw", "Night ferry")
    assert failed.returncode == 1
    assert "Panel 1A: Reference picture 1 (Noor) is gone." in failed.stderr


def test_it_says_what_it_does_not_know(studio):
    studio.do(BOARD.format(panels=1))
    for wrong in (("nowhere",), ("Night ferry", "--scene", "9"), ("Night ferry", "--takes", "9")):
        refused = studio.manage("draw", *wrong)
        assert refused.returncode == 2
        assert refused.stderr.startswith("CommandError: ")
