"""What each role may do. The team page prints this table; views/access.py asks it."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    OWNER = "owner", "Owner"
    PRODUCER = "producer", "Producer"
    ARTIST = "artist", "Artist"
    REVIEWER = "reviewer", "Reviewer"
    VIEWER = "viewer", "Viewer"


class Right(TextChoices):
    SEE = "see", "See boards, takes and notes"
    NOTE = "note", "Write notes, decide in review"
    DRAW = "draw", "Draw, edit, pick takes"
    PRODUCE = "produce", "Send links, lock, see the ledger"
    DELETE = "delete", "Delete projects, raise limits"
    ADMIN = "admin", "Engines, keys, members"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.PRODUCER: frozenset(Right) - {Right.ADMIN},
    Role.ARTIST: frozenset({Right.SEE, Right.NOTE, Right.DRAW}),
    Role.REVIEWER: frozenset({Right.SEE, Right.NOTE}),
    Role.VIEWER: frozenset({Right.SEE}),
}


def allows(role: str, right: Right) -> bool:
    return right in RIGHTS.get(role, frozenset())
