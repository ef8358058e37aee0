"""Which models of the catalogue may be chosen here and now, and why the others may not."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from studio.generation.engines import Engine
from studio.providers import catalog
from studio.providers.catalog import Model

WORDS = {
    "price": "price", "references": "how many references", "prompt": "longest prompt", "available": "whether it is offered",
    "retired": "whether it is retired",
}  # fmt: skip
SIZES = ("0.5K", "1K", "2K", "4K")
BY_LINK = {Engine.HIAPI}  # these fetch references themselves, from an address that they can reach


def barred(model: Model) -> str:
    """Why this model may not be chosen, in a sentence; empty where it may."""
    if model.retired:
        after = f" Its successor is {model.successor}." if model.successor else ""
        return f"Retired on {model.retired.day} {model.retired:%b %Y}.{after}"
    if needs_public(model) and not settings.PUBLIC:
        return "It fetches references by link, and this studio has no public address: whoever runs it sets STUDIO_PUBLIC_URL."
    return ""


def unconfirmed(model: Model) -> tuple[str, ...]:
    """What no vendor's page confirms of it, in words."""
    return tuple(WORDS.get(name, name) for name in model.unconfirmed)


def needs_public(model: Model) -> bool:
    """Whether its references go as links to our own pictures."""
    return model.engine in BY_LINK and model.references > 0


def first(engine: str, base: str, wanted: tuple[str, str]) -> tuple[str, str] | None:
    """The wanted model and size where they may be chosen at this base URL, else what replaced it, else the engine's first model
    that may; None where none may."""
    listed = {model.id: model for model in catalog.models(engine, base)}
    model = current(listed, wanted[0])
    if model is None or barred(model):
        model = next((one for one in listed.values() if not barred(one)), None)
    return (model.id, fitting(model, wanted[1])) if model else None


def current(listed: Mapping[str, Model], wanted: str) -> Model | None:
    """The model of that id, or its successor where it is retired; None where neither is to be had."""
    model = listed.get(wanted)
    for _ in listed:  # successors may be retired too, and might lead round in circles
        if model is None or not model.retired:
            return model
        model = listed.get(model.successor)
    return None


def fitting(model: Model, size: str) -> str:
    """The size where the model has it, else the nearest that it has."""
    if size in model.prices:
        return size
    at = SIZES.index(size) if size in SIZES else SIZES.index("1K")
    return min(model.prices, key=lambda one: abs(SIZES.index(one) - at) if one in SIZES else len(SIZES))
