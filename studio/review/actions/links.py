"""Links are made, opened and revoked. A token is 256 random bits, shown once and stored as a hash."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.events import record
from studio.lib.codes import token as fresh_token
from studio.lib.signing import digest
from studio.lib.text import line
from studio.review import standing
from studio.review.actions.rounds import over, touch
from studio.review.errors import Closed, Refused
from studio.review.models import Asked, Guest, Round, ShareLink

DAYS = 30
MOST_DAYS = 366
MOST_GUESTS = 200  # of one link: it is a review, not a broadcast
MAY = ("may_comment", "may_decide", "may_download", "may_compare", "watermark")


def last_moment(day: dt.date) -> dt.datetime:
    """The end of that day, in the studio's time zone."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)) - dt.timedelta(seconds=1)


def default_day() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=DAYS)


def make_link(
    *, round: Round, by: Any, key: uuid.UUID | None = None, name: str = "", email: str = "", asked: bool = True,
    until: dt.date | None = None, views: int | None = None, password: str = "", hashed: str = "", **may: bool,
) -> tuple[ShareLink, str]:  # fmt: skip
    """A link into this round, and its token. With a name it is for that person, who is then asked to decide (`asked`).

    `may`: may_comment, may_decide, may_download, may_compare, watermark, as in the model. It works to the end of the day
    `until`, 30 days from now by default, and for `views` openings. `hashed` is the password where it is hashed already. The
    same key again gives the link that it made and an empty token: that was shown then. Raises Refused, Closed where the
    round is over.
    """
    key, name = key or uuid.uuid4(), line(name)[:80]
    day = until or default_day()
    today = timezone.localdate()
    if not today <= day <= today + dt.timedelta(days=MOST_DAYS):
        raise Refused("From today to a year from now.", field="until")
    if email and not name:
        name = email.split("@")[0][:80]
    if unknown := set(may) - set(MAY):
        raise TypeError(f"no such permission: {sorted(unknown)}")
    hashed = hashed or (make_password(password) if password else "")  # slow on purpose: before the round is held
    with transaction.atomic():
        made = ShareLink.objects.filter(key=key, round=round).first()
        if made is not None:
            return made, ""
        held = touch(round)
        made = ShareLink.objects.filter(key=key, round=round).first()
        if made is not None:
            transaction.set_rollback(True)
            return made, ""
        token = fresh_token()
        link = ShareLink.objects.create(
            round=held, key=key, token_hash=digest(token), name=name, email=email, expires=last_moment(day),
            views_allowed=views, password=hashed, created_by=by, **may,
        )  # fmt: skip
        if name:
            Guest.objects.create(link=link, name=name, key_hash=digest(fresh_token()))  # no browser holds this key
            if asked and link.may_decide:
                Asked.objects.create(round=held, link=link, step=standing.CLIENT)
        _record("link_made", link, by)
    return link, token


def new_address(*, link: ShareLink, by: Any) -> str:
    """Another token for the link; the old address stops working. Raises Refused once it is revoked or over."""
    token = fresh_token()
    with transaction.atomic():
        rows = ShareLink.objects.filter(pk=link.pk, revoked=None, expires__gt=timezone.now())
        if not rows.update(token_hash=digest(token)):
            raise Refused("This link is revoked or over. Make another.")
        _record("link_new_address", link, by)
    return token


def revoke_link(*, link: ShareLink, by: Any) -> bool:
    """It works no more, from the next request on, pictures included. False where it was revoked before."""
    with transaction.atomic():
        gone = ShareLink.objects.filter(pk=link.pk, revoked=None).update(revoked=timezone.now(), revoked_by=by)
        if gone:
            _record("link_revoked", link, by)
            if link.round.state == Round.State.OPEN:
                standing.follow(touch(link.round))  # whoever had it is asked no more
    return bool(gone)


def opened(*, link: ShareLink, guest: Guest | None = None) -> bool:
    """Count one opening, by `guest` where they are known; False where all that were allowed are used up. Of many at once no more than allowed get in."""
    rows = ShareLink.objects.filter(Q(views_allowed=None) | Q(views__lt=F("views_allowed")), pk=link.pk)
    with transaction.atomic():
        if not rows.update(views=F("views") + 1, last_viewed=timezone.now()):
            return False
        if guest is not None:
            Guest.objects.filter(pk=guest.pk).update(last_seen=timezone.now())
        _record("link_opened", link, None, guest)
    return True


def downloaded(*, link: ShareLink, guest: Guest | None, panel: str) -> None:
    """Written down for the audit log; the activity has nothing of it."""
    project = link.round.project
    audit.note(
        verb="link_downloaded", team=project.team, actor=None, about="round", code=link.round.code, project=project.code,
        link=link.code, name=guest.name if guest else link.name, panel=panel,
    )  # fmt: skip


def name_guest(*, link: ShareLink, name: str) -> tuple[Guest, str]:
    """Somebody at an open link says who they are: the guest, and the key for their cookie. Raises Refused, Closed."""
    name = line(name)[:80]
    if not name:
        raise Refused("Say your name, so that the team knows who speaks.", field="name")
    if link.name:
        raise Refused(f"This link is for {link.name}.", field="name")
    if link.round.state != Round.State.OPEN:
        raise Closed(over(link.round))
    if link.guests.count() >= MOST_GUESTS:
        raise Refused("Too many people have used this link. Ask the team for another.", field="name")
    key = fresh_token()
    return Guest.objects.create(link=link, name=name, key_hash=digest(key)), key


def _record(verb: str, link: ShareLink, by: Any, guest: Guest | None = None) -> None:
    project = link.round.project
    record(
        verb=verb, team=project.team, actor=by, about="round", code=link.round.code, project=project.code,
        number=link.round.number, link=link.code, name=guest.name if guest else link.name,
    )  # fmt: skip
