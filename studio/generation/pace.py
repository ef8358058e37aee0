"""How many calls an account may make in a minute, over all workers: turns are booked in its row, so nobody counts alone.

The generic cell rate algorithm (ITU-T I.371): a burst of a tenth of the minute's calls, then evenly spaced, so that no sliding
minute ever holds more than the limit.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from studio.generation.models import EngineAccount
from studio.lib import env

MINUTE = env.number(
    "STUDIO_TEST_MINUTE", 60
)  # seconds; tests beside an emulator whose minute is shorter have no time for whole ones
LATE = (
    MINUTE / 30
)  # seconds after which a turn is no longer good: those of a machine that stood still would come all at once
MARGIN = 1.03  # calls that were evenly sent arrive a little unevenly


def book(account_id: int) -> float:
    """Take the account's next turn and say in how many seconds it comes; 0 where it is now."""
    with transaction.atomic():
        account = EngineAccount.objects.select_for_update().filter(pk=account_id).first()
        if account is None or not account.per_minute:
            return 0.0
        wait, reach = _next(account)
        EngineAccount.objects.filter(pk=account_id).update(paced_until=reach)
        return wait


def ahead(account: EngineAccount) -> float:
    """Seconds until the next turn, without taking it."""
    return _next(account)[0] if account.per_minute else 0.0


def take_now(account: EngineAccount) -> bool:
    """Take the turn where it is now; False where one has to wait. In the caller's transaction, which holds the account's row."""
    if not account.per_minute:
        return True
    wait, reach = _next(account)
    if wait > 0:
        return False
    EngineAccount.objects.filter(pk=account.pk).update(paced_until=reach)
    return True


def _next(account: EngineAccount) -> tuple[float, dt.datetime]:
    """Seconds to wait, and how far the calls handed out reach once this one is taken."""
    limit = account.per_minute or 1
    burst = max(1, limit // 10)
    interval = dt.timedelta(seconds=MINUTE * MARGIN / max(limit - burst, 1))
    now = timezone.now()
    reach = max(account.paced_until or now, now)
    wait = (reach - (burst - 1) * interval - now).total_seconds()
    return max(0.0, wait), reach + interval
