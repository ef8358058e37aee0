"""Attempts whose outcome nobody knows: asking the service after them by key, and settling them as the bill says.

An uncertain attempt counts against every limit until one of the two has ended it. Neither is a new attempt; that is `retry_job`.
One that was charged and brought no picture (its link had run out, what came was no picture) can be asked for once more: the service
may give a fresh link, and nothing is paid for that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.generation import states
from studio.generation.errors import Refused
from studio.generation.models import ACTIVE, EngineAccount, Job, JobState
from studio.lib import engine

KEPT = dt.timedelta(hours=23)  # hiapi knows a key for about a day
MOST = Decimal("9999")  # US dollars that one picture may be settled with
ASKED = {JobState.UNKNOWN, JobState.FAILED}  # what was declined stays declined: asking tells nothing new
Engine = EngineAccount.Engine


@dataclass(frozen=True, slots=True)
class Way:
    """How a service can be asked what became of an attempt.

    `how` is "ticket" (asked for the picture, free), "key" (the same request once more under its key: found, or drawn now, for the
    money that is held and no more), or "" where it cannot be asked; then `why_not` says why.
    """

    how: str
    why_not: str = ""

    @property
    def free(self) -> bool:
        return self.how == "ticket"


def way(job: Job) -> Way:
    """How this attempt's service can be asked after it. Reads nothing but the job and its account."""
    account = job.account
    if not (job.uncertain or job.paid_for) or job.state not in ASKED:
        return Way("", "There is nothing to ask.")
    if account is None or account.engine not in {Engine.RUNWARE, Engine.HIAPI}:
        return Way("", "This engine cannot be asked.")
    if account.deleted is not None:
        return Way("", f"{account} was removed.")
    if account.paused:
        return Way("", f"{account} is paused. Once it works again, it can be asked.")
    if account.engine == Engine.RUNWARE or _ticket(job).get("task"):
        return Way("ticket")
    if job.paid_for:
        return Way("", f"{account} cannot be asked for it: it gave no number for it.")
    if timezone.now() - job.created < KEPT:
        return Way("key")
    return Way("", f"{account} forgets a key after a day.")


def check_job(*, job: Job, by: User | None) -> bool:
    """Have the worker ask the service what became of an uncertain attempt, or for the picture of one that was charged. False where
    somebody else did so just now.

    Never a second payment: what has a ticket is only asked for, and the same key goes out again only to a service that bills a key
    once, while it still knows it. A picture that is found becomes the attempt's take; otherwise it is uncertain, or charged, as
    before, in words. Raises Refused where the service cannot be asked.
    """
    job.refresh_from_db()
    if job.state in ACTIVE:
        return False
    found = way(job)
    if not found.how:
        raise Refused(found.why_not if job.paid_for else f"{found.why_not} Look at the bill, then settle it by hand.")
    note = ("Asked for again" if job.paid_for else "Asked after") + (f" by {by}" if by else "")
    with transaction.atomic():
        if found.how == "ticket":
            saved = {"data": _ticket(job) or {"task": str(job.key), "wanted": 1}, "at_once": False, "asked_back": True}
            begun = states.reopen(job, JobState.WAITING, note=note, ticket=saved)
        else:
            begun = states.reopen(job, JobState.STARTING, note=note, doubtful=True, ticket=None, attempts=0)
        if begun:
            _record("attempt.checked", job, by, how=found.how)
            transaction.on_commit(lambda: engine.submit("job", job.pk))
    return begun


def settle_job(*, job: Job, by: User | None, amount: Decimal, why: str) -> bool:
    """Close an uncertain attempt with what the bill says: `amount` US dollars, 0 where it is not on it. `why` is kept in the ledger.

    False where somebody settled it first. Raises Refused without a reason, for an amount that cannot be, or while it is asked for.
    """
    why = why.strip()
    if not why:
        raise Refused("Say why: what the bill shows, or who said so.")
    if not (amount.is_finite() and 0 <= amount <= MOST):
        raise Refused(f"An amount is between $0 and ${MOST:,}.")
    job.refresh_from_db()
    if job.state in ACTIVE:
        raise Refused("This attempt is being asked for at the moment. Wait for the answer.")
    if not job.uncertain and job.charged is not None:
        return False
    if not job.uncertain:
        raise Refused("There is nothing to settle here.")
    with transaction.atomic():
        settled = states.close(job, amount=amount, by=by, why=why)
        if settled:
            _record("attempt.settled", job, by, amount=str(amount), why=why[:200])
    return settled


def _ticket(job: Job) -> dict[str, object]:
    data = (job.ticket or {}).get("data")
    return dict(data) if isinstance(data, dict) else {}


def _record(verb: str, job: Job, by: User | None, **data: str) -> None:
    batch = job.batch
    record(
        verb=verb, team=batch.team, actor=by, about="job", code=job.code, project=batch.project.code, label=job.panel.label, **data
    )  # fmt: skip
