"""Why drawing says no, in words for the person who asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone


class Refused(ValueError):
    """It cannot be done; the message says why and what to do, and stands beside the control."""


class OverCap(Refused):
    """A spending limit would be passed. `affordable` is how many pictures still go."""

    def __init__(self, *, room: Any, needs: Decimal, each: Decimal) -> None:
        month = f"{timezone.localtime():%B}’s limit"
        whose = {"team": month, "project": f"The limit of {room.name}"}.get(room.kind, f"{month} of {room.name}")
        self.room, self.needs = room, needs
        self.affordable = int(room.left // each) if each > 0 else 0
        gone = "is used up" if self.affordable == 0 else "does not reach"
        super().__init__(f"{whose} {gone}. {dollars(room.left)} left, this needs {dollars(needs)}.")


def dollars(amount: Decimal) -> str:
    """ "$0.40", "$0.076": two decimals, more where there is a part of a cent."""
    exact = f"{amount:.6f}".rstrip("0")
    cents = len(exact.partition(".")[2])
    return f"${amount:,.{max(2, cents)}f}"
