"""A bell between the processes of one data folder: a datagram to its worker, which may be lost. Nothing depends on it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

logger = logging.getLogger("studio.engine")

_sleepers: dict[bytes, Callable[[], Any]] = {}  # who waits in `until_called`, by the words of the bell


def place() -> Path:
    return settings.DATA / "worker.sock"


def ring(words: bytes = b"!") -> None:
    """One datagram to this machine's worker, if it runs."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(words, str(place()))


def called(kind: str, *ids: int) -> None:
    """Say that what these rows wait for has come: whoever sleeps in `until_called` wakes. It may be lost, and costs nothing."""
    for number in ids[:100]:
        ring(f"{kind} {number}".encode())


async def until_called(kind: str, number: int, seconds: float) -> None:
    """Sleep for so long, or until the row is called."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    _sleepers[f"{kind} {number}".encode()] = lambda: loop.call_soon_threadsafe(event.set)
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
    finally:
        _sleepers.pop(f"{kind} {number}".encode(), None)


async def listen(rung: Callable[[], Any]) -> asyncio.DatagramTransport | None:
    """In the worker: `rung()` for each ring that calls nobody in particular. None where there can be no bell."""

    class Bell(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: Any) -> None:
            _sleepers.get(data, rung)()

    place().unlink(missing_ok=True)
    try:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Bell, local_addr=str(place()), family=socket.AF_UNIX
        )
    except OSError as error:  # a path too long for a socket: looking every second is enough
        logger.warning("No bell at %s: %s", place(), error)
        return None
    return transport
