"""What a service posts to us when a task is over. It only hurries: the state is always read again from the service itself.

Nothing here raises, whatever arrives.
"""

from __future__ import annotations

import hashlib
import hmac
import json

TOLERANCE = 300  # seconds between a callback's stamp and now
LARGEST = 1024 * 1024  # bytes of a callback that are still looked at


def signed(secret: str, stamp: str | None, signature: str | None, raw: bytes, now: float) -> bool:
    """Whether a hiapi callback is theirs: HMAC-SHA256 over stamp, dot and raw body, lower-case hex, at most five minutes old."""
    if not secret or not stamp or not signature or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        return False
    wanted = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
    return genuine and abs(now - int(stamp)) <= TOLERANCE


def same_secret(ours: str, theirs: str | None) -> bool:
    """Whether a Runware callback carries the secret of its URL: there is no signature, so the address is the secret."""
    if not ours or not theirs:
        return False
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))


def tasks_named(raw: bytes) -> tuple[str, ...]:
    """The task ids a callback speaks of, without repeats: hiapi's `taskId` (`id` in its articles), Runware's `taskUUID` in data and errors."""
    if len(raw) > LARGEST:
        return ()
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(told, dict):
        return ()
    listed: list[object] = [told]
    for name in ("data", "errors"):
        inner = told.get(name)
        listed += inner if isinstance(inner, list) else [inner]
    found = [row.get(name) for row in listed if isinstance(row, dict) for name in ("taskUUID", "taskId", "id")]
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and 0 < len(one) <= 64))
