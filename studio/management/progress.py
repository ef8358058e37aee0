"""Progress of a command: one line that rewrites itself on a terminal, nothing where the output is a file or a pipe."""

from __future__ import annotations

from typing import Any

WIDTH = 24


class Progress:
    """`progress("Pages", 3, 12)`, and `end()` when all is done."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.live = bool(getattr(stream, "isatty", lambda: False)())
        self.last = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self.live:
            return
        filled = WIDTH * done // total if total else 0
        line = f"{what} {'█' * filled}{'·' * (WIDTH - filled)} {done} of {total}"
        if line != self.last:
            self.stream.write(f"\r{line:<{len(self.last)}}", ending="")
            self.stream.flush()
            self.last = line

    def end(self) -> None:
        if self.live and self.last:
            self.stream.write("\r" + " " * len(self.last) + "\r", ending="")
            self.stream.flush()
            self.last = ""
