"""Where a webhook may go. The words are judged when it is written down; where they lead is judged at each connection."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

from studio.notices.errors import Refused
from studio.providers.addresses import LABEL, NUMBERS, inside
from studio.providers.egress import Gate, is_public

LONGEST = 500


def checked(typed: str) -> str:
    """The address as it is used. Raises Refused, with the reason and what to write."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST or any(ord(c) < 33 or ord(c) > 126 or c == "\\" for c in typed):
        raise Refused(f"Write an address of at most {LONGEST} plain characters, from https:// on.", field="address")
    try:
        parts = urlsplit(typed)
        host, port = (parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        raise Refused("This is no address. Write https://…", field="address") from None
    if parts.username is not None or parts.password is not None or "%" in parts.netloc:
        raise Refused("Leave name and password out of the address: messages are signed instead.", field="address")
    if parts.fragment or not host or port == 0:
        raise Refused("This is no address. Write https://…", field="address")
    if _listed(host, port, parts.scheme):
        return typed
    if parts.scheme != "https":
        raise Refused("Write an address that begins with https://.", field="address")
    if not _outside(host):
        raise Refused(
            f"{host[:80]} is inside a network. Webhooks go to addresses on the public internet.", field="address"
        )
    return typed


def gate(address: str) -> Gate:
    """What a message to this address may reach: that host and nothing else, judged again when it is connected to."""
    parts = urlsplit(checked(address))
    host = (parts.hostname or "").rstrip(".").lower()
    if _listed(host, parts.port, parts.scheme):
        return Gate(address)
    return Gate("", (host,))


def host(address: str) -> str:
    return (urlsplit(address).hostname or "")[:255]


def _listed(host: str, port: int | None, scheme: str) -> bool:
    """Whether whoever runs the studio named this host, which is in their own network."""
    port = port or (443 if scheme == "https" else 80)
    return scheme in {"http", "https"} and bool({host, f"{host}:{port}"} & set(settings.HOOK_HOSTS))


def _outside(host: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(host))
    except ValueError:
        labels = host.split(".")
        return (
            not inside(host) and not NUMBERS.fullmatch(labels[-1]) and all(LABEL.fullmatch(label) for label in labels)
        )
