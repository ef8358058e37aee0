"""The audit log: who did what, when, from where. Rows that only come, and one line of JSON each for other programs.

An event (`events.record`) that concerns security, money or what leaves the house becomes an entry. What concerns a person
rather than a team (signing in, a password) is written into the log of each team that the person is in at that moment.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from studio.accounts.models import AuditEntry, Membership, Team, User

log = logging.getLogger("studio.audit")
MASK = "•••"
SECRET = ("password", "secret", "token", "seed", "credential", "api_key", "signature")
WORDS = 200  # characters of a text that are kept


class Kind(TextChoices):
    SIGN_IN = "sign-in", "Signing in"
    SECURITY = "security", "Passwords and second steps"
    PEOPLE = "people", "People and roles"
    LINKS = "links", "Review links"
    KEYS = "keys", "Keys, engines, webhooks"
    MONEY = "money", "Spending and limits"
    FILES = "files", "Exports and downloads"
    DELETES = "deletes", "Deleted and restored"


SIGNING = {"user.signed_in", "user.refused", "user.signed_out", "user.link_asked", "user.sessions_ended"}
BY_NOUN = {
    "user": Kind.SECURITY,
    "member": Kind.PEOPLE,
    "invitation": Kind.PEOPLE,
    "team": Kind.PEOPLE,
    "link": Kind.LINKS,
    "round": Kind.LINKS,
    "account": Kind.KEYS,
    "tier": Kind.KEYS,
    "hook": Kind.KEYS,
    "limit": Kind.MONEY,
    "batch": Kind.MONEY,
    "attempt": Kind.MONEY,
    "job": Kind.MONEY,
    "export": Kind.FILES,
    "download": Kind.FILES,
}
GONE = {"deleted", "removed", "restored"}


def kind_of(verb: str) -> Kind | None:
    """Where an event belongs; None for the daily work, which has its own pages. `link_made` counts as `link.made`."""
    noun, _, act = verb.replace("_", ".", 1).partition(".") if "." not in verb else verb.partition(".")
    if verb in SIGNING:
        return Kind.SIGN_IN
    return BY_NOUN.get(noun) or (Kind.DELETES if act in GONE else None)


def note(
    *, verb: str, team: Team | None, actor: Any, about: str = "", code: str = "", project: str = "", **data: Any
) -> None:
    """Write an entry where the verb asks for one, in the caller's transaction; the line of JSON follows the commit."""
    kind = kind_of(verb)
    if kind is None:
        return
    known = isinstance(actor, User)
    values: dict[str, Any] = {
        "at": timezone.now(),
        "kind": kind,
        "verb": verb,
        "who": actor.email if known else _guest(verb, data),
        "who_id": actor.pk if known else None,
        "address": _address(),
        "about": about,
        "code": code,
        "data": masked({**({"project": project} if project else {}), **data}),
    }
    teams: list[int] = [team.pk] if team else _teams(actor) if known else []
    AuditEntry.objects.bulk_create([AuditEntry(team_id=pk, **values) for pk in (teams or (None,))])
    said = line({**values, "team": teams[0] if len(teams) == 1 else teams})
    transaction.on_commit(lambda: log.info(said))


def _guest(verb: str, data: dict[str, Any]) -> str:
    """Who opened a link, by the name that the link or they themselves give; empty for the studio's own work."""
    if not verb.startswith("link"):
        return ""
    return f"guest {data.get('name') or 'without a name'}"


def line(values: dict[str, Any]) -> str:
    """One entry as JSON. Whatever stands in it stays one line of ASCII: every control and separator is escaped."""
    return json.dumps(values, default=_plain, sort_keys=False)


def masked(value: Any, name: str = "") -> Any:
    """The same without secrets, long texts cut."""
    if any(word in name.lower() for word in SECRET) and not isinstance(value, bool):
        return MASK
    if isinstance(value, dict):
        return {str(key): masked(part, str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [masked(part) for part in value]
    if isinstance(value, str):
        return value if len(value) <= WORDS else value[:WORDS] + "…"
    return value if isinstance(value, bool | int | float | None) else _plain(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.datetime | dt.date) else str(value)


def _teams(user: User) -> list[int]:
    return list(Membership.objects.filter(user=user).order_by("team").values_list("team_id", flat=True))


def _address() -> str:
    """Where the request at hand came from; empty outside of one."""
    if context.request is None:
        return ""
    try:
        return str(get_adapter(context.request).get_client_ip(context.request))[:45]
    except PermissionDenied:
        return ""
