"""Which models of the catalogue may be chosen here and now, and why the others may not."""

from __future__ import annotations

from django.conf import settings

from studio.generation.engines import Engine
from studio.providers import catalog
from studio.providers.catalog import Model

SIZES = ("0.5K", "1K", "2K", "4K")
BY_LINK = {Engine.HIAPI}  # these fetch references themselves, from an address that they can reach


def barred(model: Model) -> str:
    """Why this model may not be chosen, in a sentence; empty where it may."""
    if model.retired:
        return f"Retired on {model.retired.day} {model.retired:%b %Y}. Its successor is {model.successor}."
    if needs_public(model) and not settings.PUBLIC:
        return "It fetches references by link, and this studio has no public address: whoever runs it sets STUDIO_PUBLIC_URL."
    return ""


def needs_public(model: Model) -> bool:
    """Whether its references go as links to our own pictures."""
    return model.engine in BY_LINK and model.references > 0


def first(engine: str, wanted: tuple[str, str] = ("", "")) -> tuple[str, str] | None:
    """The wanted model and size where they may be chosen, else the engine's first model that may; None where none may."""
    listed = {model.id: model for model in catalog.models(engine)}
    model = listed.get(wanted[0])
    if model is None or barred(model):
        model = next((one for one in listed.values() if not barred(one)), None)
    return (model.id, fitting(model, wanted[1])) if model else None


def fitting(model: Model, size: str) -> str:
    """The size where the model has it, else the nearest that it has."""
    if size in model.prices:
        return size
    at = SIZES.index(size) if size in SIZES else SIZES.index("1K")
    return min(model.prices, key=lambda one: abs(SIZES.index(one) - at) if one in SIZES else len(SIZES))
