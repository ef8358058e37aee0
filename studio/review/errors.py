"""Why a review says no, in words for the person who asked."""

from __future__ import annotations


class Refused(ValueError):
    """It cannot be done; the message says why and what to do, and stands beside the control. `field` names the control."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class Closed(Refused):
    """The round is over: it can be read, not written."""
