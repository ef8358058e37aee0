"""The list of models and prices, engine by engine, as the catalogue has it, with what is not confirmed and what is retired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from studio.generation import queries_engines, usable
from studio.generation.engines import USUAL
from studio.generation.models import EngineAccount
from studio.generation.queries_engines import SizePrice
from studio.providers import catalog
from studio.providers.catalog import Model

OPTIONS = {
    "system": "system words", "temperature": "temperature", "top_p": "top-p", "safety_tolerance": "safety tolerance",
    "web_search": "web search", "image_search": "image search", "thinking": "thinking", "follow_reference": "the reference’s ratio",
    "check_content": "content check", "format": "file format", "quality": "file quality", "results": "several results", "ttl": "link’s life",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One model, in words. `why_not` says why it may not be chosen here."""

    model: Model
    sizes: tuple[SizePrice, ...]
    cheaper: tuple[SizePrice, SizePrice] | None
    unconfirmed: str
    why_not: str
    elsewhere: str  # the services that have taken it away, in words, where not all have
    options: str

    @property
    def extra(self) -> Decimal:
        """US dollars for each reference on top."""
        return self.model.reference_price

    @property
    def kinds(self) -> str:
        counts = (("people", self.model.people), ("objects", self.model.objects), ("styles", self.model.styles))
        return ", ".join(f"{count} {name}" for name, count in counts if count)


@dataclass(frozen=True, slots=True)
class Shelf:
    engine: str
    name: str
    rows: tuple[Row, ...]
    dated: dt.date | None


def shelves() -> list[Shelf]:
    """Every engine's models, in the catalogue's order."""
    return [
        Shelf(engine, label, tuple(_row(model) for model in catalog.models(engine)), _newest(catalog.models(engine)))
        for engine, label in EngineAccount.Engine.choices
        if engine in USUAL
    ]


def dated() -> dt.date | None:
    """The date of the newest price there is."""
    return _newest(list(catalog.read().values()))


def _newest(models: Sequence[Model]) -> dt.date | None:
    return max((model.dated for model in models if model.dated), default=None)


def _row(model: Model) -> Row:
    sizes = tuple(SizePrice(size, price) for size, price in model.prices.items())
    less = next(filter(None, (queries_engines.cheaper(sizes, one.size) for one in sizes)), None)
    options = ", ".join(OPTIONS.get(name, name) for name in model.options)
    gone = [f"at {host} on {day.day} {day:%b %Y}" for host, day in model.retired_at.items() if not model.retired]
    after = f" Its successor there is {model.successor}." if model.successor else ""
    elsewhere = f"Retired {', '.join(gone)}.{after}" if gone else ""
    return Row(model, sizes, less, queries_engines.unconfirmed(model), usable.barred(model), elsewhere, options)
