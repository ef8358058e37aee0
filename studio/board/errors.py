"""Why the board says no, in words for the person who asked."""

from __future__ import annotations

from typing import Any


class Refused(ValueError):
    """It cannot be done; the message says why and what to do, and stands beside the control."""


class Conflict(Exception):
    """Somebody else changed this first. `row` is how it is now; nothing was written."""

    def __init__(self, row: Any) -> None:
        super().__init__("Somebody else changed this first.")
        self.row = row
