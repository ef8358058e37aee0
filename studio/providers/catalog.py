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
from studio.providers.base import ImageRequest, Limits, ProviderError

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
    reference_price: Decimal = Decimal(0)
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

    def price(self, size: str, references: int = 0) -> Decimal:
        """What one picture costs by the table. Raises KeyError for a size the model has not."""
        return self.prices[size] + self.reference_price * references


@functools.cache
def read() -> Mapping[tuple[str, str], Model]:
    """Every model by (engine, id): ours, then the operator's over it (STUDIO_CATALOG, same shape)."""
    found: dict[tuple[str, str], Model] = {}
    raw = [tomllib.loads(OURS.read_text())]
    theirs = env.text("STUDIO_CATALOG")
    if theirs:
        raw.append(tomllib.loads(Path(theirs).read_text()))
    aspects: dict[str, list[str]] = {}
    for source in raw:
        aspects |= source.get("aspects", {})
        for row in source.get("model", []):
            made = _model(row, aspects, source.get("date"))
            found[made.engine, made.id] = made
    return found


@functools.cache
def _pixels() -> dict[str, Any]:
    tables = dict(tomllib.loads(OURS.read_text())["pixels"])
    if env.text("STUDIO_CATALOG"):
        tables |= tomllib.loads(Path(env.text("STUDIO_CATALOG")).read_text()).get("pixels", {})
    return tables


def _model(row: dict[str, Any], aspects: Mapping[str, list[str]], dated: date | None) -> Model:
    row = dict(row)
    named = row.pop("aspects")
    prices = {size: Decimal(str(amount)) for size, amount in row.pop("prices").items()}
    return Model(
        aspects=tuple(aspects[named] if isinstance(named, str) else named),
        prices=prices,
        reference_price=Decimal(str(row.pop("reference_price", 0))),
        thinking=tuple(row.pop("thinking", ())),
        unconfirmed=tuple(row.pop("unconfirmed", ())),
        dated=dated,
        **row,
    )


def get(engine: str, model: str) -> Model:
    """Raises ProviderError where the catalogue has no such model."""
    try:
        return read()[engine, model]
    except KeyError:
        raise ProviderError(
            f"The catalogue has no model {model} at {engine}.", kind="invalid", permanent=True, charged=False
        ) from None


def models(engine: str) -> list[Model]:
    """An engine's models in the catalogue's order."""
    return [one for (name, _), one in read().items() if name == engine]


def pixels(model: Model, aspect: str, size: str) -> tuple[int, int]:
    """The exact width and height the vendor lists. Raises ProviderError for a combination it has not."""
    table = _pixels().get(model.pixels, {}).get(size, {})
    found = table.get(aspect) or _pixels().get(table.get("inherit", ""), {}).get(size, {}).get(aspect)
    if not found:
        raise ProviderError(f"{model.name} has no {aspect} at {size}.", kind="invalid", permanent=True, charged=False)
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
    elif len(request.references) > model.references:
        problem = f"{model.name} takes {model.references} pictures; this plan sends {len(request.references)}."
    elif not 3 <= len(request.prompt) <= model.prompt:
        problem = f"The prompt has {len(request.prompt):,} characters; {model.name} takes 3 to {model.prompt:,}."
    if problem:
        raise ProviderError(problem, kind="invalid", remedy="Nothing was sent.", permanent=True, charged=False)
