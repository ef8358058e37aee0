"""`make bench`: every measure beside its floor from the same run, as a table. Exit 1 where one is over what is wanted.

A module here gives `run()`: rows with `name`, `ours`, `floor`, `ratio`, `wanted` (the most the ratio may be, or ours
where there is no floor; None: only told) and `unit`. `python -m bench intake board` runs those two.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

MODULES = ("intake", "board", "matrix", "batch", "engines", "colour", "review")
HEAD = ("", "ours", "floor", "ratio", "wanted")


def figure(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.2f}"


def line(row: dict[str, Any]) -> tuple[str, ...]:
    unit = f" {row['unit']}" if row.get("unit") else ""
    measured = tuple("–" if row[key] is None else figure(row[key]) + unit for key in ("ours", "floor"))
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:.2f}"
    wanted = "–" if row["wanted"] is None else f"≤ {figure(row['wanted'])}{'' if row['floor'] is not None else unit}"
    return (row["name"], *measured, ratio, wanted)


def over(row: dict[str, Any]) -> bool:
    """Without a floor it is the figure itself that is held against what is wanted."""
    figure = row["ratio"] if row["floor"] is not None else row["ours"]
    return row["wanted"] is not None and figure is not None and figure > row["wanted"]


def table(rows: list[dict[str, Any]]) -> str:
    cells = [HEAD, *(line(row) for row in rows)]
    widths = [max(len(cell[at]) for cell in cells) for at in range(len(HEAD))]
    marks = ["", *("  over" if over(row) else "" for row in rows)]
    return "\n".join(
        cell[0].ljust(widths[0])
        + "".join(f"  {text:>{width}}" for text, width in zip(cell[1:], widths[1:], strict=True))
        + mark
        for cell, mark in zip(cells, marks, strict=True)
    )


def main(names: list[str]) -> int:
    rows, missing = [], []
    for name in names or MODULES:
        if importlib.util.find_spec(f"bench.{name}") is None:
            missing.append(name)
            continue
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"bench.{name}").run()
    print(table(rows))
    for name in missing:
        print(f"bench/{name}.py is missing: not measured.")
    return 1 if missing or any(over(row) for row in rows) else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    sys.exit(main(sys.argv[1:]))
