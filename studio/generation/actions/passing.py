"""Fail-over: another account of the tier takes a request over that the first one has not accepted."""

from __future__ import annotations

import copy
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.generation import cost, engines, states
from studio.generation.actions.asking import write_jobs
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Job, JobState, Tier, TierEntry
from studio.generation.tiers import Choice
from studio.media.decode import PROVIDER
from studio.media.models import Rendition
from studio.providers.base import Limits, ProviderError

POOLS = {
    "identity": "people",
    "outfit": "people",
    "style": "styles",
}  # role in the plan → which of Limits; others are objects


def pass_on(*, job: Job, why: str) -> Job | None:
    """The attempt that takes this one's place at the tier's next account, or None where there is none that can.

    Only what was surely not accepted may be passed on; the runner knows. The frozen request stays as it is: an account whose
    model does not take it whole is left out, and one that has to wait itself. The new attempt has its own key, price and row in
    the ledger, and is held against the same limits.
    """
    if not job.tier or job.account is None or job.doubtful or not job.batch.team.fail_over:
        return None
    tried = _tried(job)
    entries = TierEntry.objects.filter(team_id=job.batch.team_id, tier=job.tier).select_related("account")
    for entry in entries.order_by("position", "pk"):
        account = entry.account
        if account is None or account.pk in tried or account.paused:
            continue
        if account.rests_until and account.rests_until > timezone.now():
            continue
        try:
            return _passed(copy.copy(job), entry, why)  # a copy: what a limit refuses is rolled back, here too
        except (Refused, ProviderError):
            continue
    return None


def _tried(job: Job) -> set[int]:
    """The accounts that this picture was asked of already."""
    found: set[int] = set()
    one: Job | None = job
    while one is not None:
        if one.account_id:
            found.add(one.account_id)
        one = one.follows
    return found


def _passed(job: Job, entry: TierEntry, why: str) -> Job | None:
    account = entry.account
    assert account is not None
    frozen = {**job.request, "size": entry.size}
    limits = engines.limits(account.engine, entry.model)
    cost.checked(frozen, account.engine, entry.model)
    _fits(job, account, limits)
    amount, quoted = cost.agreed(Choice(job.tier, account.engine, entry.model, entry.size, account), frozen)
    with transaction.atomic():
        words = f"{why} Passed on to {account}, {Tier(job.tier).label.lower()} quality."
        if not states.move(job, JobState.PASSED, held_by=job.worker, note=words, charged=False, error=words[:300]):
            return None
        states.settle(job, False, note=words)
        row = Job(
            batch=job.batch,
            panel=job.panel,
            engine=account.engine,
            account=account,
            model=entry.model,
            tier=job.tier,
            follows=job,
            priority=job.priority,
            seed=job.seed if limits.has_seed else None,
            request=frozen,
            template_version=job.template_version,
            estimate=amount,
            quoted=quoted,
        )
        write_jobs(job.batch, [row], job.batch.created_by)
        audit.note(
            verb="attempt.passed", team=job.batch.team, actor=job.batch.created_by, about="job", code=row.code,
            project=job.batch.project.code, batch=job.batch.code, account=account.label, model=row.model, dollars=str(row.estimate),
        )  # fmt: skip
    return row


def _fits(job: Job, account: EngineAccount, limits: Limits) -> None:
    """Whether the plan goes there as it is. Raises Refused: a reference is never dropped without somebody saying so."""
    slots: list[dict[str, Any]] = job.request["plan"]["slots"]
    for pool in ("people", "objects", "styles"):
        most = getattr(limits, pool)
        if most is not None and sum(POOLS.get(slot["role"], "objects") == pool for slot in slots) > most:
            raise Refused(f"{account} holds {most} {pool}.")
    if slots and account.engine == EngineAccount.Engine.HIAPI and not settings.PUBLIC:
        raise Refused(f"{account} cannot fetch the references.")
    if slots and account.engine == EngineAccount.Engine.GEMINI:
        from studio.providers.gemini import INLINE_BYTES  # only those who send load the client

        keys = {slot["image_key"] for slot in slots}
        sent = Rendition.objects.filter(image__team=job.batch.team_id, image__key__in=keys, spec=PROVIDER)
        sizes = dict(sent.values_list("image__key", "size"))
        if sum(4 * -(-sizes.get(slot["image_key"], 0) // 3) for slot in slots) > INLINE_BYTES:
            raise Refused(f"The references are too heavy for {account}.")
