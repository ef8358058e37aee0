"""How often one may try. The counts are allauth's; this reads them and adds the studio's own links to them."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

APP = "allauth.account"  # where the rates stand: ACCOUNT_RATE_LIMITS


class Tries(NamedTuple):
    left: int
    minutes: int  # of pause: until the next try once none is left, else the whole pause

    def __str__(self) -> str:
        pause = f"{self.minutes} minute{'' if self.minutes == 1 else 's'}"
        if self.left:
            return f"{self.left} {'try' if self.left == 1 else 'tries'} left, then a pause of {pause}."
        return f"The next one is possible in {pause}."


def tries(request: HttpRequest, email: str) -> Tries:
    """What is left for this address from this place, counted as the next sign-in will count it."""
    key = get_adapter(request)._get_login_attempts_cache_key(request, email=email.strip())
    now = time.time()
    found = []
    for rate in ratelimit.get_rates(app=APP, action="login_failed"):
        name = ratelimit.get_cache_key(request, app=APP, action="login_failed", rate=rate, key=key)
        history = [at for at in cache.get(name, []) if at > now - rate.duration]
        left = max(rate.amount - len(history), 0)
        wait = rate.duration if left else history[rate.amount - 1] + rate.duration - now
        found.append((left, -wait))
    left, wait = min(found)
    return Tries(left, max(1, math.ceil(-wait / 60)))


def allowed(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Count one try, GET or POST; False when there have been too many. Counted by address, IPv6 by its /64."""
    return bool(ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True))
