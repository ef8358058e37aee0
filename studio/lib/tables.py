"""Tables as CSV for spreadsheets: a row at a time, decimal points, ISO dates, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from studio.lib import text

RUN = tuple("=+-@\t\r＝＋－＠")  # a cell that begins so may be taken for a formula
MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else


class _Line:
    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The file, line by line. Cells may be text, numbers, dates, moments or None."""
    writer = csv.writer(_Line())
    yield MARK
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: Any) -> str:
    """One value as it stands in the file. Text that reads like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int | float | dt.date):
        return str(value)
    said = text.line(str(value))
    return f"'{said}" if said.startswith(RUN) else said
