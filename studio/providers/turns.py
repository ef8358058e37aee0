"""Whose large answer is read now.

Where sixty-four come in the same moment and each is read a little in turn, all of them are here when the last one is. Read one after
the other, the first is here at once, and its place at the service is given to the next meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

AT_ONCE = 2
LONGEST = 0.02  # seconds for one: whoever has to wait for its bytes lets the next begin


class Turns:
    """Of one account."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """In the order in which they came."""
        await self._free.acquire()
        ended = False

        def end() -> None:
            nonlocal ended
            if not ended:
                ended = True
                self._free.release()

        timer = asyncio.get_running_loop().call_later(LONGEST, end)
        try:
            yield
        finally:
            timer.cancel()
            end()
