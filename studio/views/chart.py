"""Bars of money over the days of a month, stacked by quality: where each lies in an SVG that the server writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from studio.generation.errors import dollars
from studio.generation.ledger import Month, tier_name
from studio.generation.models import Tier

SERIES = (*Tier.values, "")
WIDTH, HEIGHT, LEFT, FOOT, HEAD = 640, 242, 40, 22, 8
LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    series: str
    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates in a box of `width` × `height`. `rows` are the same in words: day, the amounts by series, the sum."""

    width: int
    height: int
    left: int
    bars: list[Bar]
    grid: list[tuple[float, str]]
    days: list[tuple[float, int]]
    series: list[tuple[str, str]]
    rows: list[tuple[str, list[Decimal], Decimal]]
    said: str


def of(during: Month, spent: Mapping[dt.date, Mapping[str, Decimal]]) -> Chart:
    """A bar for each day on which something was spent."""
    used = [one for one in SERIES if one or any("" in tiers for tiers in spent.values())]
    highest = max((sum(tiers.values(), Decimal(0)) for tiers in spent.values()), default=Decimal(0))
    step = _step(highest)
    wide, scale = (WIDTH - LEFT) / during.days, (HEIGHT - FOOT - HEAD) / float(step * LINES)
    bars, rows = [], []
    for day in sorted(spent):
        y = float(HEIGHT - FOOT)
        for series in used:
            if amount := spent[day].get(series):
                tall = float(amount) * scale
                y -= tall
                title = f"{day.day} {day:%b}, {tier_name(series).lower()}: {dollars(amount)}"
                bars.append(Bar(series or "named", LEFT + (day.day - 1) * wide + 2, y, wide - 4, max(tall - 1, 0.5), title))  # fmt: skip
        amounts = [spent[day].get(series, Decimal(0)) for series in used]
        rows.append((f"{day.day} {day:%b}", amounts, sum(amounts, Decimal(0))))
    return Chart(
        WIDTH, HEIGHT, LEFT, bars,
        grid=[(HEIGHT - FOOT - float(step * n) * scale, _label(step * n)) for n in range(LINES + 1)],
        days=[(LEFT + (day - 0.5) * wide, day) for day in (1, 5, 10, 15, 20, 25, during.days) if day <= during.days],
        series=[(one or "named", tier_name(one)) for one in used],
        rows=rows,
        said=_said(during, spent),
    )  # fmt: skip


def _said(during: Month, spent: Mapping[dt.date, Mapping[str, Decimal]]) -> str:
    if not spent:
        return f"Nothing was spent in {during.name}."
    highest = max(spent, key=lambda day: sum(spent[day].values(), Decimal(0)))
    most = dollars(sum(spent[highest].values(), Decimal(0)))
    return f"Spend by day in {during.name}. Most on {highest.day} {highest:%b}, {most}."


def _step(highest: Decimal) -> Decimal:
    """The distance of the lines: 1, 2, 2.5 or 5 of a power of ten, so that four of them hold the highest bar."""
    if highest <= 0:
        return Decimal("0.25")
    wanted = highest / LINES
    power = Decimal(1).scaleb(wanted.adjusted())
    return next(step * power for step in map(Decimal, ("1", "2", "2.5", "5", "10")) if step * power >= wanted)


def _label(amount: Decimal) -> str:
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else dollars(amount)
