"""How often one may try. Counted in the database, so that the counts hold in every process and outlive a restart.

A count belongs to an action and to an address (IPv6: its /64), a person or a key; the rates stand in `ACCOUNT_RATE_LIMITS`.
The first try opens a window, the tries within it add up, and a new one opens when it has run out. Looking writes nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import Rate
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from studio.accounts.models import Tally
from studio.lib.signing import digest

log = logging.getLogger(__name__)


class Tries(NamedTuple):
    left: int
    minutes: int  # of pause: until the next try once none is left, else the whole pause

    def __str__(self) -> str:
        pause = f"{self.minutes} minute{'' if self.minutes == 1 else 's'}"
        if self.left:
            return f"{self.left} {'try' if self.left == 1 else 'tries'} left, then a pause of {pause}."
        return f"The next one is possible in {pause}."


def allowed(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Count one try, GET or POST; False when there have been too many. Counted by address, IPv6 by its /64.

    Of any number of simultaneous tries as many are allowed as the rate says. A refused try writes nothing. Call it outside of
    a transaction that may be rolled back: the count would go with it. Raises KeyError for an action without a rate.
    """
    return all(_count(_name(request, action, rate, key), rate, action) for rate in _rates(action))


def left(request: HttpRequest, action: str, key: str | None = None) -> Tries:
    """What `allowed` would still allow, without counting."""
    found = []
    now = timezone.now()
    for rate in _rates(action):
        row = Tally.objects.filter(name=_name(request, action, rate, key), until__gt=now).first()
        many = max(rate.amount - row.count, 0) if row else rate.amount
        found.append((many, -((row.until - now).total_seconds() if row and not many else rate.duration)))
    many, wait = min(found)
    return Tries(many, max(1, math.ceil(-wait / 60)))


def give_back(request: HttpRequest, action: str, key: str | None = None) -> None:
    """Take back one try that was counted and turned out to be right."""
    names = [_name(request, action, rate, key) for rate in _rates(action)]
    Tally.objects.filter(name__in=names, count__gt=0).update(count=F("count") - 1)


def forget(request: HttpRequest, action: str, key: str) -> None:
    """Let a key start anew; what is counted by address stays."""
    names = [_name(request, action, rate, key) for rate in _rates(action) if rate.per == "key"]
    Tally.objects.filter(name__in=names).delete()


def once(what: str, seconds: int) -> bool:
    """True for the first who asks, False for all others within that time, in whatever process they are."""
    return _count(digest(f"once:{what}"), Rate(amount=1, duration=seconds, per="key"))


def sign_in_key(email: str) -> str:
    """One count per address, whatever host name the request bears."""
    return f"studio:{email.strip().lower()}"


def tries(request: HttpRequest, email: str) -> Tries:
    """What is left for this address from this place, counted as the next sign-in will count it."""
    return left(request, "login_failed", sign_in_key(email))


def _rates(action: str) -> Iterable[Rate]:
    return _parsed(settings.ACCOUNT_RATE_LIMITS[action])


@cache
def _parsed(rates: str) -> tuple[Rate, ...]:
    return tuple(ratelimit.parse_rates(rates))


def _name(request: HttpRequest, action: str, rate: Rate, key: str | None) -> str:
    """What a count is kept under. Hashed: the table holds no addresses."""
    if rate.per == "ip":
        whose = ratelimit.get_ip(request)
    elif rate.per == "user":
        whose = str(request.user.pk)
    elif key is None:
        raise ValueError(f"{action} is counted by key")
    else:
        whose = key
    return digest(f"{action}:{rate}:{rate.per}:{whose}")


def _count(name: str, rate: Rate, action: str = "") -> bool:
    now = timezone.now()
    until = now + dt.timedelta(seconds=rate.duration)
    for _ in range(3):  # again when somebody else has just made or removed the row
        row = Tally.objects.filter(name=name).first()
        if row is None:
            try:
                with transaction.atomic():
                    Tally.objects.create(name=name, count=1, until=until)
            except IntegrityError:
                continue
            Tally.objects.filter(until__lt=now - dt.timedelta(hours=1)).delete()
            return True
        if row.until > now and row.count >= rate.amount:
            return False
        if Tally.objects.filter(name=name, until__gt=now, count__lt=rate.amount).update(count=F("count") + 1):
            if action and row.count + 1 == rate.amount:  # one line a window: what is refused after it says nothing more
                log.warning("No more %s for a while: %s tries counted by %s", action, rate.amount, rate.per)
            return True
        if Tally.objects.filter(name=name, until__lte=now).update(count=1, until=until):
            return True
    return False
