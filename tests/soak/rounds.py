"""The kills: at a named point, at random times, and of the web server and the worker together."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.soak.judge import Verdict, judge
from tests.soak.world import World

# where a worker may die over a job, in the order in which one comes to them; `asked` are the engines that come there
POINTS: dict[str, tuple[str, ...]] = {
    "claimed": ("runware", "hiapi", "gemini", "sketch"),
    "before the call": ("runware", "hiapi", "gemini", "sketch"),
    "after the call": ("runware", "hiapi", "gemini", "sketch"),
    "doubted": ("runware", "hiapi"),
    "spooled": ("gemini",),
    "answered": ("runware", "hiapi", "gemini", "sketch"),
    "waiting": ("runware", "hiapi", "gemini", "sketch"),
    "collected": ("runware", "hiapi"),
    "saving": ("runware", "hiapi", "gemini", "sketch"),
    "filed": ("runware", "hiapi", "gemini", "sketch"),
    "kept": ("runware", "hiapi", "gemini", "sketch"),
    "settled": ("runware", "hiapi", "gemini", "sketch"),
    "done": ("runware", "hiapi", "gemini", "sketch"),
}
GROUP = 5  # kills in a row before a worker may finish what is there: a job that outlives twelve workers is set aside
WAITING = 4  # jobs that have not begun when a worker starts, at the least
PATIENCE = 120.0  # seconds after the restart in which everything must be over


@dataclass
class Round:
    """One row of the table."""

    name: str
    kills: int = 0
    longest: float = 0.0  # seconds from the restart to the end of the last job
    verdict: Verdict = field(default_factory=Verdict)
    clicks: int = 0
    doubled: list[str] = field(default_factory=list)  # forms that made more than one batch, or none
    left: dict[str, int] = field(default_factory=dict)  # after everything: see left_over
    swept: dict[str, int] = field(default_factory=dict)  # the same after the sweep

    @property
    def wrong(self) -> list[str]:
        return [*self.verdict.wrong, *self.doubled]


def at_point(world: World, point: str, kills: int, dice: random.Random) -> Round:
    """Kill a worker so many times, each time when one of its jobs comes to this point."""
    found, after = Round(point), world.inside.do("last")
    while found.kills < kills:
        engines = _engines(POINTS[point], found.kills // GROUP)
        for _ in range(min(GROUP, kills - found.kills)):
            fill(world, engines)
            if point == "doubted":
                for name in engines:
                    world.services[name].break_at("start", "drop_after", times=4)
            life = world.machine.dies_at(point, dice.randint(1, 3))
            if not life.dies(60):
                life.kill()
                raise AssertionError(f"No job came to the point “{point}” within a minute.")
            assert life.code == -9, f"the worker ended by itself: {life.code}"
            found.kills += 1
        finish(world, found)
    found.verdict = judge(world, after)
    return found


def at_random(world: World, name: str, kills: int, dice: random.Random, longest: float = 1.5) -> Round:
    """Kill a worker so many times, up to `longest` seconds after it began to do something."""
    found, after = Round(name), world.inside.do("last")
    while found.kills < kills:
        engines = _engines(("runware", "hiapi", "gemini", "sketch"), found.kills // GROUP)
        for _ in range(min(GROUP, kills - found.kills)):
            fill(world, engines)
            life = world.machine.start()
            _something_happens(world, life.over.is_set)
            time.sleep(dice.uniform(0.0, longest))
            life.kill()
            assert life.code == -9, f"the worker ended by itself: {life.code}"
            found.kills += 1
        finish(world, found)
    found.verdict = judge(world, after)
    return found


def _engines(asked: tuple[str, ...], group: int) -> tuple[str, ...]:
    """The embedded engine in every third group: each life that draws starts processes of its own for it."""
    return asked if group % 3 == 1 else tuple(name for name in asked if name != "sketch")


def fill(world: World, engines: tuple[str, ...]) -> None:
    there = world.inside.do("waiting")
    each = -(-WAITING // len(engines))
    for name in engines:
        if there.get(name, 0) < each:
            world.inside.do("ask", engine=name, pictures=each - there.get(name, 0))


def finish(world: World, found: Round) -> None:
    """A worker that nobody kills; everything must be over within two minutes of its start."""
    for service in world.services.values():
        service.mend()
    life, began = world.machine.start(), time.monotonic()
    with contextlib.suppress(TimeoutError):  # the judge names them
        world.until(lambda: not world.open(), PATIENCE)
    found.longest = max(found.longest, time.monotonic() - began)
    life.kill()


def _something_happens(world: World, dead: Callable[[], bool]) -> None:
    before = world.inside.do("changed")
    world.until(lambda: dead() or world.inside.do("changed") != before, 60, pause=0.02)
