"""The catalogue's files: ours, and what an operator lays over it. Every value is judged before anything is drawn by it.

Raises ValueError in words that say which row of which model is wrong, and what belongs there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Key = tuple[str, str]  # engine, id
Rows = dict[Key, dict[str, Any]]
Pixels = dict[str, dict[str, dict[str, Any]]]  # table → size → ratio → [width, height]; `inherit` names another table

TOP = {"date", "aspects", "pixels", "model"}
PRICES = {"prices", "reference_price", "search_price"}
NEEDED = ("name", "aspects", "references", "prompt", "prices")
BY_PIXELS = {"runware"}  # these are asked for width × height, so each ratio and size has to be in a table
OPTIONS = {
    "system", "temperature", "top_p", "thinking", "safety_tolerance", "web_search", "image_search", "check_content", "results",
    "format", "quality", "ttl", "follow_reference",
}  # fmt: skip
RATIO = re.compile(r"[1-9]\d?:[1-9]\d?")
SIZE = re.compile(r"[0-9A-Za-z.]{1,8}")
DEAREST = Decimal(1000)  # US dollars a picture
LONGEST_ID, MOST_PIXELS = 60, 16_384


def laid_over(sources: Sequence[Mapping[str, Any]]) -> tuple[Rows, Pixels]:
    """Each model's fields by (engine, id), and the tables of pixels: the later file wins, field by field and size by size.

    A row is dated by the file that says its prices.
    """
    rows: Rows = {}
    pixels: Pixels = {}
    ratios: dict[str, Any] = {}
    for source in sources:
        if odd := sorted(set(source) - TOP):
            raise ValueError(f"{odd[0]!r} means nothing here. There are date, aspects, pixels and model.")
        if "date" in source:
            _judged("The file’s date", _day, source["date"])
        ratios |= _table(source.get("aspects", {}), "aspects")
        _lay_pixels(pixels, _table(source.get("pixels", {}), "pixels"))
        listed = source.get("model", [])
        if not isinstance(listed, list):
            raise ValueError("A model begins with [[model]], in two pairs of brackets.")
        for row in listed:
            _lay_row(rows, row, source)
    read = {key: _read(key, row, ratios) for key, row in rows.items()}
    for key, row in read.items():
        _whole(key, row, read, pixels)
    return read, pixels


def _lay_pixels(pixels: Pixels, tables: Mapping[str, Any]) -> None:
    for name, sizes in tables.items():
        for size, table in _table(sizes, f"pixels.{name}").items():
            where = f"pixels.{name}.{size}"
            for ratio, pair in _table(table, where).items():
                whole = (
                    isinstance(pair, list)
                    and len(pair) == 2
                    and all(_number(n) and 1 <= n <= MOST_PIXELS for n in pair)
                )
                if not (isinstance(pair, str) if ratio == "inherit" else RATIO.fullmatch(ratio) and whole):
                    raise ValueError(f'{where}: write pixels as "16:9" = [1376, 768].')
            pixels.setdefault(name, {}).setdefault(size, {}).update(table)


def _lay_row(rows: Rows, row: Any, source: Mapping[str, Any]) -> None:
    key = (str(_table(row, "model").get("engine", "")), str(row.get("id", "")))
    before = rows.get(key, {})
    made = {**before, **row}
    for name in ("prices", "retired_at"):
        if isinstance(row.get(name), dict):
            made[name] = {**before.get(name, {}), **row[name]}
    if PRICES & set(row):
        if "date" not in source:
            raise ValueError(
                "A price has a date: write date = 2026-11-20 on the file’s first line, with the day it was looked up."
            )
        made["dated"] = source["date"]
    rows[key] = made


def _read(key: Key, row: Mapping[str, Any], ratios: Mapping[str, Any]) -> dict[str, Any]:
    where = f"The catalogue’s row for {' '.join(filter(None, key)) or 'a model without a name'}"
    if lacks := [name for name in ("engine", "id", *NEEDED) if name not in row]:
        raise ValueError(f"{where} is not complete: it lacks {', '.join(lacks)}.")
    made: dict[str, Any] = {}
    for name, value in row.items():
        if name in TABLES:
            reads, meant = TABLES[name]
            if not isinstance(value, dict):
                raise ValueError(f"{where}: {name} is {str(value)[:60]!r}. It has to be {meant}.")
            kept = {one: each for one, each in value.items() if each is not False}  # `false` takes one away
            made[name] = {one: _judged(f"{where}: {name} {one}", reads, each) for one, each in kept.items()}
        elif name in FIELDS:
            value = ratios.get(value, value) if name == "aspects" and isinstance(value, str) else value
            made[name] = _judged(f"{where}: {name}", FIELDS[name], value)
        else:
            raise ValueError(f"{where} has a field {name!r}, which there is not.")
    if not made["prices"]:
        raise ValueError(f"{where} has no size and no price.")
    if odd := next((size for size in made["prices"] if not SIZE.fullmatch(size)), None):
        raise ValueError(f"{where}: {odd[:60]!r} is no size. Write one as the service does, like 2K.")
    return made


def _judged(where: str, reads: Callable[[Any], Any], value: Any) -> Any:
    try:
        return reads(value)
    except (ValueError, InvalidOperation) as wrong:
        raise ValueError(f"{where} is {str(value)[:60]!r}. It has to be {wrong}.") from None


def _whole(key: Key, row: Mapping[str, Any], rows: Rows, pixels: Pixels) -> None:
    """What its fields have to be together."""
    where, (engine, _) = f"The catalogue’s row for {' '.join(key)}", key
    if row.get("flat") and len(row["prices"]) > 1:
        raise ValueError(f"{where} is flat, so it has one size and one price.")
    after = row.get("successor")
    if after and (engine, after) not in rows:
        raise ValueError(f"{where}: its successor {after!r} is not in the catalogue.")
    if engine in BY_PIXELS:
        for size in row["prices"]:
            for ratio in row["aspects"]:
                if not found(pixels, row.get("pixels", ""), size, ratio):
                    raise ValueError(f"{where}: its table of pixels has no {ratio} at {size}.")


def found(pixels: Pixels, name: str, size: str, ratio: str) -> list[int] | None:
    """Width and height in that table, or in the one that it inherits."""
    table = pixels.get(name, {}).get(size, {})
    return table.get(ratio) or pixels.get(table.get("inherit", ""), {}).get(size, {}).get(ratio)


def _table(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} has to be a table.")
    return value


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(value: Any, known: set[str] | None = None) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or (known and set(value) - known):
        raise ValueError(f"a list of {'words' if known is None else ', '.join(sorted(known))}")
    return tuple(value)


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise ValueError(f"text of at most {longest} characters")
        return value

    return read


def _count(least: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not _number(value) or not least <= value <= 1_000_000:
            raise ValueError(f"a whole number from {least} on")
        return int(value)

    return read


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _dollars(value: Any) -> Decimal:
    made = Decimal(str(value)) if _number(value) or isinstance(value, float) else Decimal("NaN")
    if not made.is_finite() or not 0 <= made < DEAREST or made != round(made, 6):
        raise ValueError(f"US dollars, from 0 to below {DEAREST}, with at most six decimals")
    return made


def _ratios(value: Any) -> tuple[str, ...]:
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(one, str) and RATIO.fullmatch(one) for one in value)
    ):
        raise ValueError('a list of ratios as in ["16:9"], or the name of one under [aspects]')
    return tuple(value)


def _day(value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ValueError("a day, without quotation marks, as in 2026-11-20")
    return value


def _retired(value: Any) -> dt.date | None:
    """`false` brings a model back."""
    return None if value is False else _day(value)


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "engine": _text(12), "id": _text(LONGEST_ID), "name": _text(60), "aspects": _ratios, "references": _count(0), "prompt": _count(3),
    "seed": _yes_no, "people": _count(0), "objects": _count(0), "styles": _count(0), "flat": _yes_no,
    "pixels": _text(40), "thinking": _words, "options": lambda value: _words(value, OPTIONS), "reference_price": _dollars,
    "search_price": _dollars, "unconfirmed": _words, "retired": _retired, "successor": _text(LONGEST_ID),
    "dated": _day,
}  # fmt: skip
TABLES: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "prices": (_dollars, 'a table of sizes and prices, as in "1K" = 0.05'),
    "retired_at": (_day, 'a table of hosts and days, as in "api.example.com" = 2026-11-20'),
}
