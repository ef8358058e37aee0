"""Writing down what happened. Every verb that changes something for others leaves one row."""

from __future__ import annotations

from typing import Any

from studio.accounts import audit
from studio.accounts.models import Event, Team


def record(
    *, verb: str, team: Team | None, actor: Any, about: str = "", code: str = "", project: str = "", **data: Any
) -> Event:
    """One event, in the caller's transaction, so that it exists exactly when the change does. `data` must be JSON.

    What concerns security, money or files goes into the audit log as well.
    """
    audit.note(verb=verb, team=team, actor=actor, about=about, code=code, project=project, **data)
    return Event.objects.create(verb=verb, team=team, actor=actor, about=about, code=code, project=project, data=data)
