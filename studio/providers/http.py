"""The only file that knows httpx: one pooled client per account, every call with a deadline, every download checked.

An error says what is known of the money: a call that was never sent was not charged; one that broke after sending is unknown.
"""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import json
import logging
import re
import select
import ssl
import sys
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urljoin

import httpcore
import httpx

from studio.providers.answer import Answer, parsed
from studio.providers.base import ProviderError
from studio.providers.egress import Forbidden, Gate, Unresolved
from studio.providers.failures import failed
from studio.providers.magic import picture_type
from studio.providers.turns import Turns

if importlib.util.find_spec("sniffio") is None:
    # httpcore asks for this package several times in each call, and each time all of the path was searched for it in vain:
    # a tenth of what a call costs.
    sys.modules["sniffio"] = None  # type: ignore[assignment]

# What a service says in its headers is not for the log: it may repeat our key there.
logging.getLogger("httpcore.http11").addFilter(
    lambda line: not line.getMessage().startswith("receive_response_headers")
)

CONNECT, WRITE, POOL, READ = 10.0, 60.0, 30.0, 30.0  # seconds; an API call may stay silent until its own deadline
LARGEST = 50 * 1024 * 1024  # decoded bytes of one download
LARGEST_ANSWER = 80 * 1024 * 1024  # decoded bytes of one API answer: inline pictures are base64 in JSON
SMALL_ANSWER = 64 * 1024  # decoded bytes of what a webhook's receiver says
PIECE = 256 * 1024  # bytes read from a connection at once: as many as the event loop takes from a socket
HOPS = 3
SMALL = 8  # connections of one pool
REDIRECTS = {301, 302, 303, 307, 308}
AGENT = "a-studio/1"
BREAKS = (
    httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.UnsupportedProtocol,
    httpx.HTTPError, httpx.StreamError, TimeoutError, zlib.error,
)  # fmt: skip


class Door:
    """The way out for one account. `headers` hold its key; they go to its own base URL and nowhere else.

    `patience` is the seconds in all that one download may take. `before` is waited for ahead of each API call: its turn.
    """

    def __init__(
        self,
        gate: Gate,
        headers: Mapping[str, str] | None = None,
        *,
        connections: int = 64,
        patience: float = 60.0,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.gate, self.patience, self._before = gate, patience, before
        self._headers = {"user-agent": AGENT, "accept-encoding": "gzip", **(headers or {})}
        words = {word for value in (headers or {}).values() for word in value.split() if len(word) >= 8}
        # as they are, and as JSON and addresses may spell them
        self._secrets = sorted(
            {one for word in words for one in (word, word.replace("/", "\\/"), quote(word, safe=""))}
        )
        self._turns = Turns()
        self._client = httpx.AsyncClient(transport=_Line(gate, connections), follow_redirects=False, trust_env=False)

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

        Any status is an answer, except a redirect, which nobody follows with a key. Raises ProviderError: `unreachable`
        where nothing was sent, `unknown_outcome` where it broke after, or the answer is larger than any can be.
        """
        content = None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        typed = {} if content is None else {"content-type": "application/json"}
        sent = {**self._headers, **typed, **(headers or {})}
        if self._before is not None:
            await self._before()
        async with self._stream(method, url, content, sent, deadline, own=True) as response:
            status = response.status_code
            if status in REDIRECTS:
                raise failed(
                    "invalid", charged=False, message="The engine’s address leads elsewhere.",
                    remedy="Look at the account’s base URL.",
                    details=self._told(f"{status} {response.headers.get('location', '')}")[:300],
                )  # fmt: skip
            try:
                raw = await self._body(response, LARGEST_ANSWER)
            except (*BREAKS, ProviderError) as error:
                if not 400 <= status < 500:
                    if isinstance(error, ProviderError):  # what is too large to be read says nothing of what was done
                        raise failed(
                            "unknown_outcome", charged=None, details=f"An answer of {error.details}."
                        ) from error
                    raise
                raw = b""  # the status alone says enough
            raw = self._scrubbed(raw)
            return Answer(status, {k.lower(): self._told(v) for k, v in response.headers.items()}, raw, parsed(raw))

    async def deliver(self, url: str, content: bytes, headers: Mapping[str, str], *, deadline: float = 20) -> Answer:
        """Post these very bytes to an address that a team wrote; a redirect is an answer and is not followed.

        Raises ProviderError, as `call` does; `refused_address` where it leads inside a network.
        """
        # Only where whoever runs the studio lets webhooks reach this host of their own network.
        own = bool(self.gate.base)
        sent = {**self._headers, "content-type": "application/json", **headers}
        async with self._stream("POST", url, content, sent, deadline, own=own) as response:
            try:
                raw = await _read(response, SMALL_ANSWER)
            except (*BREAKS, ProviderError):
                raw = b""  # the status alone says enough
            return Answer(response.status_code, {}, raw)

    async def download(self, url: str) -> tuple[bytes, str]:
        """A result's bytes and their type by magic number. No key is sent; at most three hops, each one checked anew.

        Raises ProviderError: `expired` for 401, 403, 404 and 410, `wrong_bytes` for what is no picture, `too_large`,
        `refused_address`, `download` for all that may pass on a second try.
        """
        plain = {"user-agent": AGENT, "accept-encoding": "identity"}
        try:
            async with asyncio.timeout(self.patience):
                for _ in range(HOPS + 1):
                    async with self._stream("GET", url, None, plain, self.patience) as response:
                        if response.status_code not in REDIRECTS:
                            return await self._picture(response)
                        url = _joined(url, response.headers.get("location", ""))
        except TimeoutError:
            raise failed("download", charged=None, message="The picture took too long to arrive.") from None
        except ProviderError as error:
            if error.kind in {"unreachable", "unknown_outcome"}:
                raise failed("download", charged=None, details=error.details) from error
            raise
        raise failed(
            "download", charged=None, message="The picture’s address leads round in circles.", permanent=True,
            remedy="It was charged. Look for it at the service, or ask again.",
        )  # fmt: skip

    @asynccontextmanager
    async def _stream(
        self,
        method: str,
        url: str,
        content: bytes | None,
        headers: Mapping[str, str],
        deadline: float,
        *,
        own: bool = False,
    ) -> AsyncIterator[httpx.Response]:
        """A response whose connection went to an address that was judged. Knows whether anything left before it broke."""
        left: list[str] = []

        async def trace(event: str, _info: Mapping[str, Any]) -> None:
            if event.endswith("send_request_headers.started"):
                left.append(event)

        try:
            self.gate.admit(url, own=own)
            silence = httpx.Timeout(connect=CONNECT, read=deadline if own else READ, write=WRITE, pool=POOL)
            request = self._client.build_request(method, url, content=content, headers=headers, timeout=silence)
            request.extensions = {**request.extensions, "trace": trace}
            async with asyncio.timeout(deadline):
                response = await self._client.send(request, stream=True)
                try:
                    yield response
                finally:
                    await response.aclose()
        except ProviderError as known:
            known.details = self._told(known.details)
            raise
        except (Forbidden, httpx.InvalidURL) as refusal:
            raise failed("refused_address", charged=False, details=self._told(str(refusal))) from refusal
        except Unresolved as nowhere:
            raise failed("unreachable", charged=False, details=str(nowhere)) from nowhere
        except BREAKS as broken:
            kind, charged = ("unknown_outcome", None) if left else ("unreachable", False)
            # a line that is no HTTP is repeated in the exception, with whatever it says of us: that is not handed on
            raise failed(kind, charged=charged, details=self._told(repr(broken))[:300]) from None

    async def _picture(self, response: httpx.Response) -> tuple[bytes, str]:
        status = response.status_code
        if status in {401, 403, 404, 410}:
            raise failed("expired", charged=None, details=str(status))
        if status != 200:
            raise failed("download", charged=None, details=str(status))
        data = await self._body(response, LARGEST)
        mime = picture_type(data)
        if not mime:
            raise failed("wrong_bytes", charged=None, details=repr(data[:80]))
        return data, mime

    async def _body(self, response: httpx.Response, most: int) -> bytes:
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) <= PIECE:
            return await _read(response, most)
        async with self._turns.one():
            return await _read(response, most)

    def _scrubbed(self, raw: bytes) -> bytes:
        """An answer that repeats our key does not carry it into pages and logs."""
        for secret in self._secrets:
            if secret.encode() in raw:
                raw = raw.replace(secret.encode(), b"[key]")
        return raw

    def _told(self, words: str) -> str:
        for secret in self._secrets:
            words = re.sub(re.escape(secret), "[key]", words, flags=re.IGNORECASE)  # a host is told in lower case
        return words


class _Line(httpx.AsyncBaseTransport):
    """httpx over httpcore, whose network is ours: names are looked up once, judged, and the judged address is connected.

    The connections lie in small pools, and a call takes the one least used: httpcore looks at each pair of a pool's idle
    connections at every call, which at 64 of them costs more than the call.
    """

    def __init__(self, gate: Gate, connections: int) -> None:
        count = -(-connections // SMALL)
        sizes = [connections // count + (n < connections % count) for n in range(count)]
        self._pools = [
            httpcore.AsyncConnectionPool(
                ssl_context=_certificates(),
                max_connections=size,
                max_keepalive_connections=size,
                keepalive_expiry=30,
                network_backend=_Judged(gate),
            )
            for size in sizes
        ]
        self._busy = [0] * count

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        n = self._busy.index(min(self._busy))
        self._busy[n] += 1
        try:
            told = await self._pools[n].handle_async_request(asked)
        except BaseException:
            self._busy[n] -= 1
            raise
        assert isinstance(told.stream, AsyncIterable)
        body = _Body(told.stream, functools.partial(self._over, n))
        return httpx.Response(told.status, headers=told.headers, stream=body, extensions=dict(told.extensions))

    def _over(self, n: int) -> None:
        self._busy[n] -= 1

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes], over: Callable[[], None]) -> None:
        self._stream, self._over = stream, over

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        over, self._over = self._over, lambda: None
        over()
        closing = getattr(self._stream, "aclose", None)
        if closing:
            await closing()


class _Judged(httpcore.AsyncNetworkBackend):
    """Connections to judged addresses only, the next one where the first does not answer."""

    def __init__(self, gate: Gate) -> None:
        self._gate, self._network = gate, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        broken: Exception = httpcore.ConnectError("no address")
        for address in await self._gate.addresses(host, port):
            try:
                return _Wide(await self._network.connect_tcp(address, port, timeout, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as next_one:
                broken = next_one
        raise broken

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no sockets of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Wide(httpcore.AsyncNetworkStream):
    """A connection that is read in pieces as large as they came, instead of each cut into four, and that asks its socket once
    where it lies: together half of what a picture's way in costs."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream, self._socket = stream, stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max(max_bytes, PIECE), timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Wide(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked of every idle connection at every call
            return _readable(self._socket)
        return self._stream.get_extra_info(info)


def _readable(socket: Any) -> bool:
    """Whether an idle connection has something to say: that it was closed. One that is gone has, too."""
    number = -1 if socket is None else socket.fileno()
    if number < 0 or not hasattr(select, "poll"):  # without it whoever writes will find out
        return number < 0
    asked = select.poll()
    asked.register(number, select.POLLIN)
    return bool(asked.poll(0))


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


async def _read(response: httpx.Response, most: int) -> bytes:
    """The body, decoded, never more than `most` bytes of it in memory: httpx's own decoders know no measure."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "", "gzip", "x-gzip"}:
        raise httpx.DecodingError(f"Nobody asked for {coding[:20]}.")
    wide = zlib.decompressobj(31) if "gzip" in coding else None
    parts, size = [], 0
    async for part in response.aiter_raw():
        over = wide is not None and wide.eof  # what follows is nobody's: not kept, but measured
        plain = wide.decompress(part, most + 1 - size) if wide and not over else part
        size += len(plain)
        if size > most:
            raise failed("too_large", charged=None, details=f"more than {most >> 20} MB")
        if not over:
            parts.append(plain)
    if wide and not wide.eof:
        raise httpx.DecodingError("The compressed body ends too soon.")
    return b"".join(parts)


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""
