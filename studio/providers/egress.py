"""Where the studio may connect to: a host is resolved once, every address is judged, and the connection goes to the one judged.

Neither `ipaddress.is_private` nor `is_global` is enough alone: CGNAT, NAT64, 6to4 and multicast slip through one or the other.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]

# Ranges that carry an IPv4 address inside, or are nobody's on the public internet. RFC 6052, 8215, 3056, 4380, 6890.
CARRIERS = [
    ipaddress.ip_network(n)
    for n in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "100::/64",
        "5f00::/16",
        "192.88.99.0/24",
    )
]

PORTS = {"https": 443, "http": 80}


class Forbidden(Exception):
    """This address may not be connected to. Raised before any connection is made."""


class Unresolved(Exception):
    """The name leads nowhere at the moment. Nothing was connected; it may pass."""


def is_public(address: Address) -> bool:
    """True where the address is somebody's on the public internet, and stands for no other."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or address.scope_id:
            return False
    if any(address.version == network.version and address in network for network in CARRIERS):
        return False
    return (
        address.is_global
        and not address.is_private
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_loopback
        and not address.is_link_local
        and not address.is_unspecified
    )


def _is_a_service(address: Address) -> bool:
    """Whether an account's own base URL may be there: anywhere, in one's own network too, where a service can be."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return not (
        plain.is_link_local
        or plain.is_multicast
        or plain.is_unspecified
        or (plain.is_reserved and not plain.is_loopback)
    )


async def resolve(host: str, port: int) -> list[str]:
    """The system's answer, as address strings."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL: speak to `host`, connect to one of `addresses` (empty where only the URL was looked at)."""

    url: str
    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """What one account may reach: its own base URL, and over https the hosts its results lie on.

    `hosts` are exact names, or ".name" for everything below one. A private address is let through only for the base URL's
    own host and port, when that is how the operator wrote it: a gateway in one's own network, an emulator. Not a link-local
    one, though: no service answers there, only what tells machines their own secrets.
    """

    base: str
    hosts: tuple[str, ...] = ()
    resolver: Resolver = resolve

    def admit(self, url: str, *, own: bool = False) -> Target:
        """The URL alone, no name looked up; with `own` only the account's own base will do. Raises Forbidden."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
            host = _plain(parts.hostname or "")
        except ValueError:
            raise Forbidden("The address cannot be read.") from None
        if not host or not port or parts.username or parts.password or "%" in host or any(ord(c) < 33 for c in url):
            raise Forbidden("The address names no plain host.")
        if (parts.scheme, host, port) == self._own():
            return Target(url, parts.scheme, host, port)
        if own or parts.scheme != "https" or not self._allowed(host):
            raise Forbidden(f"This account does not fetch from {host}.")
        return Target(url, parts.scheme, host, port)

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Where a connection to this name may go: looked up once, every answer judged. Raises Forbidden, or Unresolved."""
        host = _plain(host)
        own = (host, port) == self._own()[1:]
        if not own and not self._allowed(host):
            raise Forbidden(f"This account does not fetch from {host}.")
        try:
            found = [ipaddress.ip_address(address.split("%")[0]) for address in await self.resolver(host, port)]
        except (OSError, UnicodeError):
            raise Unresolved(f"The name {host} could not be found.") from None
        if not found:
            raise Unresolved(f"The name {host} could not be found.")
        if not all(_is_a_service(one) if own else is_public(one) for one in found):
            raise Forbidden(f"{host} leads to an address inside a network.")
        return tuple(str(one) for one in found)

    async def check(self, url: str) -> Target:
        """The URL and its name. Raises Forbidden or Unresolved before anything is connected."""
        target = self.admit(url)
        return replace(target, addresses=await self.addresses(target.host, target.port))

    def _own(self) -> tuple[str, str, int]:
        mine = urlsplit(self.base)
        return mine.scheme, _plain(mine.hostname or ""), mine.port or PORTS.get(mine.scheme, 0)

    def _allowed(self, host: str) -> bool:
        names = (*self.hosts, self._own()[1])
        return any(host == name or (name.startswith(".") and host.endswith(name)) for name in names if name)


def _plain(host: str) -> str:
    """A host as names are compared: lower case, no last dot, ASCII. Raises ValueError for what is no name."""
    host = host.rstrip(".").lower()
    return host if host.isascii() else host.encode("idna").decode()
