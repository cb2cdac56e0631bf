"""Where webhooks may go: public addresses alone, looked up once and held to, so that no name leads into our network."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.refusals import Invalid

MOST_CHARACTERS = 1000
LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*")
LEAST_FREE_PORT = 1024
NOWHERE_V4 = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by providers' customers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, where clouds keep their secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
PUBLIC_V6 = ip_network("2000::/3")
NOWHERE_V6 = tuple(
    ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)  # tunnels that carry an IPv4 address within, and documentation


class Unreachable(Exception):
    """An address that is not called, with the reason in words."""


@dataclass(frozen=True)
class Target:
    """An address taken apart, and the numeric address that it was checked at: the call goes there and nowhere else."""

    is_tls: bool
    host: str
    port: int
    path: str
    number: str


def is_public(number: str) -> bool:
    """Whether a numeric address is one of the public internet, whatever notation hides another in it."""
    address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public_v4(address.ipv4_mapped)
        return address in PUBLIC_V6 and not any(address in net for net in NOWHERE_V6)
    return _is_public_v4(address)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in net for net in NOWHERE_V4)


def checked_url(url: str) -> str:
    """The address of an endpoint as it is kept. Raises Invalid under `url` for one that may not be called.

    A name that leads nowhere today is taken: it is looked up again before each call.
    """
    text = url.strip()
    try:
        parts = _parts(text)
        numbers = _numbers(parts)
        _refuse_inside(parts, numbers)
    except Unreachable as reason:
        raise Invalid({"url": str(reason)}) from None
    return text


def target_of(url: str) -> Target:
    """Where a call goes now. Raises Unreachable."""
    parts = _parts(url)
    numbers = _numbers(parts)
    if not numbers:
        raise Unreachable(_("“%(host)s” has no address.") % {"host": parts.hostname})
    _refuse_inside(parts, numbers)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", _host(parts), _port(parts), path, numbers[0])


def _parts(url: str) -> SplitResult:
    if len(url) > MOST_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise Unreachable(
            _("An address has at most %(most)d characters, of plain letters.") % {"most": MOST_CHARACTERS}
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable(_("This is no address.")) from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Unreachable(_("Begin with https:// and the name of the host."))
    if not _is_host(_host(parts)):
        raise Unreachable(_("This is no address."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Unreachable(_("Leave out user, password and what comes after #."))
    if not _is_named(parts):
        if parts.scheme != "https":
            raise Unreachable(_("Use https: what is told must not be read on its way."))
        if port is not None and port != 443 and port < LEAST_FREE_PORT:
            raise Unreachable(_("Port %(port)d belongs to another service.") % {"port": port})
    return parts


def _host(parts: SplitResult) -> str:
    """The host as it is looked up: the dot that ends a whole name hides neither a number nor `localhost`."""
    return (parts.hostname or "").lower().removesuffix(".")


def _is_host(host: str) -> bool:
    """Whether it is a name, or a number of the internet without the name of a network card of ours."""
    if ":" not in host:
        return NAME.fullmatch(host) is not None
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_named(parts: SplitResult) -> bool:
    """Whether the operator has said that this host of our own network may be called."""
    return _host(parts) in settings.WEBHOOK_INTERNAL_HOSTS


def _numbers(parts: SplitResult) -> list[str]:
    try:
        found = socket.getaddrinfo(_host(parts), _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _refuse_inside(parts: SplitResult, numbers: list[str]) -> None:
    """One inner address among several is enough to refuse: which of them is called is the name server's choice."""
    if not _is_named(parts) and not all(map(is_public, numbers)):
        raise Unreachable(
            _("“%(host)s” leads into a private network, where webhooks do not go.") % {"host": _host(parts)}
        )
