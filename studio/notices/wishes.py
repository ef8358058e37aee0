"""How people want to be told: read with the defaults filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio.notices.kinds import DEFAULT_MAIL, Kind
from studio.notices.models import Wish


@dataclass(frozen=True, slots=True)
class Way:
    """Here on the page, and by mail: now, daily or off."""

    here: bool
    mail: str

    @property
    def silent(self) -> bool:
        return not self.here and self.mail == "off"


def of(user: Any) -> dict[str, Way]:
    """Every kind, in the order of the settings."""
    said = {row.kind: Way(row.here, row.mail) for row in Wish.objects.filter(user=user)}
    return {kind: said.get(kind, default(kind)) for kind in Kind.values}


def of_all(users: Iterable[int], kind: str) -> dict[int, Way]:
    """One kind for several people, by user id."""
    users = list(users)
    said = {row.user_id: Way(row.here, row.mail) for row in Wish.objects.filter(user__in=users, kind=kind)}
    return {pk: said.get(pk, default(kind)) for pk in users}


def default(kind: str) -> Way:
    return Way(True, DEFAULT_MAIL[Kind(kind)])
