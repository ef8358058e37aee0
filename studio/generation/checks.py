"""Whether an account answers and takes its key: the cheapest call its service has, made by the worker or by a command."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from studio.generation import engines, health
from studio.generation.models import Check, EngineAccount
from studio.lib.threads import rows
from studio.providers.base import ProviderError

PATIENCE = 60.0  # seconds for one check in all, its turn in the account's minute included
LEASE = dt.timedelta(seconds=PATIENCE + 30)
logger = logging.getLogger("studio.checks")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found, in words. `kind` is the failure's as in providers.failures, empty where it is good."""

    good: bool
    said: str
    seconds: float
    kind: str = ""


def due(limit: int) -> list[tuple[int, int]]:
    """Checks that somebody asked for and nobody is at."""
    open_ = Check.objects.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()), answered=None)
    return [(pk, 0) for pk in open_.order_by("asked", "pk").values_list("pk", flat=True)[:limit]]


def forsake(machine: str, me: str) -> int:
    """Have what was left be made again at once. Another machine may still be at one: then it is made twice, which is free."""
    return Check.objects.filter(answered=None).exclude(lease_until=None).update(lease_until=None)


async def run(check_id: int) -> None:
    """Make one check and write down what it found, for the page that asks."""
    begun = timezone.now()
    account = await rows(_claim, check_id, begun)
    if account is None:
        return
    found = await look(account)
    await rows(_answer, check_id, begun, found)


async def look(account: EngineAccount) -> Outcome:
    """Ask the service, and keep what it says as the account's health. Never raises."""
    begun = time.monotonic()
    try:
        provider: Any = engines.make(
            account, paced=True
        )  # one of its own: a key that was just entered is tried at once
        try:
            async with asyncio.timeout(PATIENCE):
                said: str = await provider.probe()
        finally:
            await provider.aclose()
    except TimeoutError:
        return Outcome(False, "It did not answer within a minute. Nothing was charged.", PATIENCE, "slow")
    except ProviderError as error:
        await rows(health.unwell, account, error)
        said = f"{error.message} {error.remedy}".strip()
        if error.kind == "invalid":  # nothing was asked that its service could mind
            said = f"Something answers at {account.base_url}, but not as {account.get_engine_display()} does. Look at its base URL."
        return Outcome(False, said, time.monotonic() - begun, error.kind)
    except Exception:  # whatever it was, somebody waits for an answer
        logger.exception("The check of account %s broke", account.code)
        return Outcome(
            False, "The check broke here, in the studio; its log says how.", time.monotonic() - begun, "broken"
        )
    seconds = time.monotonic() - begun
    await rows(health.checked, account, f"Answers in {max(seconds, 0.1):.1f} s")
    return Outcome(True, said, seconds)


def _claim(check_id: int, now: dt.datetime) -> EngineAccount | None:
    """The account to look at, with the check taken for this worker; None where another has it, or there is none any more."""
    free = Check.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=check_id, answered=None)
    if free.update(lease_until=now + LEASE) != 1:
        return None
    return EngineAccount.objects.filter(check_row=check_id, deleted=None).first()


def _answer(check_id: int, begun: dt.datetime, found: Outcome) -> None:
    mine = Check.objects.filter(pk=check_id, lease_until=begun + LEASE, answered=None)
    mine.update(answered=timezone.now(), lease_until=None, good=found.good, said=found.said[:300])
