"""Models, ratios, sizes, reference limits, options and prices: data with a date, read once from TOML.

A request is checked against it before anything is sent: what a model does not take is said here, not by the service.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from studio.lib import env
from studio.providers.base import ImageRequest, Limits
from studio.providers.failures import failed

OURS = Path(__file__).with_name("catalog.toml")


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one engine. Prices are US dollars a picture by size; `unconfirmed` names fields no vendor page confirms."""

    engine: str
    id: str
    name: str
    aspects: tuple[str, ...]
    references: int
    prompt: int
    prices: Mapping[str, Decimal]
    seed: bool = False
    people: int | None = None
    objects: int | None = None
    styles: int | None = None
    flat: bool = False  # one size, and no field to ask for another
    pixels: str = ""  # the table its width × height come from
    thinking: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # ours that it takes; others are not sent
    reference_price: Decimal = Decimal(0)
    search_price: Decimal = Decimal(0)
    unconfirmed: tuple[str, ...] = ()
    retired: date | None = None
    successor: str = ""
    dated: date | None = field(default=None, compare=False)

    @property
    def limits(self) -> Limits:
        return Limits(
            references=self.references,
            people=self.people,
            objects=self.objects,
            styles=self.styles,
            prompt_characters=self.prompt,
            aspects=self.aspects,
            sizes=tuple(self.prices),
            has_seed=self.seed,
        )

    def price(self, size: str, references: int = 0, *, search: bool = False) -> Decimal:
        """What one picture costs by the table. Raises KeyError for a size the model has not."""
        return self.prices[size] + self.reference_price * references + (self.search_price if search else 0)


@functools.cache
def read() -> Mapping[tuple[str, str], Model]:
    """Every model by (engine, id): ours, and what the operator lays over it (STUDIO_CATALOG: same shape, only what differs).

    Raises ValueError where a row is not one.
    """
    found: dict[tuple[str, str], Model] = {}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    aspects: dict[str, list[str]] = {}
    for source in _sources():
        aspects |= source.get("aspects", {})
        for row in source.get("model", []):
            key = (str(row.get("engine", "")), str(row.get("id", "")))
            rows[key] = {**rows.get(key, {}), **row, "dated": source.get("date")}
            try:
                found[key] = _model(rows[key], aspects)
            except (TypeError, KeyError, ArithmeticError, AttributeError) as wrong:
                raise ValueError(f"The catalogue’s row for {' '.join(key)} is not complete: {wrong!r}") from wrong
    return found


@functools.cache
def _pixels() -> dict[str, Any]:
    return {name: table for source in _sources() for name, table in source.get("pixels", {}).items()}


def _sources() -> list[dict[str, Any]]:
    theirs = env.text("STUDIO_CATALOG")
    return [tomllib.loads(path.read_text()) for path in (OURS, *([Path(theirs)] if theirs else []))]


def forget() -> None:
    """Read the files again at the next question."""
    read.cache_clear()
    _pixels.cache_clear()


def _model(row: dict[str, Any], aspects: Mapping[str, list[str]]) -> Model:
    row = dict(row)
    named = row.pop("aspects")
    for name in ("thinking", "options", "unconfirmed"):
        row[name] = tuple(row.get(name, ()))
    for name in ("reference_price", "search_price"):
        row[name] = Decimal(str(row.get(name, 0)))
    return Model(
        aspects=tuple(aspects[named] if isinstance(named, str) else named),
        prices={size: Decimal(str(amount)) for size, amount in row.pop("prices").items()},
        **row,
    )


def get(engine: str, model: str) -> Model:
    """Raises ProviderError where the catalogue has no such model."""
    try:
        return read()[engine, model]
    except KeyError:
        raise failed(
            "invalid", charged=False, message=f"The catalogue has no model {model} at {engine}.", remedy="Nothing was sent."
        ) from None  # fmt: skip


def models(engine: str) -> list[Model]:
    """An engine's models in the catalogue's order."""
    return [one for (name, _), one in read().items() if name == engine]


def pixels(model: Model, aspect: str, size: str) -> tuple[int, int]:
    """The exact width and height the vendor lists. Raises ProviderError for a combination it has not."""
    table = _pixels().get(model.pixels, {}).get(size, {})
    found = table.get(aspect) or _pixels().get(table.get("inherit", ""), {}).get(size, {}).get(aspect)
    if not found or aspect not in model.aspects:
        raise failed(
            "invalid", charged=False, message=f"{model.name} has no {aspect} at {size}.", remedy="Nothing was sent."
        )  # fmt: skip
    return found[0], found[1]


def check(request: ImageRequest, model: Model) -> None:
    """Refuse what the model would refuse, before anything is sent. Raises ProviderError, `invalid`, not charged."""
    problem = ""
    if model.retired:
        problem = (
            f"{model.name} ({model.id}) was retired on {model.retired:%d %b %Y}. Its successor is {model.successor}."
        )
    elif request.aspect not in model.aspects:
        problem = f"{model.name} does not draw {request.aspect}."
    elif request.size not in model.prices:
        problem = f"{model.name} does not draw {request.size}. It has {', '.join(model.prices)}."
    elif request.references and not model.references:
        problem = f"{model.name} takes no reference pictures; this plan sends {len(request.references)}."
    elif len(request.references) > model.references:
        problem = f"{model.name} takes {model.references} pictures; this plan sends {len(request.references)}."
    elif not 3 <= len(request.prompt) <= model.prompt:
        problem = f"The prompt has {len(request.prompt):,} characters; {model.name} takes 3 to {model.prompt:,}."
    if problem:
        raise failed("invalid", charged=False, message=problem, remedy="Nothing was sent.")
    if model.pixels:
        pixels(model, request.aspect, request.size)
