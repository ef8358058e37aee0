"""Addresses of ours that a service may ask for without signing in: a reference on its way, and the bell when a task is over.

Both are the same for the same job however often they are made, because a service compares the bodies of one key.
"""

from __future__ import annotations

import hmac

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from studio.generation.models import EngineAccount
from studio.providers.base import SentReference


def reference(sent: SentReference, key: str) -> str:
    """Where the service fetches this reference of this attempt; it answers while the attempt is under way."""
    path = reverse("handed", args=[key, sent.sha256, reference_mark(key, sent.sha256)])
    return f"{settings.PUBLIC_URL}{path}"


def reference_mark(key: str, sha256: str) -> str:
    return _sign("handed", key, sha256)


def callback(account: EngineAccount) -> str:
    """Where the service says that a task is over. The secret is part of the address; empty where nobody can reach us."""
    if not settings.PUBLIC:
        return ""
    return f"{settings.PUBLIC_URL}{reverse('callback', args=[account.code, callback_secret(account.code)])}"


def callback_secret(code: str) -> str:
    return _sign("callback", code)


def genuine(mark: str, *parts: str) -> bool:
    """Whether `mark` is what we sign these parts with: ("handed", key, sha256) or ("callback", code)."""
    return hmac.compare_digest(_sign(*parts).encode(), mark.encode("utf-8", "replace"))


def _sign(*parts: str) -> str:
    return salted_hmac("studio.links", "\n".join(parts), algorithm="sha256").hexdigest()[:40]
