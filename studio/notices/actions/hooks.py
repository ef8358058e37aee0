"""Webhooks, verb by verb. An address and a secret are sealed; the secret is shown once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import Team
from studio.lib import engine
from studio.lib.codes import code as fresh_code
from studio.lib.signing import seal
from studio.lib.text import line
from studio.notices import addresses, messages
from studio.notices.errors import Changed, Refused
from studio.notices.kinds import ASKABLE, HookKind
from studio.notices.models import Delivery, Hook
from studio.notices.signature import new_secret

MOST = 20  # webhooks of a team
BOTH = dt.timedelta(days=1)  # that an old secret stays valid beside the new one


def add_hook(
    *, team: Team, by: Any, name: str, address: str, kinds: Sequence[str], shape: str, key: uuid.UUID | None = None
) -> tuple[Hook, str]:
    """The webhook, and its secret, which is not shown again. The same key again gives the one it made and no secret.

    Raises Refused.
    """
    address = addresses.checked(address)
    named, secret = line(name)[:80] or addresses.host(address)[:80], new_secret()
    key = key or uuid.uuid4()
    wanted, shape = _kinds(kinds), _shape(shape)
    try:
        with transaction.atomic():
            Team.objects.select_for_update().get(pk=team.pk)
            made = Hook.objects.filter(key=key, team=team).first()
            if made is not None:
                return made, ""
            if Hook.objects.of(team).count() >= MOST:
                raise Refused(f"A team has at most {MOST} webhooks. Remove one first.")
            hook = Hook.objects.create(
                team=team, name=named, host=addresses.host(address), address_sealed=seal(address),
                secret_sealed=seal(secret), shape=shape, kinds=wanted, made_by=by, key=key,
            )  # fmt: skip
            _record("hook.added", hook, by, kinds=hook.kinds)
    except IntegrityError:
        raise Refused("This form was sent before. Load the page anew.") from None
    return hook, secret


def change_hook(
    *, hook: Hook, by: Any, revision: int, name: str, kinds: Sequence[str], shape: str, address: str = ""
) -> Hook:
    """An empty address leaves the one there is. Raises Refused; Changed where somebody saved it meanwhile."""
    fields: dict[str, Any] = {"name": line(name)[:80] or hook.host[:80], "kinds": _kinds(kinds), "shape": _shape(shape)}
    if address.strip():
        address = addresses.checked(address)
        fields |= {"address_sealed": seal(address), "host": addresses.host(address)}
    with transaction.atomic():
        rows = Hook.objects.filter(pk=hook.pk, revision=revision, deleted=None)
        if not rows.update(**fields, revision=F("revision") + 1):
            raise Changed
        hook.refresh_from_db()
        _record("hook.changed", hook, by, moved="host" in fields)
    return hook


def rotate_secret(*, hook: Hook, by: Any) -> str:
    """A new secret, shown once. For a day messages carry signatures of both."""
    secret = new_secret()
    with transaction.atomic():
        held = Hook.objects.select_for_update().get(pk=hook.pk)
        held.before_sealed, held.secret_sealed = held.secret_sealed, seal(secret)
        held.before_until = timezone.now() + BOTH
        held.revision += 1
        held.save(update_fields=["before_sealed", "secret_sealed", "before_until", "revision"])
        _record("hook.secret", held, by)
    return secret


def switch_hook(*, hook: Hook, by: Any, on: bool) -> None:
    """Off: nothing new is written for it and nothing sent; what waits goes out when it is on again."""
    with transaction.atomic():
        rows = Hook.objects.filter(pk=hook.pk, deleted=None).exclude(on=on)
        if rows.update(on=on, failures=0, stopped="", revision=F("revision") + 1):
            _record("hook.on" if on else "hook.off", hook, by)
            transaction.on_commit(engine.ring)


def remove_hook(*, hook: Hook, by: Any) -> None:
    """Nothing more is sent; its deliveries stay in the log, its address and secrets are forgotten."""
    with transaction.atomic():
        rows = Hook.objects.filter(pk=hook.pk, deleted=None)
        if rows.update(deleted=timezone.now(), on=False, address_sealed="", secret_sealed="", before_sealed=""):
            waiting = Delivery.objects.filter(hook=hook, state=Delivery.State.WAITING)
            waiting.update(state=Delivery.State.FAILED)
            _record("hook.removed", hook, by)


def try_hook(*, hook: Hook, by: Any) -> Delivery:
    """One message, to see whether it arrives. Raises Refused while it is off."""
    if not hook.on:
        raise Refused("It is switched off. Switch it on first.")
    made = Delivery.objects.create(
        hook=hook, key=f"try:{fresh_code()}", kind=HookKind.PING, body=messages.ping(hook, by)
    )
    transaction.on_commit(engine.ring)
    return made


def send_again(*, delivery: Delivery, by: Any) -> bool:
    """Once more, with the same id, so that a receiver that has it leaves it out. False while it waits anyhow. Raises Refused."""
    if delivery.hook.deleted or not delivery.hook.on:
        raise Refused("The webhook is switched off. Switch it on first.")
    with transaction.atomic():
        over = Delivery.objects.filter(pk=delivery.pk, state__in=[Delivery.State.DELIVERED, Delivery.State.FAILED])
        again = over.update(state=Delivery.State.WAITING, due=timezone.now(), tries=0)
        if again:
            _record("hook.again", delivery.hook, by, message=delivery.message)
            transaction.on_commit(engine.ring)
    return bool(again)


def _kinds(kinds: Sequence[str]) -> list[str]:
    found = [str(kind) for kind in ASKABLE if kind in kinds]
    if not found:
        raise Refused("Choose at least one thing to be sent.", field="kinds")
    return found


def _shape(shape: str) -> str:
    if shape not in Hook.Shape.values:
        raise Refused("Choose one of the two forms.", field="shape")
    return shape


def _record(verb: str, hook: Hook, by: Any, **data: Any) -> None:
    record(verb=verb, team=hook.team, actor=by, about="hook", code=hook.code, label=hook.name, host=hook.host, **data)
