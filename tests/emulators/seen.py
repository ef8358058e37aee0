"""What the emulator saw of each key: how much at once, how many calls in any minute, and how often that was over a limit it was told."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Limits:
    """None: nobody told a limit. `per_minute` is held against creates and against all calls, each counted for itself."""

    concurrency: int | None = None
    per_minute: int | None = None


@dataclass
class Eye:
    """One key. Downloads of results go without a key and are not counted."""

    calls: int = 0
    creates: int = 0
    under_way: int = 0
    most_at_once: int = 0
    most_calls: int = 0
    most_creates: int = 0
    over: dict[str, int] = field(default_factory=lambda: {"concurrency": 0, "calls": 0, "creates": 0})
    recent: dict[str, deque[float]] = field(default_factory=lambda: {"calls": deque(), "creates": deque()}, repr=False)


class Seen:
    """`window` is the seconds of a sliding minute: shorter where the emulator's times are scaled."""

    def __init__(self, window: float = 60.0) -> None:
        self.window = window
        self.limits: dict[str, Limits] = {"": Limits()}  # by key; "" is for all the others
        self._eyes: dict[str, Eye] = {}
        self._lock = threading.Lock()

    def tell(self, *, key: str = "", concurrency: int | None = None, per_minute: int | None = None) -> None:
        self.limits[key] = Limits(concurrency, per_minute)

    def call(self, key: str, *, create: bool) -> None:
        """A call came, whatever it will be answered."""
        with self._lock:
            eye, most = self._eye(key), self._limit(key).per_minute
            eye.calls += 1
            eye.most_calls = max(eye.most_calls, self._counted(eye, "calls", most))
            if create:
                eye.creates += 1
                eye.most_creates = max(eye.most_creates, self._counted(eye, "creates", most))

    def under_way(self, key: str, count: int) -> None:
        """So many pictures of this key are being drawn now. One more than allowed is one violation."""
        with self._lock:
            eye, most = self._eye(key), self._limit(key).concurrency
            eye.over["concurrency"] += most is not None and count > max(most, eye.under_way)
            eye.under_way = count
            eye.most_at_once = max(eye.most_at_once, count)

    def refused(self, key: str, count: int) -> None:
        """So many there would have been, had the last not been turned away."""
        with self._lock:
            most = self._limit(key).concurrency
            self._eye(key).over["concurrency"] += most is not None and count > most

    def report(self) -> dict[str, Any]:
        """By key: calls, creates, most_at_once, most_calls and most_creates of any sliding minute, and `over` each limit how often."""
        with self._lock:
            return {key: self._told(key, eye) for key, eye in self._eyes.items()}

    def violations(self) -> int:
        """Over concurrency, and creates over the minute's number, of all keys together."""
        with self._lock:
            return sum(eye.over["concurrency"] + eye.over["creates"] for eye in self._eyes.values())

    def clear(self) -> None:
        with self._lock:
            self._eyes.clear()

    def _told(self, key: str, eye: Eye) -> dict[str, Any]:
        limits = self._limit(key)
        return {
            "calls": eye.calls, "creates": eye.creates, "under_way": eye.under_way, "most_at_once": eye.most_at_once,
            "most_calls": eye.most_calls, "most_creates": eye.most_creates, "over": dict(eye.over),
            "limits": {"concurrency": limits.concurrency, "per_minute": limits.per_minute}, "window": self.window,
        }  # fmt: skip

    def _eye(self, key: str) -> Eye:
        return self._eyes.setdefault(key, Eye())

    def _limit(self, key: str) -> Limits:
        return self.limits.get(key) or self.limits[""]

    def _counted(self, eye: Eye, what: str, most: int | None) -> int:
        now, recent = time.monotonic(), eye.recent[what]
        recent.append(now)
        while recent[0] <= now - self.window:
            recent.popleft()
        eye.over[what] += most is not None and len(recent) > most
        return len(recent)
