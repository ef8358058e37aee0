"""Where the job engine keeps its own books: which runners it has begun. The studio's rows are not in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from studio.lib import env


def address() -> str:
    """Of the PostgreSQL that the engine keeps its books in: the server itself, where the studio's own connections are pooled."""
    return env.text("DATABASE_DIRECT_URL") or settings.DATABASE_URL if settings.DATABASE_URL else ""


def database() -> Any:
    """A file beside the studio's own; None: the same PostgreSQL, in a schema of the engine's.

    In the file a commit does not wait for the disk: after a power loss the engine may have forgotten its last steps, and
    the rows, which it asks, have not.
    """
    if settings.DATABASE_URL:
        return None
    import sqlalchemy

    made = sqlalchemy.create_engine(f"sqlite:///{settings.DATA / 'jobs.sqlite3'}")

    @sqlalchemy.event.listens_for(made, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    return made
