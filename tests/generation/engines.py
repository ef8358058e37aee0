"""Engines of the tests: outside services that do as they are told. The first is safe to ask twice, the others are not."""

from __future__ import annotations

from decimal import Decimal

from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, Ticket
from tests import makers


class Obedient:
    """Makes a small picture at once. `errors` are raised first, one a call; `asked` are the keys it got."""

    name = "obedient"
    replay_safe = True
    polled = False

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.collected: list[dict] = []
        self.requests: list[ImageRequest] = []
        self.errors: list[Exception] = []
        self.before = lambda: None
        self.answer: bytes | None = None
        self.cost: Decimal | None = Decimal("0.04")

    def limits(self, model: str) -> Limits:
        return Limits(references=4, aspects=("16:9",), sizes=("1K",))

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        self.asked.append(key)
        self.requests.append(request)
        self.before()
        if self.errors:
            raise self.errors.pop(0)
        return Ticket(data={"id": key}, result=None if self.polled else self._result(request.seed))

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        self.collected.append(dict(ticket.data))
        return self._result(7)

    def _result(self, seed: int | None) -> ImageResult:
        data = makers.picture(320, 180, mark=f"#{(seed or 0) % 2**24:06x}") if self.answer is None else self.answer
        pictures = (Picture(data, "image/png", seed),) if data else ()
        return ImageResult(pictures, cost=self.cost, request_id="r-1")


class Once(Obedient):
    """Bills every call: a key means nothing to it."""

    name = "once"
    replay_safe = False


class Polled(Once):
    """Answers with a ticket, brings the picture later."""

    name = "polled"
    polled = True
