"""What each quality is drawn with: the team's own order of accounts, models and sizes, and whether the next may take over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from studio.accounts.events import record
from studio.accounts.models import Team, User
from studio.generation import engines, usable
from studio.generation.actions.accounts import FIRST, MOST_PLACES
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Tier, TierEntry
from studio.lib import engine as jobs
from studio.providers import catalog, registry
from studio.providers.base import ProviderError


def add_entry(*, team: Team, by: User | None, tier: str, account: EngineAccount | None) -> TierEntry:
    """The account (None: the embedded engine) at the end of the tier's order, with the model that suits the tier. Raises Refused."""
    tier = Tier(tier)
    if account is None:
        chosen: tuple[str, str] | None = (registry.default_model("sketch"), "1K")
    else:
        wanted = FIRST[engines.Engine(account.engine)][list(Tier).index(tier)]
        chosen = usable.first(account.engine, account.base_url, wanted)
    if chosen is None:
        raise Refused("None of its models can be chosen at the moment. “Models and prices” says why.")
    with transaction.atomic():
        rows = _locked(team, tier)
        if account is not None:
            account = EngineAccount.objects.of(team).filter(pk=account.pk).first()
            if account is None:
                raise Refused("This account is not there any more.")
        if len(rows) >= MOST_PLACES:
            raise Refused(f"A tier has at most {MOST_PLACES} places.")
        row = TierEntry.objects.create(
            team=team, tier=tier, position=len(rows), account=account, model=chosen[0], size=chosen[1]
        )
        _renumber(rows)
        _record("tier.added", row, by, model=row.model, size=row.size)
    return row


def change_entry(*, entry: TierEntry, by: User | None, model: str, size: str) -> TierEntry:
    """Another model or size at the same place. A size that the new model has not becomes the nearest it has. Raises Refused."""
    with transaction.atomic():
        row = _current(entry)
        other = model != row.model
        if row.account is None:
            sizes: Sequence[str] = engines.limits("sketch", model).sizes
            if model != registry.default_model("sketch"):
                raise Refused("The embedded engine has one model.")
            size = size if size in sizes else sizes[0]
        else:
            try:
                listed = catalog.get(row.account.engine, model).at(row.account.base_url)
            except ProviderError as unknown:
                raise Refused(unknown.message) from None
            if other and (why := usable.barred(listed)):
                raise Refused(why)
            if other:
                size = usable.fitting(listed, size)
            elif size not in listed.prices:
                raise Refused(f"{listed.name} does not draw {size}. It has {', '.join(listed.prices)}.")
        if (model, size) != (row.model, row.size):
            _record("tier.changed", row, by, was=f"{row.model} {row.size}", model=model, size=size)
            row.model, row.size = model, size
            row.save(update_fields=["model", "size"])
    return row


def move_entry(*, entry: TierEntry, by: User | None, up: bool) -> TierEntry:
    """One place earlier or later; at the end of the list it stays. The first place is what draws."""
    with transaction.atomic():
        rows = _locked(entry.team, entry.tier)
        at = next((n for n, row in enumerate(rows) if row.pk == entry.pk), None)
        if at is None:
            raise Refused("This place was removed meanwhile.")
        to = at + (-1 if up else 1)
        if not 0 <= to < len(rows):
            return rows[at]
        rows[at], rows[to] = rows[to], rows[at]
        _renumber(rows)
        _record("tier.moved", rows[to], by, place=to + 1)
        return rows[to]


def remove_entry(*, entry: TierEntry, by: User | None) -> None:
    """Take the place out of the order. What waits keeps the account it was asked for with."""
    with transaction.atomic():
        rows = _locked(entry.team, entry.tier)
        if not any(row.pk == entry.pk for row in rows):
            return
        TierEntry.objects.filter(pk=entry.pk).delete()
        _renumber([row for row in rows if row.pk != entry.pk])
        _record("tier.removed", entry, by, model=entry.model, size=entry.size)


def switch_fail_over(*, team: Team, by: User | None, on: bool) -> bool:
    """Whether the next account of a tier takes over where one refuses before accepting. False where it was so already."""
    with transaction.atomic():
        changed = Team.objects.filter(pk=team.pk).exclude(fail_over=on).update(fail_over=on) == 1
        if changed:
            record(verb="team.fail_over", team=team, actor=by, about="team", code=team.code, on=on)
            transaction.on_commit(jobs.ring)
    team.fail_over = on
    return changed


def _locked(team: Team, tier: str) -> list[TierEntry]:
    """The tier's places in their order; whoever else changes it waits."""
    Team.objects.select_for_update().get(pk=team.pk)
    return list(TierEntry.objects.filter(team=team, tier=tier).select_related("account").order_by("position", "pk"))


def _current(entry: TierEntry) -> TierEntry:
    rows = _locked(entry.team, entry.tier)
    found = next((row for row in rows if row.pk == entry.pk), None)
    if found is None:
        raise Refused("This place was removed meanwhile.")
    return found


def _renumber(rows: list[TierEntry]) -> None:
    for place, row in enumerate(rows):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])


def _record(verb: str, row: TierEntry, by: User | None, **data: Any) -> None:
    name = str(row.account) if row.account else "Sketch"
    record(verb=verb, team=row.team, actor=by, about="tier", code=row.tier, account=name, **data)
