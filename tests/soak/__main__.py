"""`python -m tests.soak`: kills workers hundreds of times and holds the services' ledgers against ours. See docs/soak.md."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.soak import rounds, table, together
from tests.soak.rounds import POINTS, Round
from tests.soak.world import World

EACH, RANDOM, TOGETHER = 25, 200, 25


def soak(
    server: str = "",
    *,
    share: float = 1.0,
    cold: bool = False,
    seed: int = 7,
    only: str = "",
    say: Callable[[str], object] = print,
) -> list[Round]:
    """All rounds on one database, `share` of the kills of each. `server`: the address of a PostgreSQL; empty: SQLite."""
    dice, found = random.Random(seed), []
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, World(Path(folder), server=server, cold=cold) as world:
        plan = [(point, EACH, rounds.at_point) for point in POINTS]
        plan += [("at random", RANDOM, rounds.at_random), ("with the web server", TOGETHER, together.kills)]
        for name, kills, kill in plan:
            if only and name != only:
                continue
            began, count = time.monotonic(), max(1, round(kills * share))
            one = kill(world, name, count, dice)
            found.append(one)
            say(f"{one.name}: {one.kills} kills, {table.short(one)}; {time.monotonic() - began:.0f} s")
        found.append(Round("left over", left=world.inside.do("left_over"), swept=swept(world)))
    return found


def swept(world: World) -> dict[str, int]:
    """What is left over once everything has lain there for two days and been swept."""
    long_ago = time.time() - 2 * 86400
    for path in (world.folder / "media").rglob("*"):
        if path.is_file():
            os.utime(path, (long_ago, long_ago))
    world.manage("sweep")
    left: dict[str, int] = world.inside.do("left_over")
    return left


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the kills: 0.1 is a tenth")
    parser.add_argument(
        "--warm", action="store_true", help="fork workers from a loaded process instead of starting each anew"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="one round: a point, “at random”, “with the web server”")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), help="one of the two databases")
    parser.add_argument("--write", type=Path, help="put the table into this file")
    asked = parser.parse_args()
    server = os.environ.get("DATABASE_URL", "") or table.local_server()
    places = {"SQLite": "", "PostgreSQL": server}
    if asked.on:
        places = {name: address for name, address in places.items() if name.lower() == asked.on}
    if "PostgreSQL" in places and not server:
        print("No PostgreSQL here: name one in DATABASE_URL.")
        del places["PostgreSQL"]

    def one(name: str) -> tuple[list[Round], float]:
        began = time.monotonic()
        found = soak(
            places[name], share=asked.share, cold=not asked.warm, seed=asked.seed, only=asked.only,
            say=lambda line: print(f"{name} | {line}", flush=True),
        )  # fmt: skip
        return found, time.monotonic() - began

    with ThreadPoolExecutor() as side_by_side:
        results = dict(zip(places, side_by_side.map(one, places), strict=True))
    text = table.page(results, share=asked.share, warm=asked.warm)
    print(text)
    if asked.write:
        asked.write.write_text(text)
    wrong = [line for found, _ in results.values() for one in found for line in one.wrong]
    for line in wrong[:50]:
        print(line)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
