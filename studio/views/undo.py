"""Ten seconds of undo: a line that says what went, with a button that brings it back.

What the button sends is signed, so that only what this studio removed a moment ago comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, HttpRequest

SALT = "studio.undo"
LONGEST = 3600  # seconds a signed line is honoured: pages stay open longer than the line is shown


@dataclass(frozen=True)
class Undo:
    """`words` to say, `post` where the button leads, `token` what it sends."""

    words: str
    post: str
    token: str


def make(words: str, post: str, **kept: Any) -> Undo:
    return Undo(words, post, signing.dumps({"words": words, "post": post, "kept": kept}, salt=SALT, compress=True))


def offer(page: str, words: str, post: str, **kept: Any) -> str:
    """The page's address with the line on it, for a redirect."""
    return f"{page}?{urlencode({'undo': make(words, post, **kept).token})}"


def asked(request: HttpRequest) -> Undo | None:
    """The line that this address carries, if it is fresh."""
    token = request.GET.get("undo", "")
    try:
        read = signing.loads(token, salt=SALT, max_age=15) if token else None
    except signing.BadSignature:
        return None
    return Undo(read["words"], read["post"], token) if read else None


def kept(request: HttpRequest) -> dict[str, Any]:
    """What the button sent. Raises Http404 for anything we did not sign, for this address, in the last hour."""
    try:
        read = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        raise Http404 from None
    if read["post"] != request.path:
        raise Http404
    return dict(read["kept"])
