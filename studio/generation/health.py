"""How an account is, as last seen: what a call or a check told about it, and what pauses it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.accounts.events import record
from studio.generation.models import PAUSING, EngineAccount
from studio.providers.base import ProviderError

Health = EngineAccount.Health
TROUBLE = {"key": Health.KEY, "balance": Health.BALANCE, "quota": Health.QUOTA, "unreachable": Health.UNREACHABLE}
STALE = dt.timedelta(seconds=30)  # good news is written this often
TOLD = dt.timedelta(seconds=5)  # shorter rests are only turns
QUOTA_REST = dt.timedelta(hours=1)  # a used-up quota is tried again after this


def well(account: EngineAccount) -> None:
    """It took a request. Written only where that is news; what paused the account is lifted by a check or a change, not by this."""
    now = timezone.now()
    news = Q(seen=None) | Q(seen__lt=now - STALE) | ~Q(health=Health.READY)
    rows = EngineAccount.objects.filter(news, pk=account.pk).exclude(health__in=PAUSING)
    rows.update(health=Health.READY, said="", seen=now)


def known_well(account: EngineAccount) -> bool:
    """Whether that it is well stands there already, as far as this copy of its row knows."""
    return account.health == Health.READY and account.seen is not None and account.seen > timezone.now() - STALE


def checked(account: EngineAccount, said: str) -> None:
    """Somebody checked it and it answered: whatever paused it is over. Nothing where its key or address was changed meanwhile."""
    fields = {"health": Health.READY, "said": said[:300], "seen": timezone.now(), "rests_until": None}
    EngineAccount.objects.filter(pk=account.pk, revision=account.revision).update(**fields)


def unwell(account: EngineAccount, error: ProviderError) -> bool:
    """It failed in a way that concerns the account. True where it is paused by this, and only for the first who says so."""
    after = TROUBLE.get(error.kind)
    if after is None:
        return False
    fields = {"health": after, "said": error.message[:300], "seen": timezone.now()}
    rows = EngineAccount.objects.filter(pk=account.pk, revision=account.revision)
    if after == Health.QUOTA:
        fields["rests_until"] = timezone.now() + QUOTA_REST
    if after not in PAUSING:
        rows.exclude(health__in=PAUSING).update(**fields)
        return False
    with transaction.atomic():
        first = rows.exclude(health=after).update(**fields) == 1
        if first:
            record(
                verb="account.paused",
                team=account.team,
                actor=None,
                about="account",
                code=account.code,
                label=account.label,
                why=after,
                said=error.message[:200],
            )
    return first


def hold_up(account: EngineAccount) -> tuple[str, str]:
    """Why what waits for this account does not begin, and what to do; empty where only its turn is waited for."""
    now = timezone.now()
    if not account.on or account.deleted is not None:
        return f"{account} is switched off.", "Switch it on, or stop this and draw with another one."
    if account.health == Health.KEY:
        return (
            f"{account} did not accept our key.",
            "Enter the key again or check the account; it goes on by itself then.",
        )
    if account.health == Health.BALANCE:
        return f"The balance of {account} is used up.", "Top it up, then check the account; it goes on by itself then."
    if account.rests_until is None or account.rests_until < now + TOLD:
        return "", ""
    at = f"{timezone.localtime(account.rests_until):%H:%M}"
    if account.health == Health.QUOTA:
        return f"Today’s quota of {account} is used up.", f"It is tried again at {at}."
    return f"{account} told us to wait.", f"It goes on by itself at {at}."


def rest(account: EngineAccount, seconds: float) -> None:
    """The service told us to wait: nothing new begins until then."""
    until = timezone.now() + dt.timedelta(seconds=seconds)
    later = Q(rests_until=None) | Q(rests_until__lt=until)
    EngineAccount.objects.filter(later, pk=account.pk).update(rests_until=until)
