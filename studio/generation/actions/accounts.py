"""Accounts at engines: entered by a person, or found in the environment on the start."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import Team, User
from studio.generation import states, usable
from studio.generation.engines import USUAL, Engine
from studio.generation.errors import Refused
from studio.generation.models import UNDER_WAY, Check, EngineAccount, Job, JobState, Quote, Tier, TierEntry
from studio.lib import engine as jobs
from studio.lib import env, signing
from studio.providers import addresses, catalog, places

logger = logging.getLogger("studio.accounts")

# the variable of a key, the variable of its address, the engine, the label, the address where none is named
VARIABLES = (
    ("RUNWARE_API_KEY", "RUNWARE_BASE_URL", Engine.RUNWARE, "Runware", places.RUNWARE),
    ("HIAPI_API_KEY", "HIAPI_BASE_URL", Engine.HIAPI, "hiapi", places.HIAPI),
    ("WISDOM_GATE_KEY", "WISDOM_GATE_BASE_URL", Engine.GEMINI, "Wisdom Gate", places.WISDOM_GATE),
    ("GEMINI_API_KEY", "GEMINI_BASE_URL", Engine.GEMINI, "Google Gemini", places.GOOGLE),
)
# what a team's tiers begin with, by engine: (model, size) for draft, production and hero
FIRST = {
    Engine.RUNWARE: (("google:4@3", "0.5K"), ("google:4@3", "2K"), ("google:4@2", "4K")),
    Engine.HIAPI: (("Nano-Banana-2", "1K"), ("Nano-Banana-2", "2K"), ("Nano-Banana-Pro", "4K")),
    Engine.GEMINI: (
        ("gemini-3.1-flash-image-preview", "1K"),
        ("gemini-3.1-flash-image-preview", "2K"),
        ("gemini-3-pro-image-preview", "4K"),
    ),
}
LONGEST_KEY = 500
MOST_AT_ONCE = 200
MOST_A_MINUTE = 6000
MOST_ACCOUNTS = 50
MOST_PLACES = 8  # in one tier


def add_account(
    *, team: Team, by: User | None, engine: str, label: str, key: str, base_url: str = "", from_environment: str = ""
) -> EngineAccount:
    """A new account with the engine's usual limits; it joins the end of each tier's order that has room.

    Raises Refused without a key, or for an address that nothing may be sent to.
    """
    key = _key(key, "Enter the key that the service gave you.")
    usual = USUAL[Engine(engine)]
    base_url = _base(base_url or usual.base, engine)
    with transaction.atomic():
        if EngineAccount.objects.of(Team.objects.select_for_update().get(pk=team.pk)).count() >= MOST_ACCOUNTS:
            raise Refused(f"A team has at most {MOST_ACCOUNTS} accounts. Remove one that is not used.")
        account = EngineAccount.objects.create(
            team=team,
            engine=engine,
            label=label.strip()[:60] or usual.name,
            key_sealed=signing.seal(key),
            key_tail=key[-4:] if len(key) >= 12 else "",
            base_url=base_url,
            concurrency=usual.concurrency,
            per_minute=usual.per_minute,
            from_environment=from_environment,
            created_by=by,
        )
        _join_tiers(account)
        _record("account.added", account, by, engine=engine)
    return account


def edit_account(
    *,
    account: EngineAccount,
    by: User | None,
    label: str,
    base_url: str,
    concurrency: int,
    per_minute: int | None,
    monthly_cap: Decimal | None,
    result_hosts: str = "",
    key: str = "",
) -> EngineAccount:
    """Its name, address and limits, and its key where one is given. Raises Refused.

    Another host gets the key only where it is entered again: whoever may change an address has not therefore seen the key.
    """
    label, base_url = label.strip()[:60], _base(base_url, account.engine)
    try:
        result_hosts = addresses.result_hosts(result_hosts)
    except addresses.WrongAddress as wrong:
        raise Refused(str(wrong)) from None
    if not label:
        raise Refused("An account needs a name.")
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise Refused(f"Between 1 and {MOST_AT_ONCE} pictures go at once.")
    if per_minute is not None and not 1 <= per_minute <= MOST_A_MINUTE:
        raise Refused(f"Between 1 and {MOST_A_MINUTE:,} calls a minute, or none for no limit.")
    if monthly_cap is not None and monthly_cap < 0:
        raise Refused("A limit of money is not below nothing.")
    with transaction.atomic():
        now = EngineAccount.objects.select_for_update().get(pk=account.pk)
        if urlsplit(base_url)[:2] != urlsplit(now.base_url)[:2]:
            if in_environment(now):
                raise Refused("Its key stands in the environment, and so does its address: change it there.")
            if not key.strip():
                raise Refused("The key goes to another host then: enter it again.")
        if key.strip():
            now = rotate_key(account=now, by=by, key=key)
        fields = {
            "label": label, "base_url": base_url, "result_hosts": result_hosts, "concurrency": concurrency,
            "per_minute": per_minute, "monthly_cap": monthly_cap,
        }  # fmt: skip
        changed = {name: value for name, value in fields.items() if getattr(now, name) != value}
        if not changed:
            return now
        for name, value in changed.items():
            setattr(now, name, value)
        now.revision += 1
        now.save(update_fields=[*changed, "revision"])
        _record("account.changed", now, by, changed={name: str(value) for name, value in changed.items()})
        if "base_url" in changed:
            Check.objects.filter(account=now).delete()  # what it said was about the other address
        transaction.on_commit(jobs.ring)
    return now


def rotate_key(*, account: EngineAccount, by: User | None, key: str) -> EngineAccount:
    """Another key for the same account; whatever paused it is over until the service says otherwise. Raises Refused."""
    key = _key(key, "Enter the new key.")
    if by is not None and in_environment(account):
        raise Refused(f"Its key stands in the environment as {account.from_environment}: change it there.")
    with transaction.atomic():
        now = EngineAccount.objects.select_for_update().get(pk=account.pk)
        fields = {
            "key_sealed": signing.seal(key),
            "key_tail": key[-4:] if len(key) >= 12 else "",
            "health": EngineAccount.Health.UNCHECKED,
            "said": "",
            "rests_until": None,
            "revision": now.revision + 1,
        }
        EngineAccount.objects.filter(pk=now.pk).update(**fields)
        Check.objects.filter(account=now).delete()  # what it said was about the other key
        _record("account.key", now, by)
        transaction.on_commit(jobs.ring)
    for row in (account, now):
        for name, value in fields.items():
            setattr(row, name, value)
    return account


def sign_callbacks(*, account: EngineAccount, by: User | None, secret: str) -> bool:
    """What hiapi signs its callbacks with, as its console shows it; empty for none. False where there was none before either.

    Raises Refused for what cannot be one, and for engines that sign nothing.
    """
    secret = secret.strip()
    if account.engine != Engine.HIAPI:
        raise Refused(f"{account.get_engine_display()} does not sign its callbacks.")
    if secret and not (16 <= len(secret) <= 256 and secret.isascii() and secret.isprintable()):
        raise Refused("A signing key has 16 to 256 letters, digits and signs.")
    with transaction.atomic():
        rows = EngineAccount.objects.filter(pk=account.pk)
        if not secret and not rows.exclude(callback_sealed="").exists():
            return False
        rows.update(callback_sealed=signing.seal(secret) if secret else "")
        _record("account.callbacks", account, by, signed=bool(secret))
    return True


def limit_account(*, account: EngineAccount, by: User | None, cap: Decimal | None) -> bool:
    """What the account may spend in a month, in US dollars; None is no limit. False where it was so already. Raises Refused."""
    if cap is not None and cap < 0:
        raise Refused("A limit of money is not below nothing.")
    with transaction.atomic():
        was = EngineAccount.objects.select_for_update().get(pk=account.pk).monthly_cap
        if was == cap:
            return False
        EngineAccount.objects.filter(pk=account.pk).update(monthly_cap=cap)
        told = {"was": None if was is None else str(was), "now": None if cap is None else str(cap)}
        _record("limit.account", account, by, **told)
    account.monthly_cap = cap
    return True


def switch_account(*, account: EngineAccount, by: User | None, on: bool) -> EngineAccount:
    """On or off. Off, nothing new is sent; what is under way is still fetched, and what waits goes on waiting."""
    with transaction.atomic():
        if EngineAccount.objects.filter(pk=account.pk).exclude(on=on).update(on=on):
            _record("account.on" if on else "account.off", account, by)
            transaction.on_commit(jobs.ring)
    account.on = on
    return account


def remove_account(*, account: EngineAccount, by: User | None) -> int:
    """Take it out of the team: it leaves the tiers, its key is forgotten, what was spent stays in the books.

    Pictures that wait for it are stopped and their money given back; their number is returned. Raises Refused while pictures
    are under way, because fetching them takes the key, and where the environment would bring it back.
    """
    if in_environment(account):
        raise Refused(
            f"Its key stands in the environment as {account.from_environment}, so the next start would bring it back. "
            "Take it out there and start the studio anew, or switch the account off."
        )
    with transaction.atomic():
        now = EngineAccount.objects.select_for_update().get(pk=account.pk)  # nothing can begin meanwhile
        busy = Job.objects.filter(account=now, state__in=UNDER_WAY).count()
        if busy:
            raise Refused(
                f"It is drawing {busy} picture{'s' if busy > 1 else ''}, and fetching takes its key. "
                "Switch it off so that nothing new begins, and remove it when they are done."
            )
        waiting = Job.objects.filter(account=now, state=JobState.QUEUED).select_related("batch")
        stopped = sum(states.stop(job, by=by) for job in waiting)
        TierEntry.objects.filter(account=now).delete()
        Check.objects.filter(account=now).delete()
        Quote.objects.filter(account=now).delete()
        now.deleted, now.key_sealed, now.key_tail, now.callback_sealed = timezone.now(), "", "", ""
        now.revision += 1
        now.save(update_fields=["deleted", "key_sealed", "key_tail", "callback_sealed", "revision"])
        _record("account.removed", now, by, stopped=stopped)
    return stopped


def ask_check(*, account: EngineAccount, by: User | None) -> Check:
    """Have the worker see whether the account answers and its key is taken. Asking again while it is at it changes nothing."""
    with transaction.atomic():
        asked = {"by": by, "asked": timezone.now(), "answered": None, "lease_until": None, "good": False, "said": ""}
        row, made = Check.objects.get_or_create(account=account, defaults=asked)
        if not made and Check.objects.filter(pk=row.pk).exclude(answered=None).update(**asked):
            row.refresh_from_db()
        transaction.on_commit(lambda: jobs.submit("check", row.pk))
    return row


def in_environment(account: EngineAccount) -> bool:
    """Whether the variable that its key came from is still set: then the key is changed there."""
    return bool(account.from_environment and env.text(account.from_environment))


def seed_from_environment(*, team: Team) -> list[EngineAccount]:
    """Accounts for the keys that stand in the environment; a changed key or address is taken over. Those that changed are returned.

    What cannot be used is named in the log, without the key, and the studio starts all the same.
    """
    changed = []
    for key_name, base_name, engine, label, usual in VARIABLES:
        key, base = env.text(key_name), env.text(base_name, usual)
        if not key:
            continue
        try:
            changed += _seeded(team, key_name, engine, label, _key(key, ""), _base(base, engine))
        except Refused as refusal:
            logger.warning("%s or %s cannot be used: %s", key_name, base_name, refusal)
    return changed


def _seeded(team: Team, variable: str, engine: str, label: str, key: str, base: str) -> list[EngineAccount]:
    found = EngineAccount.objects.of(team).filter(from_environment=variable).first()
    if found is None:
        return [
            add_account(
                team=team, by=None, engine=engine, label=label, key=key, base_url=base, from_environment=variable
            )
        ]
    moved, other = found.base_url != base, not _same_key(found, key)
    if moved:
        EngineAccount.objects.filter(pk=found.pk).update(base_url=base, revision=F("revision") + 1)
        found.refresh_from_db()
    if other:
        found = rotate_key(account=found, by=None, key=key)
    return [found] if moved or other else []


def _key(typed: str, missing: str) -> str:
    key = typed.strip()
    if not key:
        raise Refused(missing)
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise Refused("This is no key: it has letters, digits and signs only, and no spaces. Copy it once more.")
    return key


def _base(typed: str, engine: str) -> str:
    try:
        return addresses.base_url(typed, engine)
    except addresses.WrongAddress as wrong:
        raise Refused(str(wrong)) from None


def _same_key(account: EngineAccount, key: str) -> bool:
    try:
        return signing.unseal(account.key_sealed) == key
    except Exception:  # sealed with an encryption key that is gone: the one in the environment counts
        return False


def _join_tiers(account: EngineAccount) -> None:
    """The last place in each tier, with the engine's usual model; for one that was retired since, its successor.

    Where the usual one cannot be chosen here, drafts take the first that can; the other tiers keep it and say why it waits.
    """
    known = {model.id: model for model in catalog.models(account.engine, account.base_url)}
    for tier, (model, size) in zip(Tier, FIRST[Engine(account.engine)], strict=True):
        if tier == Tier.DRAFT:
            model, size = usable.first(account.engine, account.base_url, (model, size)) or (model, size)
        listed = usable.current(known, model)
        if listed is None:
            continue
        model, size = listed.id, usable.fitting(listed, size)
        places = TierEntry.objects.filter(team=account.team, tier=tier).count()
        if places >= MOST_PLACES:
            continue
        TierEntry.objects.create(team=account.team, tier=tier, position=places, account=account, model=model, size=size)


def _record(verb: str, account: EngineAccount, by: User | None, **data: Any) -> None:
    record(verb=verb, team=account.team, actor=by, about="account", code=account.code, label=account.label, **data)
