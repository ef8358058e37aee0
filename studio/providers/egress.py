"""Where the studio may connect to: a host is resolved once, every address is judged, and the connection goes to the one judged.

Neither `ipaddress.is_private` nor `is_global` is enough alone: CGNAT, NAT64, 6to4 and multicast slip through one or the other.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]

# Ranges that carry an IPv4 address inside, or are nobody's on the public internet. RFC 6052, 8215, 3056, 4380, 6890.
CARRIERS = [
    ipaddress.ip_network(n)
    for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "100::/64", "5f00::/16")
]


class Forbidden(Exception):
    """This address may not be connected to. Raised before any connection is made."""


def is_public(address: Address) -> bool:
    """True where the address is somebody's on the public internet, and stands for no other."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in CARRIERS) or address.is_site_local or address.scope_id:
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


async def resolve(host: str, port: int) -> list[str]:
    """The system's answer, as address strings."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address of a URL: connect to `address`, speak to `host`."""

    url: str
    scheme: str
    host: str
    port: int
    address: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What one account may reach: its own base URL, and over https the hosts its results lie on.

    `hosts` are exact names, or ".name" for everything below one. A private address is let through only for the base URL's
    own host and port, when that is how the operator wrote it: a gateway in one's own network, an emulator.
    """

    base: str
    hosts: tuple[str, ...] = ()
    resolver: Resolver = resolve

    async def check(self, url: str) -> Target:
        """The one address to connect to. Raises Forbidden before anything is connected."""
        parts = urlsplit(url)
        try:
            port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        except ValueError:
            raise Forbidden("The address has no proper port.") from None
        host = (parts.hostname or "").rstrip(".").lower()
        if not host or parts.username or parts.password or "%" in host:
            raise Forbidden("The address names no plain host.")
        own = self._is_own(parts.scheme, host, port)
        if not own and (parts.scheme != "https" or not self._allowed(host)):
            raise Forbidden(f"This account does not fetch from {host}.")
        try:
            addresses = await self.resolver(host, port)
        except OSError:
            raise Forbidden(f"The name {host} could not be found.") from None
        judged = [ipaddress.ip_address(address.split("%")[0]) for address in addresses]
        if not judged or (not own and not all(is_public(one) for one in judged)):
            raise Forbidden(f"{host} leads to an address inside a network.")
        return Target(url, parts.scheme, host, port, str(judged[0]))

    def _is_own(self, scheme: str, host: str, port: int) -> bool:
        mine = urlsplit(self.base)
        my_port = mine.port or {"https": 443, "http": 80}.get(mine.scheme, 0)
        return (scheme, host, port) == (mine.scheme, (mine.hostname or "").lower(), my_port)

    def _allowed(self, host: str) -> bool:
        return any(host == name or (name.startswith(".") and host.endswith(name)) for name in self._names())

    def _names(self) -> Iterable[str]:
        yield from self.hosts
        yield (urlsplit(self.base).hostname or "").lower()
