"""What a service says a picture costs, by its dry run: the real request, validated and priced, neither drawn nor charged.

A page writes the question (`actions.ask_prices`), the worker asks, and everything that prices a picture finds the answer here while it
is fresh. One question does for all pictures of a sort: same account, model, size, shape, options and number of references.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from django.db.models import Q
from django.utils import timezone

from studio.generation import engines, health, sending
from studio.generation.models import EngineAccount, Quote
from studio.generation.tiers import Choice
from studio.lib.threads import rows
from studio.providers.base import ImageRequest, ProviderError

ABLE = {EngineAccount.Engine.RUNWARE}  # services that price a request without drawing it
FRESH = dt.timedelta(hours=24)
PATIENCE = 60.0  # seconds for one question, references that are handed over for it included
LEASE = dt.timedelta(seconds=PATIENCE + 30)
Sort = tuple[int, str]  # account, shape
logger = logging.getLogger("studio.quotes")


@runtime_checkable
class Prices(Protocol):
    """An engine that says what a request costs, for nothing."""

    async def price(self, request: ImageRequest) -> Decimal | None: ...


def can(choice: Choice) -> bool:
    """Whether this account's service can be asked, at the moment."""
    return choice.account is not None and choice.account.engine in ABLE and not choice.why_not


def sort(choice: Choice, frozen: Mapping[str, Any]) -> Sort:
    """What a price is good for: everything that a service's price may hang on."""
    parts = [choice.model, frozen["size"], frozen["aspect"], len(frozen["plan"]["slots"]), frozen.get("options") or {}]
    made = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
    return (choice.account.pk if choice.account else 0), made


def standing(sorts: Iterable[Sort]) -> dict[Sort, Quote]:
    """The questions about these that there are, answered or not. One query, none where nothing can have been asked."""
    wanted = set(sorts)
    if not wanted:
        return {}
    found = Quote.objects.filter(account__in={pk for pk, _ in wanted}, shape__in={shape for _, shape in wanted})
    return {(row.account_id, row.shape): row for row in found.defer("request") if (row.account_id, row.shape) in wanted}


def known(sorts: Iterable[Sort]) -> dict[Sort, Decimal]:
    """US dollars for one picture of each sort that has a fresh answer."""
    return {one: row.amount for one, row in standing(sorts).items() if row.amount is not None and fresh(row)}


def fresh(row: Quote) -> bool:
    return row.answered is not None and timezone.now() - row.answered < FRESH


def open_(row: Quote) -> bool:
    """Whether somebody waits for the answer still. One that no worker took up in time is asked anew."""
    return row.answered is None and timezone.now() - row.asked < LEASE


def due(limit: int) -> list[tuple[int, int]]:
    """Questions that nobody is at."""
    waiting = Quote.objects.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()), answered=None)
    return [(pk, 0) for pk in waiting.order_by("asked", "pk").values_list("pk", flat=True)[:limit]]


def forsake(machine: str, me: str) -> int:
    """Have what was left be asked again at once: that is free, even where another machine is at it."""
    return Quote.objects.filter(answered=None).exclude(lease_until=None).update(lease_until=None)


async def run(quote_id: int) -> None:
    """Ask one price and write down what was said."""
    begun = timezone.now()
    quote = await rows(_claim, quote_id, begun)
    if quote is None:
        return
    amount, said = await _asked(quote)
    await rows(_answer, quote_id, begun, amount, said)


async def _asked(quote: Quote) -> tuple[Decimal | None, str]:
    """The price, or why there is none. Never raises: somebody waits for an answer."""
    account = quote.account
    try:
        request = await rows(sending.built, quote.model, quote.request, account.team_id)
        provider = engines.for_account(account)
        if not isinstance(provider, Prices):
            return None, f"{account} says no price beforehand."
        async with asyncio.timeout(PATIENCE):
            amount = await provider.price(request)
    except TimeoutError:
        return None, f"{account} did not answer within a minute. Nothing was charged."
    except ProviderError as error:
        await rows(health.unwell, account, error)
        return None, f"{error.message} {error.remedy if error.charged is False else ''} Nothing was charged."
    except Exception:
        logger.exception("Asking account %s for a price broke", account.code)
        return None, "Asking broke here, in the studio; its log says how. Nothing was charged."
    if amount is None or amount <= 0:  # that nothing is charged for asking is no price
        return None, f"{account} named no price."
    return amount, ""


def _claim(quote_id: int, now: dt.datetime) -> Quote | None:
    free = Quote.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=quote_id, answered=None)
    if free.update(lease_until=now + LEASE) != 1:
        return None
    quote = Quote.objects.select_related("account").get(pk=quote_id)
    if quote.account.paused:
        _answer(quote_id, now, None, f"{quote.account} is paused.")
        return None
    return quote


def _answer(quote_id: int, begun: dt.datetime, amount: Decimal | None, said: str) -> None:
    mine = Quote.objects.filter(pk=quote_id, lease_until=begun + LEASE, answered=None)
    mine.update(answered=timezone.now(), lease_until=None, amount=amount, said=" ".join(said.split())[:300])
