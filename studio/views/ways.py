"""Where to go afterwards, when the form or the address says it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2_000  # characters


def ours(request: HttpRequest, wanted: str) -> str:
    """`wanted` if it is a path of this studio, else nothing. A bare word is none: `redirect` would take it for a view's name."""
    if not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > LONGEST or not wanted.isprintable():
        return ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""
