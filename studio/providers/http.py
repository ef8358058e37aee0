"""The only file that knows httpx: one pooled client per account, every call with a deadline, every download checked.

An error says what is known of the money: a call that was never sent was not charged; one that broke after sending is unknown.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx

from studio.providers.base import ProviderError
from studio.providers.egress import Forbidden, Gate

TIMEOUTS = httpx.Timeout(connect=10, read=60, write=60, pool=30)
LARGEST = 50 * 1024 * 1024  # decoded bytes of one download
LARGEST_ANSWER = 80 * 1024 * 1024  # decoded bytes of one API answer: inline pictures are base64 in JSON
HOPS = 3
REDIRECTS = {301, 302, 303, 307, 308}
MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to an API call. `data` is the parsed JSON, or None where the body is something else."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    data: Any = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The start of the body, for the details of an error."""
        return self.body[:2000].decode("utf-8", "replace")

    def wait(self) -> float | None:
        """Seconds of Retry-After, whether a number or a date; None where it says nothing sensible."""
        return retry_after(self.headers.get("retry-after", ""))


def retry_after(word: str) -> float | None:
    """Seconds from a Retry-After header, at most an hour."""
    from email.utils import parsedate_to_datetime

    from django.utils import timezone

    word = word.strip()
    if not word:
        return None
    try:
        seconds = float(word)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(word) - timezone.now()).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), 3600.0) if seconds == seconds else None


class Door:
    """The way out for one account. `headers` hold its key and are sent only to its own base URL."""

    def __init__(self, gate: Gate, headers: Mapping[str, str] | None = None, *, connections: int = 64) -> None:
        self.gate = gate
        self._headers = {"user-agent": "a-studio/1", **(headers or {})}
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=30)
        self._client = httpx.AsyncClient(timeout=TIMEOUTS, limits=limits, follow_redirects=False, trust_env=False)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def call(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        deadline: float = 180,
    ) -> Answer:
        """One API call to the account's own base URL, JSON in and out; `deadline` is seconds in all.

        Any status is an answer. Raises ProviderError: `unreachable` where nothing was sent, `unknown_outcome` where it broke after.
        """
        content = None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        sent = {
            **self._headers,
            **({"content-type": "application/json"} if content is not None else {}),
            **(headers or {}),
        }
        async with self._stream(method, url, content, sent, deadline) as (response, progress):
            raw = await _read(response, LARGEST_ANSWER, "The engine’s answer is too large.")
            progress.append("whole")
            return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, raw, _json(raw))

    async def download(self, url: str, *, deadline: float = 60) -> tuple[bytes, str]:
        """A result's bytes and their type by magic number. No key is sent; at most three hops, each one checked anew.

        Raises ProviderError: `expired` for 403, 404 and 410, `wrong_bytes` for what is no picture, `too_large`, `refused_address`,
        `download` for all that may pass on a second try.
        """
        try:
            async with asyncio.timeout(deadline):
                for _ in range(HOPS + 1):
                    async with self._stream("GET", url, None, {"user-agent": "a-studio/1"}, deadline) as (
                        response,
                        _progress,
                    ):
                        if response.status_code in REDIRECTS:
                            url = urljoin(url, response.headers.get("location", ""))
                            continue
                        return await self._picture(response)
        except TimeoutError:
            raise ProviderError(
                "The picture took too long to arrive.", kind="download", remedy="It is fetched again."
            ) from None
        except ProviderError as error:
            if error.kind in {"unreachable", "unknown_outcome"}:
                raise ProviderError(
                    "The picture did not arrive whole.", kind="download", details=error.details
                ) from error
            raise
        raise ProviderError("The picture’s address leads round in circles.", kind="download", permanent=True)

    async def _picture(self, response: httpx.Response) -> tuple[bytes, str]:
        if response.status_code in {403, 404, 410}:
            raise ProviderError(
                "The picture’s address has expired.", kind="expired", permanent=True, details=str(response.status_code)
            )
        if response.status_code != 200:
            raise ProviderError("The picture could not be fetched.", kind="download", details=str(response.status_code))
        data = await _read(response, LARGEST, "The picture is larger than 50 MB.")
        mime = next((mime for magic, mime in MAGIC.items() if data.startswith(magic)), "")
        if not mime:
            raise ProviderError(
                "What arrived is not a picture.", kind="wrong_bytes", permanent=True, details=repr(data[:80])
            )
        return data, mime

    @asynccontextmanager
    async def _stream(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str], deadline: float
    ) -> AsyncIterator[tuple[httpx.Response, list[str]]]:
        """A response whose connection went to the one address that was judged. Yields it with a list to note progress in."""
        try:
            target = await self.gate.check(url)
        except Forbidden as refusal:
            raise ProviderError(str(refusal), kind="refused_address", permanent=True, charged=False) from refusal
        request = self._client.build_request(
            method, _pinned(target), content=content, headers={**headers, "host": _authority(target)}
        )
        request.extensions = {**request.extensions, "sni_hostname": target.host}
        progress: list[str] = []
        try:
            async with asyncio.timeout(deadline):
                response = await self._client.send(request, stream=True)
                try:
                    yield response, progress
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as broken:
            raise ProviderError(
                "The engine cannot be reached.",
                kind="unreachable",
                remedy="Usually passes on a second try.",
                charged=False,
                details=repr(broken),
            ) from broken
        except (httpx.HTTPError, TimeoutError) as broken:
            raise ProviderError(
                "The line broke after sending.",
                kind="unknown_outcome",
                remedy="Whether it was drawn cannot be known from here.",
                charged=None,
                details=repr(broken),
            ) from broken


async def _read(response: httpx.Response, most: int, words: str) -> bytes:
    """The body, decoded, never more than `most` bytes of it in memory."""
    parts, size = [], 0
    async for part in response.aiter_bytes(65536):
        size += len(part)
        if size > most:
            raise ProviderError(words, kind="too_large", permanent=True)
        parts.append(part)
    return b"".join(parts)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _pinned(target: Any) -> str:
    address = f"[{target.address}]" if ":" in target.address else target.address
    parts = httpx.URL(target.url)
    return f"{target.scheme}://{address}:{target.port}{parts.raw_path.decode()}"


def _authority(target: Any) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == {"https": 443, "http": 80}[target.scheme] else f"{host}:{target.port}"
