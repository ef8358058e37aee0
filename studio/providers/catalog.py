"""Models, ratios, sizes, reference limits, options and prices: data with a date, read once from TOML.

A request is checked against it before anything is sent: what a model does not take is said here, not by the service.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from studio.lib import env
from studio.providers import catalog_file
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
    retired_at: Mapping[str, date] = field(default_factory=dict)  # by host: where only one service has taken it away
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

    @property
    def ended(self) -> str:
        """That it is retired, since when and what comes after it; empty where it is not."""
        if not self.retired:
            return ""
        after = f" Its successor is {self.successor}." if self.successor else ""
        return f"{self.name} ({self.id}) was retired on {self.retired.day} {self.retired:%b %Y}.{after}"

    def at(self, base: str) -> Model:
        """The model as the service at this base URL has it: retired where that one has taken it away."""
        gone = self.retired_at.get(urlsplit(base).hostname or "")
        return replace(self, retired=gone) if gone and not self.retired else self

    def price(self, size: str, references: int = 0, *, search: bool = False) -> Decimal:
        """What one picture costs by the table. Raises KeyError for a size the model has not."""
        return self.prices[size] + self.reference_price * references + (self.search_price if search else 0)


@functools.cache
def read() -> Mapping[tuple[str, str], Model]:
    """Every model by (engine, id): ours, and what the operator lays over it (STUDIO_CATALOG: same shape, only what differs).

    Raises ValueError, in words, where a row is not one.
    """
    engines = {str(row["engine"]) for row in tomllib.loads(OURS.read_text())["model"]}
    rows, _ = _files()
    for engine, name in rows:
        if engine not in engines:
            raise ValueError(
                f"The catalogue’s row for {engine} {name}: there is no such engine, only {', '.join(sorted(engines))}."
            )
    return {key: Model(**row) for key, row in rows.items()}


@functools.cache
def _files() -> tuple[catalog_file.Rows, catalog_file.Pixels]:
    theirs = env.text("STUDIO_CATALOG")
    paths = (OURS, *([Path(theirs)] if theirs else []))
    return catalog_file.laid_over([tomllib.loads(path.read_text(encoding="utf-8")) for path in paths])


def forget() -> None:
    """Read the files again at the next question."""
    read.cache_clear()
    _files.cache_clear()


def get(engine: str, model: str) -> Model:
    """Raises ProviderError where the catalogue has no such model."""
    try:
        return read()[engine, model]
    except KeyError:
        raise failed(
            "invalid", charged=False, message=f"The catalogue has no model {model} at {engine}.", remedy="Nothing was sent."
        ) from None  # fmt: skip


def models(engine: str, base: str = "") -> list[Model]:
    """An engine's models in the catalogue's order, as the service at this base URL has them."""
    return [one.at(base) for (name, _), one in read().items() if name == engine]


def pixels(model: Model, aspect: str, size: str) -> tuple[int, int]:
    """The exact width and height the vendor lists. Raises ProviderError for a combination it has not."""
    found = catalog_file.found(_files()[1], model.pixels, size, aspect)
    if not found or aspect not in model.aspects:
        raise failed(
            "invalid", charged=False, message=f"{model.name} has no {aspect} at {size}.", remedy="Nothing was sent."
        )  # fmt: skip
    return found[0], found[1]


def check(request: ImageRequest, model: Model) -> None:
    """Refuse what the model would refuse, before anything is sent. Raises ProviderError, `invalid`, not charged."""
    problem = ""
    if model.retired:
        problem = model.ended
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
