"""Where the lines of the audit log go: a file that only its owner reads, opened with the first line, never in a request's way."""

from __future__ import annotations

import contextlib
import logging
import os
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler


class AuditFile(WatchedFileHandler):
    """Opened anew after another program has moved the file away. A disk that is full costs the line, not the act: its row stands."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        made = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(made, "a", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            super().emit(record)
