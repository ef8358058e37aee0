"""Messages to webhooks are sent by the worker, at least once: what a dead worker was at goes out again with the same id.

Whoever turns WAITING into SENDING sends it. A receiver that does not take it is tried nine times over three days; one that
takes nothing for a long while is switched off, and the team's owners are told.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.accounts.events import record
from studio.lib import engine
from studio.lib.signing import unseal
from studio.lib.text import line
from studio.lib.threads import rows
from studio.notices import addresses, signature
from studio.notices.errors import Refused
from studio.notices.models import Delivery, DeliveryTry, Hook
from studio.providers.base import ProviderError
from studio.providers.http import Door

DEADLINE = 20.0  # seconds for one try in all
LEASE = dt.timedelta(seconds=60)
PAUSES = (5, 60, 300, 1800, 7200, 6 * 3600, 16 * 3600, 24 * 3600)  # seconds before the next try
STOPPED_AFTER = 30  # tries in a row that were not taken
GONE = 410  # the receiver's own word that it wants nothing more
State = Delivery.State
log = logging.getLogger("studio.webhooks")


class Sending(NamedTuple):
    """One try. `body` is what is signed and sent."""

    delivery: Delivery
    address: str
    secrets: tuple[str, ...]
    body: bytes


class Told(NamedTuple):
    """How a try went: the answer's status, or why there was none."""

    status: int | None
    said: str
    seconds: float

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def due(limit: int) -> list[tuple[int, int]]:
    """For the worker: messages whose time has come, to webhooks that are on; and those whose sender was lost."""
    now = timezone.now()
    ready = Q(state=State.WAITING, due__lte=now) | Q(state=State.SENDING, lease_until__lt=now)
    found = Delivery.objects.filter(ready, hook__on=True, hook__deleted=None)
    return [(pk, 0) for pk in found.order_by("due", "pk").values_list("pk", flat=True)[:limit]]


def forsake(machine: str, me: str) -> int:
    """End the leases of this machine's earlier workers."""
    left = Delivery.objects.filter(state=State.SENDING, worker__startswith=f"{machine}-").exclude(worker=me)
    return left.update(lease_until=timezone.now() - dt.timedelta(seconds=1))


async def run(delivery_id: int) -> None:
    """One try of one message, and what came of it."""
    sending = await rows(claim, delivery_id)
    if sending is None:
        return
    told = await send(sending)
    await rows(answered, sending.delivery, told)


def claim(delivery_id: int) -> Sending | None:
    """The message, if it is due and nobody else has it: of any number of callers one gets it."""
    now = timezone.now()
    ready = Q(state=State.WAITING, due__lte=now) | Q(state=State.SENDING, lease_until__lt=now)
    with transaction.atomic():
        free = Delivery.objects.filter(ready, pk=delivery_id)
        if free.update(state=State.SENDING, worker=engine.me(), lease_until=now + LEASE, tries=F("tries") + 1) != 1:
            return None
        found = Delivery.objects.select_related("hook__team").get(pk=delivery_id)
        hook = found.hook
        if hook.deleted or not hook.on:
            Delivery.objects.filter(pk=found.pk).update(state=State.WAITING, lease_until=None, tries=F("tries") - 1)
            return None
    sealed = [hook.address_sealed, hook.secret_sealed]
    if hook.before_sealed and hook.before_until and hook.before_until > now:
        sealed.append(hook.before_sealed)
    try:
        address, *keys = map(unseal, sealed)
    except InvalidToken:
        return Sending(found, "", (), b"")
    return Sending(found, address, tuple(keys), found.body.encode())


async def send(sending: Sending) -> Told:
    """Post it once. Never raises; where the address leads is judged anew each time."""
    begun = time.monotonic()
    if not sending.address:
        return Told(None, "None of the studio’s keys opens its address and secret. Remove it and add it anew.", 0.0)
    try:
        door = Door(addresses.gate(sending.address), connections=1)
        try:
            stamped = signature.headers(sending.delivery.message, int(time.time()), sending.body, *sending.secrets)
            answer = await door.deliver(sending.address, sending.body, stamped, deadline=DEADLINE)
        finally:
            await door.aclose()
    except Refused as refusal:
        return Told(None, str(refusal)[:300], 0.0)
    except ProviderError as trouble:
        return Told(None, _words(trouble), time.monotonic() - begun)
    except Exception:  # whatever it was, the page of deliveries says something
        log.exception("Delivery %s broke", sending.delivery.code)
        return Told(None, "It broke here, in the studio; its log says how.", time.monotonic() - begun)
    return Told(answer.status, line(answer.text)[:300], time.monotonic() - begun)


def answered(delivery: Delivery, told: Told) -> None:
    """Write down one try, while the message is still this worker's; decide when the next is."""
    now = timezone.now()
    with transaction.atomic():
        mine = Delivery.objects.filter(
            pk=delivery.pk, state=State.SENDING, worker=delivery.worker, tries=delivery.tries
        )
        over = told.taken or told.status == GONE or delivery.tries > len(PAUSES)
        after = State.DELIVERED if told.taken else State.FAILED if over else State.WAITING
        pause = dt.timedelta(seconds=0 if over else PAUSES[delivery.tries - 1])
        if not mine.update(state=after, status=told.status, lease_until=None, due=now + pause):
            return
        DeliveryTry.objects.create(delivery=delivery, status=told.status, said=told.said, seconds=told.seconds)
        hooks = Hook.objects.filter(pk=delivery.hook_id)
        if told.taken:
            hooks.exclude(failures=0).update(failures=0)
            return
        hooks.update(failures=F("failures") + 1)
        why = "The receiver answered 410: it wants nothing more." if told.status == GONE else ""
        if not why and hooks.filter(failures__gte=STOPPED_AFTER).exists():
            why = f"{STOPPED_AFTER} tries in a row were not taken."
        if why and hooks.filter(on=True).update(on=False, stopped=why, revision=F("revision") + 1):
            hook = delivery.hook
            record(
                verb="hook.stopped", team=hook.team, actor=None, about="hook", code=hook.code, label=hook.name, said=why
            )


def _words(trouble: ProviderError) -> str:
    return {
        "refused_address": "The address leads inside a network, or its name says so. Nothing was sent.",
        "unreachable": "Nobody answered there.",
        "unknown_outcome": "The line broke before an answer came.",
    }.get(trouble.kind, f"{trouble.message}")[:300]
