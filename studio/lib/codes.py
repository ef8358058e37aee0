"""Short public names for rows: what stands in a URL instead of a primary key."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes


def code() -> str:
    """Ten characters, about 50 random bits. A name, not a secret: access is checked on every fetch."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def token() -> str:
    """A secret for a link: 256 random bits, URL-safe. Only its `lib.signing.digest` is stored."""
    return secrets.token_urlsafe(32)
