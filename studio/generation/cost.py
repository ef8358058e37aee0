"""What drawing would cost and how long it would take, before anybody asks for it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from studio.board.models import Panel, Take
from studio.prompting import freeze
from studio.prompting.types import Warning
from studio.providers import registry

HISTORY = 20  # pictures that a time is guessed from
FREE = Decimal("0")


@dataclass(frozen=True, slots=True)
class Warned:
    """A panel and what may not hold in it."""

    panel: Panel
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`amount` and `each` are US dollars; `seconds` is for all pictures, None where nothing like them was drawn yet."""

    pictures: int
    each: Decimal
    amount: Decimal
    seconds: int | None
    warnings: tuple[Warned, ...] = ()


def price(engine: str, model: str, size: str) -> Decimal:
    """US dollars for one picture. The embedded engine is free, and is the only one so far."""
    registry.get(engine)
    return FREE


def seconds_each(engine: str, size: str) -> float | None:
    """The median of the last twenty pictures of this engine and size, None with no history."""
    past = Take.objects.filter(engine=engine, size=size, seconds__gt=0).order_by("-pk")
    last = list(past.values_list("seconds", flat=True)[:HISTORY])
    return statistics.median(last) if last else None


def time_for(pictures: int, engine: str, size: str) -> int | None:
    """Seconds for so many pictures, in steps of ten; None with no history."""
    each = seconds_each(engine, size)
    if each is None or not pictures:
        return None
    rounds = max(1.0, pictures / registry.slots(engine))
    return max(10, -int(-each * rounds // 10) * 10)


def estimate(
    *, panels: Sequence[Panel], takes: int = 1, engine: str = "sketch", model: str = "", size: str = "1K"
) -> Estimate:
    """Pictures, price, time, and what may not hold. Raises `registry.NoSuchEngine`."""
    model = model or registry.default_model(engine)
    pictures = len(panels) * takes
    each = price(engine, model, size)
    prepared = freeze.prepare(panels, registry.get(engine).limits(model))
    warned = [Warned(panel, one.plan.warnings) for panel, one in zip(panels, prepared, strict=True)]
    return Estimate(
        pictures=pictures,
        each=each,
        amount=each * pictures,
        seconds=time_for(pictures, engine, size),
        warnings=tuple(one for one in warned if one.warnings),
    )
