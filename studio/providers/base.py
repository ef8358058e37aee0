"""What every picture engine is to the rest of the studio: two steps, a few dataclasses, one error.

Engines know nothing of our models. They get bytes and plain values and give bytes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model takes. Counts are pictures; `None` means the vendor states no separate limit."""

    references: int
    people: int | None = None
    objects: int | None = None
    styles: int | None = None
    prompt_characters: int = 5000
    aspects: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ("1K",)
    has_seed: bool = True


@dataclass(frozen=True, slots=True)
class SentReference:
    """One reference picture as an engine gets it, in the order of the plan (1-based position in the prompt)."""

    data: bytes = field(repr=False)
    mime: str
    role: str  # identity, outfit, product, location or style
    subject: str  # key of the cast member, place or style in `ImageRequest.layout`
    view: str  # front, three_quarter_left, … as in library.models.View; "" for places and styles
    sha256: str


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One picture to draw.

    `width` and `height` are pixels. `layout` is what a layout artist needs and a picture model does not:
    the panel as plain JSON, see `docs/layout.md` for its keys. Real engines ignore it.
    """

    model: str
    prompt: str
    aspect: str
    size: str
    width: int
    height: int
    seed: int | None
    references: tuple[SentReference, ...] = ()
    layout: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawn picture, untrusted until media.intake has read it."""

    data: bytes = field(repr=False)
    mime: str
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class ImageResult:
    """What an engine delivered. `cost` is US dollars as the service says it, None where it says nothing."""

    pictures: tuple[Picture, ...]
    cost: Decimal | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Proof of an accepted request. `data` is JSON and is stored; `result` is there when the engine answered at once."""

    data: Mapping[str, Any] = field(default_factory=dict)
    result: ImageResult | None = None


class ProviderError(Exception):
    """Any failure of an engine, in words for the person who asked.

    `kind` is a short name for the retry table; all of them, with their words, are in `failures.KINDS`.
    `charged` is False where it is known that nothing was charged, True where it is known that it was, None where it cannot be known.
    `retry_after` is seconds. `cost` is what the service says was charged, US dollars, None where it says nothing.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "broken",
        remedy: str = "",
        permanent: bool = False,
        charged: bool | None = None,
        retry_after: float | None = None,
        details: str = "",
        cost: Decimal | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.kind, self.remedy = message, kind, remedy
        self.permanent, self.charged, self.retry_after, self.details = permanent, charged, retry_after, details
        self.cost = cost


class Provider(Protocol):
    """An engine. `key` is the job's attempt id, saved before anything is sent."""

    name: str
    replay_safe: bool  # the same key twice is billed once

    def limits(self, model: str) -> Limits: ...

    async def start(self, request: ImageRequest, key: str) -> Ticket: ...

    async def collect(self, ticket: Ticket) -> ImageResult | None: ...


@runtime_checkable
class Finds(Protocol):
    """A replay-safe engine that can say what became of an attempt whose answer was lost.

    Asked before the same key is sent again: a service's own rule against duplicates may end when the first one is done.
    """

    async def find(self, key: str) -> Ticket | None:
        """The attempt's ticket where the service knows it, None where it does not. Free; charges nothing."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """An engine that tells that a picture is drawn before its bytes are fetched: `collect` in two steps."""

    fetches_well: bool  # the last picture that it told of could be fetched

    async def drawn(self, ticket: Ticket) -> Any:
        """What is to be fetched; None while it is drawn."""
        ...

    async def fetch(self, drawn: Any) -> ImageResult: ...


class Uploads(Protocol):
    """What lies at a service already, by the SHA-256 (hex) of the bytes that were sent: remembered over restarts and workers."""

    async def get(self, sha256: str) -> str | None:
        """The service's own name for it, None where it is not known to lie there."""
        ...

    async def put(self, sha256: str, name: str) -> None: ...

    async def forget(self, sha256: str) -> None: ...


class Remembered:
    """Uploads of one process, for as long as it lives."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    async def get(self, sha256: str) -> str | None:
        return self._names.get(sha256)

    async def put(self, sha256: str, name: str) -> None:
        self._names[sha256] = name

    async def forget(self, sha256: str) -> None:
        self._names.pop(sha256, None)
