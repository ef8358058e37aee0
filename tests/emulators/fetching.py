"""Looking at the links that a request names, as the services do. Only loopback is looked at: nothing leaves this machine."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Iterable
from urllib.parse import urlsplit

HERE = {"127.0.0.1", "localhost", "::1"}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy of the environment stands between
STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


async def looked_at(links: Iterable[str]) -> str:
    """The first link that gives no picture, or "". What is no link, or lies elsewhere, is believed."""
    for link in links:
        near = link.startswith(("http://", "https://")) and urlsplit(link).hostname in HERE
        if near and not await asyncio.to_thread(_is_picture, link):
            return link
    return ""


def _is_picture(link: str) -> bool:
    try:
        with OPENER.open(link, timeout=10) as answer:
            return answer.read(16).startswith(STARTS)
    except (OSError, ValueError):
        return False
