"""Signing a message as Standard Webhooks say: HMAC-SHA256 over id, timestamp and body, base64, `v1,` before it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """ "whsec_" and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(message: str, at: int, body: bytes, *keys: str) -> dict[str, str]:
    """The three headers; with two secrets, two signatures, so that a receiver may hold either. `at`: seconds since 1970."""
    signed = " ".join(f"v1,{sign(key, message, at, body)}" for key in keys if key)
    return {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": signed}


def sign(secret: str, message: str, at: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
