"""What every page knows: theme, the team at hand, what this person may do, the keys, the navigation."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest

from studio.accounts.rights import RIGHTS
from studio.notices import feed
from studio.views import access, keys, overview, tabs


def studio(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `membership`, `may` (`{% if may.draw %}`), `key_table`, and `side`, read only where a template asks for it.

    Works for visitors too: they may nothing.
    """
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    table = partial(keys.table, user)
    if user is None or not user.is_authenticated:
        known = theme if theme in {"dark", "light"} else ""
        return {"theme": known, "membership": None, "may": {}, "key_table": table}
    member = getattr(request, "membership", None)
    if member is None:
        mine = access.memberships(request)
        member = mine.get(request.session.get("team", 0)) or next(iter(mine.values()), None)
    if member and access.shut_out(request, member):
        member = None  # the side says nothing of a team whose pages are shut
    rights = RIGHTS[member.role] if member else ()
    may = {right.value: True for right in rights}
    side = partial(overview.side, list(access.memberships(request).values()), member, may)
    return {
        "theme": user.theme,
        "membership": member,
        "may": may,
        "key_table": table,
        "side": side,
        "unread_notices": partial(feed.unread, user, member.team) if member else 0,
        "team_tabs": partial(tabs.team, member),
    }
