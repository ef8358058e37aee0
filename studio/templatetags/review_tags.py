"""Words about rounds and links."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone

from studio.board.queries import STATE_WORDS
from studio.review.models import ShareLink

register = template.Library()


@register.filter
def is_over(link: ShareLink) -> bool:
    """Run out, or every opening used."""
    used_up = link.views_allowed is not None and link.views >= link.views_allowed
    return link.expires <= timezone.now() or used_up


@register.filter
def allows(link: ShareLink) -> str:
    """ "Notes, decisions, compare; password; the name across the pictures"."""
    may = [
        word
        for word, yes in (
            ("notes", link.may_comment),
            ("decisions", link.may_decide),
            ("compare", link.may_compare),
            ("download", link.may_download),
        )
        if yes
    ]
    more = [word for word, yes in (("password", link.password), ("name across the pictures", link.watermark)) if yes]
    said = "; ".join([", ".join(may) or "looking only", *more])
    return said[:1].upper() + said[1:]


@register.filter
def from_iso(said: str) -> dt.datetime:
    """A time of the sign-off, in the studio's time zone."""
    return timezone.localtime(dt.datetime.fromisoformat(said))


@register.filter
def signed_word(state: str) -> str:
    """A panel's state once the round is closed."""
    return "Not decided" if state == "review" else STATE_WORDS.get(state, state)
