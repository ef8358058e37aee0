"""What a service answered to a call, and when it says to come again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to an API call. `data` is the parsed JSON, or None where the body is something else."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    data: Any = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The start of the body, for the details of an error."""
        return self.body[:2000].decode("utf-8", "replace")

    def wait(self) -> float | None:
        """Seconds of Retry-After, whether a number or a date; None where it says nothing sensible."""
        return retry_after(self.headers.get("retry-after", ""))


def retry_after(word: str) -> float | None:
    """Seconds from a Retry-After header, at most an hour."""
    word = word.strip()
    if not word:
        return None
    try:
        seconds = float(word)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(word) - timezone.now()).total_seconds()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), 3600.0) if seconds == seconds else None


def parsed(raw: bytes) -> Any:
    """The JSON of a body, None where it is something else."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
