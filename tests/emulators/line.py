"""One emulator's line: HTTP on loopback in a thread with one event loop. What breaks a line breaks here."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import json
import socket
import threading
import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.emulators import control, pictures
from tests.emulators.wire import Call, Fault, Reply

if TYPE_CHECKING:
    from tests.emulators.serving import Emulator

HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
EXPIRED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}  # fmt: skip
BUFFER = 1024 * 1024
ANSWER = 90  # megabytes of an answer that is too large


class Gone(Exception):
    """The connection ends in the middle of whatever it is."""


class Line:
    """`port` 0 takes a free one; `shut` and `open` keep the same."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self.emulator, self.port = emulator, port
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._run, name=f"emulator {emulator.name}", daemon=True)
        self._thread.start()
        self.open()

    def open(self) -> None:
        self._done(self._open())

    def shut(self) -> None:
        """Nobody listens, and who was connected is connected no more."""
        self._done(self._shut())

    def end(self) -> None:
        """Once and for all. Nobody waits for it."""
        with contextlib.suppress(RuntimeError):  # it has ended before
            self._loop.call_soon_threadsafe(self._loop.stop)

    def refuse(self, seconds: float) -> None:
        """From within: nobody listens for so long."""

        async def for_a_while() -> None:
            await asyncio.sleep(0.05)  # the answer to whoever asked for it still goes out
            await self._shut()
            await asyncio.sleep(seconds)
            await self._open()

        self.beside(for_a_while())

    def beside(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _done(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._shut())
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _open(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._server = await asyncio.start_server(self._served, sock=listening, limit=BUFFER, backlog=512)

    async def _shut(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.close()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (
            Gone,
            OSError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            asyncio.CancelledError,
            ValueError,
        ):
            pass  # a client that went away is no news here
        finally:
            self._writers.discard(writer)
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection is kept."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        raw = await _body(reader, headers)
        call = Call(time.time(), method, path, headers)
        with contextlib.suppress(ValueError):
            call.body = json.loads(raw) if raw else None
        if path.startswith("/_emulator/"):
            await self._send(writer, control.answer(self.emulator, call))
            return True
        with self.emulator.lock:
            self.emulator.calls.append(call)
        try:
            if urlsplit(path).path.startswith(("/files/", "/hop/")):
                await self._file(writer, call)
            else:
                await self._asked(writer, call, raw)
        finally:
            if not self.emulator.remember:
                call.body, call.headers = None, {}
        return headers.get("connection", "").lower() != "close"

    async def _asked(self, writer: asyncio.StreamWriter, call: Call, raw: bytes) -> None:
        emulator = self.emulator
        step, who = emulator.step(call), emulator.who(call)
        emulator.seen.call(emulator.account(call), create=step == "start")
        before = emulator.taken(step, "drop_before", "drop_midway", "html", "status", "echo", who=who)
        if before and before.name == "drop_before":
            raise Gone
        if before and before.name == "drop_midway":  # the service goes on drawing for nobody
            self.beside(emulator.routed(call, raw))
            await asyncio.sleep(before.value or 0)
            raise Gone
        if before:
            reply = self._failing(before, call)
        else:
            reply = await emulator.routed(call, raw)
            after = emulator.taken(step, "status_after", who=who)
            reply = self._failing(after, call) if after else reply
        call.status = reply.status
        if reply.close:
            raise Gone
        late = ("drop_after", "slow", "drip", "cut", "broken_json", "html_after", "echo", "gzip_bomb", "huge")
        await self._send(writer, reply, emulator.taken(step, *late, who=who))

    def _failing(self, fault: Fault, call: Call) -> Reply:
        """`status` takes (status, headers) or (status, headers, code): an error in the service's own shape; `echo` repeats the key."""
        if fault.name == "echo":
            said = f"Bad request with {call.headers.get('authorization')} {call.headers.get('x-goog-api-key')}"
            return Reply(fault.value or 400, self.emulator.error(fault.value or 400, message=said))
        if fault.name == "html":
            return Reply(fault.value or 502, HTML, kind="text/html")
        status, headers, *code = fault.value
        return Reply(status, self.emulator.error(status, *code), headers)

    async def _send(
        self, writer: asyncio.StreamWriter, reply: Reply, fault: Fault | None = None, *, after: bytes = b""
    ) -> None:
        """`after` follows the reply's bytes: what many pictures share is not copied for each."""
        raw, name = reply.raw(), fault.name if fault else ""
        value = fault.value if fault else None
        if name == "drop_after":
            raise Gone
        if name == "slow":
            await asyncio.sleep(value)
        if name in {"broken_json", "cut", "drip"}:
            raw, after = raw + after, b""
        if name == "broken_json":
            raw = raw[: max(1, len(raw) // 2)]
        if name == "html_after":
            raw, after, reply.kind = HTML, b"", "text/html"
        if name == "gzip_bomb":
            raw, after, reply.headers = bomb(ANSWER), b"", {**reply.headers, "content-encoding": "gzip"}
        if name == "huge":
            await _huge(writer, reply.kind, ANSWER)
        head = _head(reply, len(raw) + len(after))
        if name == "cut":
            writer.write(head + raw[: max(1, len(raw) // 2)])
            await writer.drain()
            raise Gone
        if name == "drip":
            writer.write(head)
            for byte in raw:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(value)
            return
        writer.write(head + raw)
        if after:
            writer.write(after)
        await writer.drain()

    async def _file(self, writer: asyncio.StreamWriter, call: Call) -> None:
        """A result's bytes, or what stands in their place."""
        emulator, path = self.emulator, urlsplit(call.path).path
        link = emulator.links.get(path)
        fault = emulator.taken("link", who=link.who if link else ())
        name = fault.name if fault else ""
        value = fault.value if fault else None
        mime = link.mime if link else "text/plain"
        if path.startswith("/hop/") or name == "redirect_loop":
            reply = Reply(302, b"", {"location": f"/hop/{time.time_ns()}"})
        elif name == "redirect_inside":
            reply = Reply(302, b"", {"location": value or "http://169.254.169.254/latest/meta-data/"})
        elif name == "expired" or (link and link.dies < time.time() and emulator.ENDED == 403):
            reply = Reply(403, EXPIRED, kind="application/xml")
        elif name == "404" or link is None or link.dies < time.time():
            reply = Reply(404, b"not found", kind="text/plain")
        elif name == "503":
            reply = Reply(503, b"busy", kind="text/plain")
        elif name == "html":
            reply = Reply(200, HTML, kind=mime)
        elif name == "wrong_type":
            reply = Reply(200, b"GIF89a" + bytes(200), kind=mime)
        elif name == "half":
            reply = Reply(200, bytes(link.picture)[: len(link.picture) // 2], kind=mime)
        elif name == "gzip_bomb":
            reply = Reply(200, bomb(), {"content-encoding": "gzip"}, kind=mime)
        elif name == "pixel_bomb":
            reply = Reply(200, pictures.bomb(), kind="image/png")
        elif name == "huge":
            await _huge(writer, mime)
            return
        else:
            reply = Reply(200, link.picture.front, kind=mime)
            call.status = 200
            broken = fault if name in {"cut", "drip", "slow"} else None
            await self._send(writer, reply, broken, after=link.picture.back)
            return
        call.status = reply.status
        await self._send(writer, reply)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length") or 0))
    pieces = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(pieces)


def _head(reply: Reply, length: int | None) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Other')}", f"content-type: {reply.kind}"]
    lines.append("connection: close" if length is None else f"content-length: {length}")
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _huge(writer: asyncio.StreamWriter, mime: str, megabytes: int = 60) -> None:
    """A picture or an answer that never ends, without saying how long it is."""
    writer.write(_head(Reply(kind=mime), None) + (b"{" if mime == "application/json" else b"\xff\xd8\xff"))
    for _ in range(megabytes):
        writer.write(bytes(BUFFER))
        await writer.drain()
    raise Gone


@functools.cache
def bomb(megabytes: int = 64) -> bytes:
    """So much of a picture in a few kilobytes of gzip."""
    return gzip.compress(b"\xff\xd8\xff" + bytes(megabytes * BUFFER), 1)
