"""What every page knows: theme, the team at hand, what this person may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from studio.accounts.rights import RIGHTS
from studio.views import access


def studio(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `membership` and `may` (`{% if may.draw %}`). Works for visitors too: they may nothing."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    if user is None or not user.is_authenticated:
        return {"theme": theme if theme in {"dark", "light"} else "", "membership": None, "may": {}}
    member = getattr(request, "membership", None)
    if member is None:
        mine = access.memberships(request)
        member = mine.get(request.session.get("team", 0)) or next(iter(mine.values()), None)
    rights = RIGHTS[member.role] if member else ()
    return {"theme": user.theme, "membership": member, "may": {right.value: True for right in rights}}
