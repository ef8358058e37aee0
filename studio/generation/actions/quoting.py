"""Asking a service what pictures cost before they are asked for. Nothing outside is called here: the worker does."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User
from studio.board.models import Panel
from studio.generation import cost, quotes
from studio.generation.errors import Refused
from studio.generation.models import Quote
from studio.generation.tiers import Choice
from studio.lib import engine as jobs

MOST = 24  # sorts of pictures asked about at once: each is a call


def ask_prices(*, panels: Sequence[Panel], choices: Sequence[Choice], by: User | None) -> int:
    """Have the worker ask what one picture of each sort costs, where the service can say so without drawing: free. Says how many
    questions are open now; what was answered lately, and what is being asked already, is not asked twice.

    Raises Refused where no service of these can be asked.
    """
    sorts: dict[quotes.Sort, cost.Ready] = {}
    for row in cost.ready(panels, choices):
        if quotes.can(row.choice) and not row.wrong:
            sorts.setdefault(quotes.sort(row.choice, row.request), row)
    if not sorts:
        raise Refused("None of these engines says its price beforehand. The price table’s stands.")
    there = quotes.standing(sorts)
    new = [one for one in sorts if one not in there or not _stands(there[one])][:MOST]
    with transaction.atomic():
        asked = [_question(one, sorts[one], by) for one in new]
        transaction.on_commit(lambda: jobs.submit("quote", *[row.pk for row in asked]))
    return len(asked) + sum(quotes.open_(row) for row in there.values())


def _stands(row: Quote) -> bool:
    return quotes.open_(row) or (row.amount is not None and quotes.fresh(row))


def _question(one: quotes.Sort, ready: cost.Ready, by: User | None) -> Quote:
    account, shape = one
    fields = {
        "model": ready.choice.model, "request": dict(ready.request), "by": by, "asked": timezone.now(), "answered": None,
        "lease_until": None, "amount": None, "said": "",
    }  # fmt: skip
    row, _ = Quote.objects.update_or_create(account_id=account, shape=shape, defaults=fields)
    return row
