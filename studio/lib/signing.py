"""Secrets in links are stored as hashes; secrets at rest are encrypted with a key outside the database."""

from __future__ import annotations

import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def digest(token: str) -> str:
    """SHA-256 of a link's token, hex. Enough for 256 random bits: there is nothing to guess from."""
    return hashlib.sha256(token.encode()).hexdigest()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def seal(text: str) -> str:
    """Encrypt with the newest key."""
    return _box().encrypt(text.encode()).decode()


def is_newest(sealed: str) -> bool:
    """Whether this was encrypted with the newest key."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def unseal(sealed: str) -> str:
    """Decrypt with any of the keys. Raises cryptography.fernet.InvalidToken where none fits."""
    return _box().decrypt(sealed.encode()).decode()
