"""What the three emulators share: keys, a ledger, faults on request, a log of every call, and the links of results."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Collection, Iterator
from typing import Any

from tests.emulators import pictures
from tests.emulators.line import Line
from tests.emulators.seen import Seen
from tests.emulators.wire import Call, Fault, Link, Reply


class Emulator:
    """One service. `latency` is seconds a picture takes, give or take `jitter` of it (0.2: a fifth); `written` puts the prompt on it; `weight` is bytes a picture should have.

    `scale` multiplies every time that a service would take (retries, windows, expiry), so that tests need not wait.
    `also` are further keys it takes. `concurrency` and `per_minute` are limits of a key that `seen` counts the violations of.
    With `fetches` it looks at the links it is sent, as the service would. `remember` keeps the bodies of calls.
    """

    name = ""
    KEY = "key-for-the-emulator"
    ENDED = 403  # what a link answers after its time

    def __init__(
        self, port: int = 0, *, latency: float = 0.0, scale: float = 1.0, written: bool = False, weight: int = 0, key: str = KEY,
        also: Collection[str] = (), concurrency: int | None = None, per_minute: int | None = None, fetches: bool = False,
        remember: bool = True, jitter: float = 0.0,
    ) -> None:  # fmt: skip
        self.latency, self.scale, self.written, self.weight, self.key = latency, scale, written, weight, key
        self.also, self.fetches, self.remember, self.jitter = set(also), fetches, remember, jitter
        self._dice = random.Random(11)  # the same times in every run
        self.lock = threading.RLock()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.links: dict[str, Link] = {}  # by path
        self.stop = threading.Event()
        self.peak = 0  # pictures under way at once, at the most, of all keys together
        self.seen = Seen(60 * scale)
        self.seen.tell(concurrency=concurrency, per_minute=per_minute)
        self._charges: list[dict[str, Any]] = []
        self.line = Line(self, port)

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nobody waits for it: the port is its own."""
        self.stop.set()
        self.line.end()

    @property
    def port(self) -> int:
        return self.line.port

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        """The base URL that an account would have."""
        return self.root

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """What was accepted, in order: key of the attempt, account's key, model, size, dollars, charged or not, when, and the words."""
        with self.lock:
            self.settle()
            return [dict(row) for row in self._charges]

    def charged(self, key: str = "") -> list[dict[str, Any]]:
        """The rows that were charged, of one attempt or of all."""
        return [row for row in self.ledger if row["charged"] and key in ("", row["key"])]

    def charge(
        self, *, key: str, model: str, size: str, amount: float, charged: bool = True, task: str = "", account: str = "", words: str = "",
    ) -> None:  # fmt: skip
        """One row. `words` is the beginning of the prompt: all that tells attempts apart where the service takes no key."""
        with self.lock:
            self._charges.append(
                {"key": key, "task": task or key, "account": account, "model": model, "size": size, "amount": amount, "charged": charged,
                 "at": time.time(), "words": words[:200]}
            )  # fmt: skip

    def forget(self) -> None:
        """An empty ledger and nothing seen, for another round on the same server."""
        with self.lock:
            self._charges.clear()
            self.calls.clear()
            self.seen.clear()
            self.peak = 0

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

    def break_at(self, at: str, name: str, value: Any = None, *, times: int = 1, skip: int = 0, key: str = "") -> None:
        with self.lock:
            self.faults.append(Fault(at, name, value, times, skip, key))

    def taken(self, at: str, *names: str, who: Collection[str] = ()) -> Fault | None:
        """The fault that is due at this step, if it is one of these (or any); it is used up by asking."""
        with self.lock:
            for fault in self.faults:
                if fault.at != at or fault.times <= 0 or (names and fault.name not in names):
                    continue
                if fault.key and fault.key not in who:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens on the port for a while."""
        self.line.shut()
        try:
            yield
        finally:
            self.line.open()

    def takes(self) -> float:
        """Seconds that the next picture takes."""
        return self.latency * (1 + self._dice.uniform(-self.jitter, self.jitter))

    def known(self, key: str) -> bool:
        return key == self.key or key in self.also

    def account(self, call: Call) -> str:
        """The key that the call came with."""
        return call.headers.get("authorization", "").removeprefix("Bearer ")

    def step(self, call: Call) -> str:
        """The step of the service that this call is, as faults name it."""
        return "start"

    def who(self, call: Call) -> tuple[str, ...]:
        """What a fault may name to mean this call: the account's key and the attempt's."""
        return (self.account(call),)

    async def routed(self, call: Call, raw: bytes) -> Reply:
        raise NotImplementedError

    def error(self, status: int, code: str = "", message: str = "") -> Any:
        """The body of an error as this service words it."""
        raise NotImplementedError

    def keep(self, picture: pictures.Drawn, mime: str, *, name: str, life: float, who: tuple[str, ...] = ()) -> str:
        """Put a picture behind a link of this server's. Gives the whole URL."""
        path = f"/files/{name}.{mime.split('/')[1]}"
        self.links[path] = Link(picture, mime, time.time() + life, who)
        return self.root + path

    def drawn(self, width: int, height: int, form: str, mark: str, words: str) -> pictures.Drawn:
        return pictures.drawn(width, height, form, mark, words=words if self.written else "", weight=self.weight)

    async def rest(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.sleep(seconds)
