"""The engines by name, made when first asked for: a web process never loads what only the worker needs."""

from __future__ import annotations

import functools
import importlib

from studio.providers.base import Provider

# name -> (module, class, model asked for where none is named, pictures under way at once)
ENGINES = {"sketch": ("studio.providers.sketch", "Sketch", "sketch")}


class NoSuchEngine(LookupError):
    """There is no engine of that name."""


def names() -> tuple[str, ...]:
    return tuple(ENGINES)


@functools.cache
def get(name: str) -> Provider:
    """The engine, one instance a process. Raises NoSuchEngine."""
    module, kind, _ = _entry(name)
    made: Provider = getattr(importlib.import_module(module), kind)()
    return made


def default_model(name: str) -> str:
    return _entry(name)[2]


def slots(name: str) -> int:
    """How many pictures one worker keeps under way. Drawing here: a core each, and two more so that saving overlaps."""
    from studio.providers.sketch.pool import cores

    _entry(name)
    return cores() + 2


async def close() -> None:
    """End what the engines hold: processes, connections."""
    for name in ENGINES:
        closing = getattr(get(name), "aclose", None)
        if closing:
            await closing()


def _entry(name: str) -> tuple[str, str, str]:
    try:
        return ENGINES[name]
    except KeyError:
        raise NoSuchEngine(f"There is no engine called {name}.") from None
