"""The control address: what a test in another process may ask of an emulator, and tell it. Nothing of it is the service's.

    GET    /_emulator/ledger[?key=K][&charged=1]   rows: key, task, account, model, size, amount, charged, at, words
    GET    /_emulator/seen                         by key: calls, creates, most_at_once, most_calls, most_creates, over, limits
    GET    /_emulator/calls                        at, method, path, status of each call (no headers, no bodies)
    GET    /_emulator/faults                       those still due
    POST   /_emulator/faults                       {at, name, value?, times?, skip?, key?} or a list of them
    DELETE /_emulator/faults                       none any more
    POST   /_emulator/limits                       {key?, concurrency?, per_minute?}: what `over` counts against
    POST   /_emulator/settings                     switches of the emulator by name: latency, scale, balance, per_minute …
    POST   /_emulator/forget                       an empty ledger, nothing seen

A fault `{"at": "line", "name": "refused", "value": 5}` closes the port for five seconds.
"""

from __future__ import annotations

import json
import urllib.request
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.emulators.wire import Call, Fault, Reply, query

if TYPE_CHECKING:
    from tests.emulators.serving import Emulator

PLAIN = (bool, int, float, str, type(None))


class Remote:
    """An emulator in another process. `root` is its address without a path; a base URL will do."""

    def __init__(self, root: str) -> None:
        parts = urlsplit(root)
        self.root = f"{parts.scheme}://{parts.netloc}/_emulator/"

    def ledger(self, key: str = "") -> list[dict[str, Any]]:
        return self._ask("GET", "ledger?" + urlencode({"key": key}))

    def charged(self, key: str = "") -> list[dict[str, Any]]:
        return self._ask("GET", "ledger?" + urlencode({"key": key, "charged": 1}))

    def seen(self) -> dict[str, Any]:
        return self._ask("GET", "seen")

    def calls(self) -> list[dict[str, Any]]:
        return self._ask("GET", "calls")

    def faults(self) -> list[dict[str, Any]]:
        return self._ask("GET", "faults")

    def break_at(self, at: str, name: str, value: Any = None, *, times: int = 1, skip: int = 0, key: str = "") -> None:
        self._ask("POST", "faults", {"at": at, "name": name, "value": value, "times": times, "skip": skip, "key": key})

    def mend(self) -> None:
        self._ask("DELETE", "faults")

    def tell(self, *, key: str = "", concurrency: int | None = None, per_minute: int | None = None) -> None:
        self._ask("POST", "limits", {"key": key, "concurrency": concurrency, "per_minute": per_minute})

    def set(self, **settings: Any) -> None:
        self._ask("POST", "settings", settings)

    def forget(self) -> None:
        self._ask("POST", "forget")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """Raises urllib.error.HTTPError where the emulator does not understand."""
        data = None if method == "GET" else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)


def answer(emulator: Emulator, call: Call) -> Reply:
    name = urlsplit(call.path).path.removeprefix("/_emulator/")
    try:
        with emulator.lock:
            return Reply(200, _acts(emulator, call.method, name, call.body, query(call.path)))
    except (TypeError, ValueError, KeyError) as error:
        return Reply(400, {"error": str(error)})


def _acts(emulator: Emulator, method: str, name: str, body: Any, asked: dict[str, str]) -> Any:
    match method, name:
        case "GET", "ledger":
            key = asked.get("key", "")
            return emulator.charged(key) if asked.get("charged") else [row for row in emulator.ledger if key in ("", row["key"])]  # fmt: skip
        case "GET", "seen":
            emulator.settle()
            return emulator.seen.report()
        case "GET", "calls":
            return [{"at": c.at, "method": c.method, "path": c.path, "status": c.status} for c in emulator.calls]
        case "POST", "faults":
            for fault in [Fault(**one) for one in (body if isinstance(body, list) else [body])]:
                if fault.at == "line" and fault.name == "refused":
                    emulator.line.refuse(float(fault.value))
                else:
                    emulator.faults.append(fault)
        case "DELETE", "faults":
            emulator.faults.clear()
        case "POST", "limits":
            emulator.seen.tell(**body)
        case "POST", "settings":
            _set(emulator, body)
        case "POST", "forget":
            emulator.forget()
        case "GET", "faults":
            pass
        case _:
            raise ValueError(f"there is no {method} {name}")
    return [asdict(fault) for fault in emulator.faults if fault.times > 0]


def _set(emulator: Emulator, settings: dict[str, Any]) -> None:
    """Only what is there, is plain, and is no property."""
    for name, value in settings.items():
        here = vars(emulator).get(name, ...)
        if name.startswith("_") or here is ... or not isinstance(here, PLAIN) or not isinstance(value, PLAIN):
            raise ValueError(f"there is no setting {name}")
    for name, value in settings.items():
        setattr(emulator, name, value)
