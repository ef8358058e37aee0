"""What goes over an emulator's line, and what may go wrong there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.emulators.pictures import Drawn


@dataclass
class Fault:
    """One thing to break. `at` is a step of the service (start, poll, upload, link, callback), `name` what happens there.

    `value` is what the fault wants: seconds, a header, a code. It happens `times` times, after `skip` calls that go well.
    With `key` it happens only to the calls of that account's key, or of that attempt.
    """

    at: str
    name: str
    value: Any = None
    times: int = 1
    skip: int = 0
    key: str = ""


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


@dataclass(frozen=True)
class Link:
    """A result behind a link: `dies` is the moment of its end, `who` the keys that its faults may name."""

    picture: Drawn
    mime: str
    dies: float
    who: tuple[str, ...] = ()


def query(path: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(path).query).items()}
