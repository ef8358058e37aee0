"""The address in a letter's foot that ends letters like it: signed, good for nothing else, and for whoever holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from studio.notices.kinds import Kind

SALT = "notices.stop"


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose letters end: a user's of these kinds, or everything to an address without an account."""

    user: int = 0
    kinds: tuple[str, ...] = ()
    email: str = ""


def address(*, user: int = 0, kinds: Iterable[str] = (), email: str = "") -> str:
    """The whole address, to be printed in a letter."""
    made = signing.dumps({"u": user, "k": sorted(kinds), "e": email}, salt=SALT, compress=False)
    return f"{settings.PUBLIC_URL}/stop/{made}/"


def read(token: str) -> Stop | None:
    """What such an address says; None where we never wrote it."""
    try:
        said = signing.loads(token, salt=SALT)
        return Stop(int(said["u"]), tuple(kind for kind in said["k"] if kind in Kind.values), str(said["e"]))
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
