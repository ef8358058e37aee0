"""What a soak found, as a page."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from collections import Counter

from tests.soak.judge import Verdict
from tests.soak.rounds import POINTS, Round

HEAD = """# Killed hundreds of times

`make soak` starts a studio on a data folder of its own, the three services' emulators in another process, and real workers
(`manage.py worker`); it kills them with -9 and holds the services' own ledgers against ours, attempt by attempt.

- **paid twice**: one attempt that a service charged more than once.
- **lost**: a charged attempt without a take that is not listed as uncertain.
- **stuck**: not over two minutes after the last restart.
- **untrue**: our ledger says something else than the service's, or a take is missing or there twice.
- **uncertain**: the worker died after it had begun the attempt and before the answer was on the disk, at a service that bills every
  call anew (Gemini-compatible). The studio lists it with its possible cost, and asks again only when a person does. In brackets: how
  many of them the service had charged. Runware and hiapi are asked again by the attempt's key; none of theirs is ever uncertain.
- **taken up**: attempts that a later worker went on with.

What begins in the same moment is claimed together: a death right after that, or right before the call, leaves all of them that would
go to such a service uncertain, though none was sent; it lasts some hundredths of a second of each picture's seconds.

The jobs are drawn by Runware, hiapi, the Gemini-compatible service (0.3 s a picture) and the embedded engine, up to eight at once
each. A worker dies at the first, second or third time that one of its jobs comes to the point. After five kills one worker may
finish everything. The leases are the usual 60 s: a worker that starts on the same data folder ends those of its forerunner.
The last row kills the web server in the same moment, while three people click: a form whose answer was lost is sent again, and
must have made exactly one job. What is left over at the end are files; a spooled picture of an uncertain attempt is kept for a
month.

"""


def short(one: Round) -> str:
    verdict = one.verdict
    return (
        f"{verdict.jobs} jobs, {verdict.takes} takes, {verdict.charged} charged, {len(verdict.twice)} twice, {len(verdict.lost)} lost, "
        f"{len(verdict.stuck)} stuck, {len(verdict.untrue)} untrue, {len(verdict.listed)} uncertain, {len(verdict.failed)} failed, "
        f"{len(one.doubled)} wrong forms, {one.longest:.0f} s at the longest"
    )


def page(results: dict[str, tuple[list[Round], float]], *, share: float, warm: bool) -> str:
    """The whole page, a table for each database."""
    text = HEAD
    how = "forked from a loaded process" if warm else "each started anew"
    text += f"{dt.date.today():%d %B %Y}, {os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}; "
    text += f"workers {how}{'' if share == 1 else f'; {share:.0%} of the kills'}.\n"
    for name, (found, seconds) in results.items():
        text += f"\n## {name}\n\n"
        text += "| killed | kills | jobs | takes | charged | paid twice | lost | stuck | untrue | uncertain | taken up | longest |\n"
        text += "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        total = Round("**all**")
        for one in found:
            if one.left:
                continue
            text += _line(one)
            total.kills, total.clicks = total.kills + one.kills, total.clicks + one.clicks
            total.longest = max(total.longest, one.longest)
            total.verdict.add(one.verdict)
            total.doubled += one.doubled
        text += _line(total)
        text += _words(total, found[-1].left, found[-1].swept, seconds)
    return text


def _line(one: Round) -> str:
    verdict = one.verdict
    name = f"at “{one.name}”" if one.name in POINTS else one.name
    paid = sum(row["charged"] for row in verdict.listed)
    numbers = [
        one.kills,
        verdict.jobs,
        verdict.takes,
        verdict.charged,
        len(verdict.twice),
        len(verdict.lost),
        len(verdict.stuck),
    ]
    cells = [name, *map(str, numbers), str(len(verdict.untrue)), f"{len(verdict.listed)} ({paid})", str(verdict.again), f"{one.longest:.0f} s"]  # fmt: skip
    return "| " + " | ".join(cells) + " |\n"


def _words(total: Round, left: dict[str, int], swept: dict[str, int], seconds: float) -> str:
    verdict: Verdict = total.verdict
    engines = ", ".join(f"{name} {count}" for name, count in sorted(verdict.engines.items()))
    unsure = Counter(row["engine"] for row in verdict.listed)
    text = f"\nJobs by engine: {engines}. Took {seconds / 60:.0f} minutes."
    if verdict.listed:
        text += f" Uncertain: {', '.join(f'{name} {count}' for name, count in sorted(unsure.items()))}."
    if verdict.failed:
        text += f" Over without a picture, not charged: {len(verdict.failed)}."
    if total.clicks:
        text += f" Forms sent: {total.clicks}, each made one job: {'yes' if not total.doubled else 'no'}."
    if left:
        after = swept["rows"] + swept["files"]
        text += (
            f" Left over: {left['rows']} pictures without a take, {left['files']} files without a row, {left['spooled']} spooled"
            f" pictures. After `manage.py sweep`, two days later: {after} of the first two, {swept['spooled']} spooled."
        )
    return text + "\n"


def local_server() -> str:
    """The PostgreSQL of this machine that answers without a password, or nothing."""
    asked = ["pg_isready", "-q", "-h", "127.0.0.1", "-p", "5432"]
    try:
        answers = subprocess.run(asked, check=False).returncode == 0
    except OSError:
        return ""
    return "postgresql://postgres@127.0.0.1:5432/postgres" if answers else ""
