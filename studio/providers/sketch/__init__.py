"""The embedded engine: a layout artist that draws with Pillow, in processes of its own, for nothing."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, Ticket
from studio.providers.sketch.pool import close, submit

ASPECTS = ("1:1", "3:2", "2:3", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1.85:1", "2:1", "2.39:1")


class Sketch:
    """Draws at once; the ticket holds the picture. The same request and seed give the same bytes, so a replay is safe."""

    name = "sketch"
    replay_safe = True

    def limits(self, model: str) -> Limits:
        return Limits(references=14, prompt_characters=20000, aspects=ASPECTS, sizes=("1K", "2K"), has_seed=True)

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Draw in the pool. Raises ProviderError kind "invalid" for a reference that can't be read."""
        data = await asyncio.wrap_future(submit(request))
        picture = Picture(data=data, mime="image/jpeg", seed=request.seed)
        return Ticket(data={"key": key}, result=ImageResult((picture,), cost=Decimal("0"), request_id=key))

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        return ticket.result

    async def aclose(self) -> None:
        await asyncio.to_thread(close)
