"""What the three emulators share: a small threaded server on loopback, a ledger, faults on request, and a log of every call."""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.emulators import pictures

HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
EXPIRED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'


@dataclass
class Fault:
    """One thing to break. `at` is a step of the service (start, poll, upload, link, callback), `name` what happens there.

    `value` is what the fault wants: seconds, a header, a code. It happens `times` times, after `skip` calls that go well.
    """

    at: str
    name: str
    value: Any = None
    times: int = 1
    skip: int = 0


@dataclass
class Call:
    """One request as it came: what the limits are checked against afterwards."""

    at: float
    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: Any = None
    status: int = 0


@dataclass
class Reply:
    """`status`, JSON or bytes, headers. `close` drops the line instead of answering."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    close: bool = False

    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no news here."""


class Emulator:
    """One service. `latency` is seconds a picture takes; `written` puts the prompt on it; `weight` is bytes a picture should have.

    `scale` multiplies every time that a service would take (retries, windows, expiry), so that tests need not wait.
    """

    name = ""
    KEY = "key-for-the-emulator"
    handler: type[Handler]

    def __init__(
        self, port: int = 0, *, latency: float = 0.0, scale: float = 1.0, written: bool = False, weight: int = 0, key: str = KEY
    ) -> None:  # fmt: skip
        self.latency, self.scale, self.written, self.weight, self.key = latency, scale, written, weight, key
        self.lock = threading.RLock()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.links: dict[str, tuple[bytes, str, float]] = {}  # path → bytes, mime, moment it dies
        self.stop = threading.Event()
        self.peak = 0  # pictures under way at once, at the most
        self._charges: list[dict[str, Any]] = []
        self._open(port)

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nobody waits for it: the port is its own."""
        self.stop.set()
        threading.Thread(target=self._shut, daemon=True).start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        """The base URL that an account would have."""
        return self.root

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """What was accepted, in order: key, model, size, amount in dollars, charged or not, and when."""
        with self.lock:
            self.settle()
            return [dict(row) for row in self._charges]

    def charged(self, key: str = "") -> list[dict[str, Any]]:
        """The rows that were charged, of one attempt or of all."""
        return [row for row in self.ledger if row["charged"] and key in ("", row["key"])]

    def charge(self, *, key: str, model: str, size: str, amount: float, charged: bool = True, task: str = "") -> None:
        with self.lock:
            self._charges.append(
                {"key": key, "task": task or key, "model": model, "size": size, "amount": amount, "charged": charged, "at": time.time()}
            )  # fmt: skip

    def busiest(self, seconds: float = 60, *, method: str = "") -> int:
        """The most calls that came within any such stretch of time."""
        with self.lock:
            moments = sorted(call.at for call in self.calls if method in ("", call.method))
        most = first = 0
        for last, moment in enumerate(moments):
            while moments[first] <= moment - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def settle(self) -> None:
        """Bring what is due to its end. Services that keep tasks override it."""

    def break_at(self, at: str, name: str, value: Any = None, *, times: int = 1, skip: int = 0) -> None:
        with self.lock:
            self.faults.append(Fault(at, name, value, times, skip))

    def taken(self, at: str, *names: str) -> Fault | None:
        """The fault that is due at this step, if it is one of these (or any); it is used up by asking."""
        with self.lock:
            for fault in self.faults:
                if fault.at != at or fault.times <= 0 or (names and fault.name not in names):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    @contextlib.contextmanager
    def refusing(self) -> Any:
        """Nobody listens on the port for a while."""
        port = self.port
        self._shut()
        try:
            yield
        finally:
            self._open(port)

    def routed(self, call: Call, raw: bytes) -> Reply:
        raise NotImplementedError

    def error(self, status: int, code: str = "", message: str = "") -> Any:
        """The body of an error as this service words it."""
        raise NotImplementedError

    def keep(self, data: bytes, mime: str, *, name: str, life: float) -> str:
        """Put a picture behind a link of this server's. Gives the whole URL."""
        path = f"/files/{name}.{mime.split('/')[1]}"
        self.links[path] = (data, mime, time.time() + life)
        return self.root + path

    def drawn(self, width: int, height: int, form: str, mark: str, words: str) -> bytes:
        return pictures.picture(width, height, form, mark, words=words if self.written else "", weight=self.weight)

    def _open(self, port: int) -> None:
        self._server = Server(("127.0.0.1", port), type("Bound", (self.handler,), {"emulator": self}))
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _shut(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class Handler(BaseHTTPRequestHandler):
    """One connection. Faults of the line happen here; what the service itself gets wrong happens in its emulator."""

    emulator: Emulator
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: Any) -> None:
        """The calls are in `calls`."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        emulator = self.emulator
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(time.time(), self.command, self.path, headers)
        with contextlib.suppress(ValueError):
            call.body = json.loads(raw) if raw else None
        with emulator.lock:
            emulator.calls.append(call)
        if urlsplit(self.path).path.startswith(("/files/", "/hop/")):
            self._file()
            return
        step = self._step(call)
        before = emulator.taken(step, "drop_before", "html", "status", "echo")
        if before and before.name == "drop_before":
            self._drop()
            return
        if before:
            reply = self._failing(before)
        else:
            reply = emulator.routed(call, raw)
            after = emulator.taken(step, "status_after")
            reply = self._failing(after) if after else reply
        call.status = reply.status
        if reply.close:
            self._drop()
            return
        self._send(
            reply, emulator.taken(step, "drop_after", "slow", "drip", "cut", "broken_json", "html_after", "echo")
        )

    def _step(self, call: Call) -> str:
        return "start"

    def _failing(self, fault: Fault) -> Reply:
        """`status` takes (status, headers) or (status, headers, code): an error in the service's own shape; `echo` repeats the key."""
        if fault.name == "echo":
            said = f"Bad request with {self.headers.get('authorization')} {self.headers.get('x-goog-api-key')}"
            return Reply(fault.value or 400, self.emulator.error(fault.value or 400, message=said))
        if fault.name == "html":
            return Reply(fault.value or 502, HTML, kind="text/html")
        status, headers, *code = fault.value
        return Reply(status, self.emulator.error(status, *code), headers)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        raw, name = reply.raw(), fault.name if fault else ""
        if name == "drop_after":
            self._drop()
            return
        if name == "slow" and self.emulator.stop.wait(fault.value):
            return
        if name == "broken_json":
            raw = raw[: max(1, len(raw) // 2)]
        if name == "html_after":
            raw, reply.kind = HTML, "text/html"
        with contextlib.suppress(OSError):
            self._head(reply, len(raw))
            if name == "cut":
                self.wfile.write(raw[: max(1, len(raw) // 2)])
                self.wfile.flush()
                self._drop()
            elif name == "drip":
                for byte in raw:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if self.emulator.stop.wait(fault.value):
                        return
            else:
                self.wfile.write(raw)

    def _head(self, reply: Reply, length: int) -> None:
        self.send_response(reply.status)
        self.send_header("content-type", reply.kind)
        self.send_header("content-length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def _file(self) -> None:
        """A result's bytes, or what stands in their place."""
        emulator, path = self.emulator, urlsplit(self.path).path
        data, mime, dies = emulator.links.get(path, (b"", "", 0.0))
        fault = emulator.taken("link")
        name = fault.name if fault else ""
        if path.startswith("/hop/") or name == "redirect_loop":
            self._send(Reply(302, b"", {"location": f"/hop/{time.time_ns()}"}), None)
        elif name == "redirect_inside":
            self._send(Reply(302, b"", {"location": fault.value or "http://169.254.169.254/latest/meta-data/"}), None)
        elif name == "expired" or (data and dies < time.time()):
            self._send(Reply(403, EXPIRED, kind="application/xml"), None)
        elif name == "404" or not data:
            self._send(Reply(404, b"not found", kind="text/plain"), None)
        elif name == "503":
            self._send(Reply(503, b"busy", kind="text/plain"), None)
        elif name == "html":
            self._send(Reply(200, HTML, kind=mime), None)
        elif name == "wrong_type":
            self._send(Reply(200, b"GIF89a" + bytes(200), kind=mime), None)
        elif name == "half":
            self._send(Reply(200, data[: len(data) // 2], kind=mime), None)
        elif name == "cut" or name in {"drip", "slow"}:
            self._send(Reply(200, data, kind=mime), fault)
        elif name == "huge":
            self._huge(mime)
        elif name == "gzip_bomb":
            self._send(Reply(200, bomb(), {"content-encoding": "gzip"}, kind=mime), None)
        elif name == "pixel_bomb":
            self._send(Reply(200, pictures.bomb(), kind="image/png"), None)
        else:
            self._send(Reply(200, data, kind=mime), None)

    def _huge(self, mime: str) -> None:
        """A picture that never ends, without saying how long it is."""
        self.send_response(200)
        self.send_header("content-type", mime)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.write(b"\xff\xd8\xff")
            for _ in range(60):
                self.wfile.write(bytes(1024 * 1024))


@functools.cache
def bomb() -> bytes:
    """64 MB of a picture in a few kilobytes of gzip."""
    return gzip.compress(b"\xff\xd8\xff" + bytes(64 * 1024 * 1024), 1)


def query(path: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(path).query).items()}
