"""Which side of somebody a panel shows, and which markers can be seen from there: the board's rules, asked about a brief."""

from __future__ import annotations

from studio.board import shown
from studio.board.shown import CLOSE, TIGHT, WIDE, view
from studio.prompting.types import MarkerLine, Member

__all__ = ["CLOSE", "TIGHT", "WIDE", "hidden", "view"]


def hidden(marker: MarkerLine, member: Member, *, shot_size: str) -> str:
    """Why this marker cannot be seen in this shot, in words; empty where it can."""
    return shown.hidden(
        phrase=marker.phrase, category=marker.category, kind=member.kind, view=member.view, shot_size=shot_size
    )
