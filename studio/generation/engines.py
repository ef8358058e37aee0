"""From an account to the client that speaks for it, and what may be known of an engine without calling it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from studio.generation import links, pace
from studio.generation.models import EngineAccount, Job
from studio.generation.uploads import Uploads
from studio.lib import env, signing
from studio.lib.threads import rows
from studio.providers import catalog, places, registry
from studio.providers.base import Limits, Provider, ProviderError
from studio.providers.egress import Gate
from studio.providers.failures import failed

Engine = EngineAccount.Engine


@dataclass(frozen=True, slots=True)
class Usual:
    """What an account begins with: how many pictures at once, how many calls a minute (None: the vendor names no limit)."""

    name: str
    base: str
    header: str  # the header that carries the key
    scheme: str  # what stands before the key there
    concurrency: int
    per_minute: int | None


USUAL = {
    Engine.RUNWARE: Usual("Runware", places.RUNWARE, "authorization", "Bearer ", 16, None),
    Engine.HIAPI: Usual("hiapi", places.HIAPI, "authorization", "Bearer ", 10, 60),
    Engine.GEMINI: Usual("Wisdom Gate", places.WISDOM_GATE, "x-goog-api-key", "", 4, 30),
}

_made: dict[int, tuple[int, Provider]] = {}  # account → its revision, the client made for it
_retired: list[Provider] = []


def limits(engine: str, model: str) -> Limits:
    """What a model takes, without any account. Raises registry.NoSuchEngine, or ProviderError for an unknown model."""
    if engine in USUAL:
        return catalog.get(engine, model).limits
    return registry.get(engine).limits(model)


def replay_safe(engine: str) -> bool:
    """Whether the same key twice is billed once there."""
    return engine in {Engine.RUNWARE, Engine.HIAPI} if engine in USUAL else registry.get(engine).replay_safe


def known(engine: str) -> bool:
    return engine in USUAL or engine in registry.names()


def for_job(job: Job) -> Provider:
    """The client that draws this job. Raises ProviderError, not charged, where the account's key cannot be opened."""
    return registry.get(job.engine) if job.account is None else for_account(job.account)


def for_account(account: EngineAccount) -> Provider:
    """One client an account and process; a new one as soon as its key, address or limits have changed."""
    revision, provider = _made.get(account.pk, (0, None))
    if provider is None or revision != account.revision:
        if provider is not None:
            _retired.append(provider)  # calls of its own may still be under way
        provider = make(account, paced=True)
        _made[account.pk] = account.revision, provider
    return provider


def make(account: EngineAccount, *, paced: bool = False) -> Provider:
    """A new client. With `paced` its calls wait for their turn in the account's minute, together with all workers'."""
    usual = USUAL[Engine(account.engine)]
    try:
        key = signing.unseal(account.key_sealed)
    except InvalidToken:
        raise failed(
            "key", charged=False, message="This account’s key cannot be opened with the studio’s encryption key.",
            remedy="Enter the key again.",
        ) from None  # fmt: skip
    headers = {usual.header: f"{usual.scheme}{key}"}
    turn = _turn(account.pk) if paced and account.per_minute and replay_safe(account.engine) else None
    from studio.providers.http import Door  # only those who send load the client library

    door = Door(
        Gate(account.base_url, _hosts(account)), headers, connections=min(account.concurrency * 2, 256), before=turn
    )
    return _client(account, door)


def _client(account: EngineAccount, door: Any) -> Provider:
    if account.engine == Engine.RUNWARE:
        from studio.providers.runware import Runware

        return Runware(
            door, account.base_url, many=env.flag("RUNWARE_MANY", False),
            check_content=env.flag("RUNWARE_CHECK_CONTENT", False), uploads=Uploads(account.pk),
        )  # fmt: skip
    if account.engine == Engine.HIAPI:
        from studio.providers.hiapi import HiApi

        return HiApi(door, account.base_url, links.reference if settings.PUBLIC else None)
    from studio.providers.gemini import Gemini

    return Gemini(door, account.base_url)


def _hosts(account: EngineAccount) -> tuple[str, ...]:
    """Where results may lie, besides the account's own host: the vendor's hosts, and those that the team named."""
    theirs = places.RESULTS.get(account.engine, ())
    return (*theirs, *(host.strip() for host in account.result_hosts.split(",") if host.strip()))


def _turn(account_id: int) -> Callable[[], Awaitable[None]]:
    async def wait() -> None:
        """A turn that was slept through, on a machine that stood still, is not called in after all: another one is booked."""
        late = pace.LATE + 1
        while late > pace.LATE:
            begun = time.time()
            seconds = await rows(pace.book, account_id)
            if seconds > 0:
                await asyncio.sleep(seconds)
            late = time.time() - begun - seconds

    return wait


async def close() -> None:
    """End what all clients hold: connections, processes."""
    for provider in (*_retired, *(provider for _, provider in _made.values())):
        closing = getattr(provider, "aclose", None)
        if closing:
            with contextlib.suppress(RuntimeError, ProviderError):  # its loop is gone, and its connections with it
                await closing()
    _retired.clear()
    _made.clear()
    await registry.close()
