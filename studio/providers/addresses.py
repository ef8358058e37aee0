"""Addresses that people write for an account: its base URL, and further hosts that its results may lie on.

Only the words are judged here, no name is looked up. Where a connection goes is judged again when it is made (`egress`).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST = 200
HOSTS_LONGEST = 300
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
INSIDE = (".localhost", ".local", ".lan", ".internal", ".home.arpa")  # names that mean a network of one's own
NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
# what clients add by themselves, and people paste with the rest
ADDED = {"hiapi": ("/v1/tasks", "/v1"), "gemini": ("/v1beta/models", "/v1beta")}


class WrongAddress(ValueError):
    """The address cannot be used; the message says why and what to write."""


def base_url(typed: str, engine: str = "") -> str:
    """An account's base URL in one spelling, without what the client adds itself. Raises WrongAddress.

    https anywhere; plain http only on this machine or inside one's own network, as whoever runs it wrote it.
    """
    typed = typed.strip()
    if len(typed) > LONGEST:
        raise WrongAddress(f"An address has at most {LONGEST} characters.")
    if any(ord(c) < 33 or c == "\\" for c in typed):
        raise WrongAddress("An address has no spaces in it.")
    try:
        parts = urlsplit(typed)
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError as wrong:
        raise (
            wrong if isinstance(wrong, WrongAddress) else WrongAddress("This is no address. Write https://…")
        ) from None
    if parts.scheme not in {"https", "http"} or not host:
        raise WrongAddress("Write the whole address, from https:// on.")
    if port == 0:
        raise WrongAddress("No service answers at port 0. Leave the port out, or write the right one.")
    if parts.username is not None or parts.password is not None:
        raise WrongAddress("Leave name and password out of the address: the key has a field of its own.")
    if "?" in typed or "#" in typed:
        raise WrongAddress("Leave out everything from the ? or # on.")
    if parts.scheme == "http" and not inside(host):
        raise WrongAddress("Plain http would show the key to everybody on the way. Write https://.")
    path = parts.path.rstrip("/")
    for ending in ADDED.get(engine, ()):
        path = path.removesuffix(ending)
    shown = f"[{host}]" if ":" in host else host
    named = "" if port in {None, 443 if parts.scheme == "https" else 80} else f":{port}"
    return f"{parts.scheme}://{shown}{named}{path}"


def result_hosts(typed: str) -> str:
    """Host names, comma between them; ".name" means every host below it. Raises WrongAddress."""
    found = []
    for word in filter(None, (part.strip().lower().rstrip(".") for part in re.split(r"[,\s]+", typed))):
        name = word.removeprefix(".")
        if "/" in word or ":" in word:
            raise WrongAddress(f"{word[:60]}: only the host’s name, without https:// and path.")
        if NUMBERS.fullmatch(name.rpartition(".")[2]):
            raise WrongAddress(f"{word[:60]}: results are fetched from names, not from numbers.")
        labels = name.split(".")
        if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
            raise WrongAddress(f"{word[:60]} is no host’s name. Write one like images.example.com.")
        found.append(word)
    joined = ",".join(dict.fromkeys(found))
    if len(joined) > HOSTS_LONGEST:
        raise WrongAddress(f"The hosts have at most {HOSTS_LONGEST} characters together.")
    return joined


def inside(host: str) -> bool:
    """Whether the host, as written, means this machine or one's own network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith(INSIDE)
    return address.is_loopback or address.is_private


def _host(host: str) -> str:
    """In lower case and ASCII. Raises WrongAddress for what is no host, and for addresses that nobody's service is at."""
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise WrongAddress("This host’s name cannot be read.") from None
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not host or ":" in host or "%" in host:
            return ""
        if NUMBERS.fullmatch(host.rpartition(".")[2]):
            raise WrongAddress("Write an address in numbers in full, as in 192.168.1.20.") from None
        if not all(LABEL.fullmatch(label) for label in host.split(".")):
            raise WrongAddress("This host’s name cannot be read.") from None
        return host
    plain = getattr(address, "ipv4_mapped", None) or address
    if (
        plain.is_link_local
        or plain.is_multicast
        or plain.is_unspecified
        or (plain.is_reserved and not plain.is_loopback)
    ):
        raise WrongAddress(f"No service answers at {host}.")
    return str(plain)
