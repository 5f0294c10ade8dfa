"""Where a message may go when a person says where: reading the URL, and judging addresses.

Sources: RFC 3986; IANA's registries of special-purpose IPv4 and IPv6 addresses (RFC 6890); the
WHATWG's "ends in a number" rule for hosts and its list of bad ports (https://fetch.spec.whatwg.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)
from urllib.parse import quote

import idna

from shared.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL = 2_048

_URL = re.compile(
    r"(?P<scheme>(?i:https?))://(?:\[(?P<six>[0-9A-Fa-f:.]+)]|(?P<name>[^][:/?#]+))"
    r"(?::(?P<port>[0-9]{0,5}))?(?P<target>(?:[/?][^#]*)?)(?:#.*)?"
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?!.{{254}}){_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # 2130706433, 0x7f.1: read by resolvers
_SENT = "%/?:@!$&'()*+,;=-._~"  # what a path and a query hold unquoted: RFC 3986

_DEFAULT_PORTS = {"https": 443, "http": 80}
_BAD_PORTS = {
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668,
    6669, 6679, 6697, 10080, 11211,
}  # fmt: skip

# Names that mean something inside a network only. Their addresses are judged all the same.
_INSIDE = {
    "arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost",
    "private",
}  # fmt: skip
_METADATA = {"metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"}


def _networks(text: str) -> list[Network]:
    return [ip_network(line.split()[0]) for line in text.strip().splitlines()]


# Never reached, whatever an operator names: they are a machine's own affair, or hold another
# address inside, which is where a message would end up.
_NEVER = _networks("""
    0.0.0.0/8           this host
    100.100.100.200/32  metadata of Alibaba Cloud
    168.63.129.16/32    Azure's wire server
    169.254.0.0/16      link-local, metadata of most clouds
    192.0.0.192/32      metadata of Oracle Cloud
    224.0.0.0/4         multicast
    255.255.255.255/32  broadcast
    ::/96               unspecified, IPv4-compatible
    ::ffff:0:0/96       IPv4-mapped
    ::ffff:0:0:0/96     IPv4-translated
    64:ff9b::/96        NAT64
    64:ff9b:1::/48      NAT64 of one's own
    2001::/32           Teredo
    2002::/16           6to4
    fd00:ec2::/32       metadata of AWS
    fd20:ce::/32        metadata of Google Cloud
    fe80::/10           link-local
    fec0::/10           site-local
    ff00::/8            multicast
""")
_SIX_LOOPBACK = IPv6Address("::1")  # looks IPv4-compatible, is none

# Python's is_global knows most of these, but not in every release (CVE-2024-4032).
_NOT_PUBLIC = _networks("""
    10.0.0.0/8          private
    100.64.0.0/10       shared by a carrier's customers
    127.0.0.0/8         loopback
    172.16.0.0/12       private
    192.0.0.0/24        protocol assignments
    192.0.2.0/24        documentation
    192.88.99.0/24      6to4 relays
    192.168.0.0/16      private
    198.18.0.0/15       benchmarks
    198.51.100.0/24     documentation
    203.0.113.0/24      documentation
    240.0.0.0/4         reserved
    2001::/23           protocol assignments
    2001:db8::/32       documentation
    3fff::/20           documentation
""")
_SIX_UNICAST = IPv6Network("2000::/3")  # all that is given out of IPv6

_NO_URL = (
    "This is no address that a webhook can have. Give one such as https://hooks.example.com/aims: "
    "at most 2,048 characters, without spaces and without a user name."
)
_NO_HTTP = "Webhooks go to https addresses only, so that nobody reads along. Give one with https."
_NO_PORT = "Webhooks go to port 443 or to a port from 1024 that serves no other protocol."
_NO_REACH = "This webhook's address leads into a private network. Give one on the public internet."


@dataclass(frozen=True, slots=True)
class Place:
    """What a URL names, as it is asked for: `target` is path and query."""

    plain: bool
    host: str  # a name in lower-case ASCII, or an address
    port: int
    target: str
    literal: Address | None

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == (80 if self.plain else 443) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached: the public internet by https, and the networks an operator named."""

    networks: Sequence[Network] = ()

    def place(self, url: str) -> Place:
        """What the URL names. Raises Invalid if it may not be reached whatever a resolver says."""
        place = _read(url)
        if place.plain and not self.networks:
            raise Invalid(_NO_HTTP)
        if place.literal:
            self.require([place.literal], place)
        elif place.host in _METADATA or (_is_inside(place.host) and not self.networks):
            raise Invalid(_NO_REACH)
        return place

    def check(self, url: str) -> None:
        """Raises Invalid if nobody should have this URL: as `place`, or http to a public name."""
        place = self.place(url)
        if place.plain and not place.literal and not _is_inside(place.host):
            raise Invalid(_NO_HTTP)

    def require(self, addresses: Iterable[Address], place: Place) -> None:
        """Raises Invalid unless every one of the addresses may be reached."""
        for address in addresses:
            if not self._allows(address, place.plain):
                raise Invalid(_NO_HTTP if place.plain and _is_public(address) else _NO_REACH)

    def _allows(self, address: Address, plain: bool) -> bool:
        if _within(address, _NEVER) and address != _SIX_LOOPBACK:
            return False
        return _within(address, self.networks) or (not plain and _is_public(address))


def _read(url: str) -> Place:
    # What is printable has no line break, no tab and no lone surrogate, wherever it stands.
    sound = len(url) <= MAX_URL and url.isprintable() and " " not in url
    parts = _URL.fullmatch(url) if sound else None
    if not parts:
        raise Invalid(_NO_URL)
    scheme = parts["scheme"].lower()
    literal, host = _host(parts["six"], parts["name"])
    target = quote(parts["target"], safe=_SENT)
    if len(target) > MAX_URL:
        raise Invalid(_NO_URL)
    slash = "" if target.startswith("/") else "/"
    return Place(scheme == "http", host, _port(scheme, parts["port"]), slash + target, literal)


def _host(six: str | None, name: str | None) -> tuple[Address | None, str]:
    try:
        if six:
            address = IPv6Address(six)
            return address, str(address)
        host = _ascii(name or "")
    except (ValueError, idna.IDNAError) as error:
        raise Invalid(_NO_URL) from error
    with suppress(ValueError):
        return IPv4Address(host), host
    if not _NAME.fullmatch(host) or _NUMBER.fullmatch(host):
        raise Invalid(_NO_URL)
    return None, host


def _ascii(name: str) -> str:
    """A name as DNS knows it. IDNA 2008 would refuse some plain names that are in use."""
    plain = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode()
    return plain.removesuffix(".")


def _port(scheme: str, text: str | None) -> int:
    usual = _DEFAULT_PORTS[scheme]
    port = int(text) if text else usual
    if port != usual and (port not in range(1024, 65_536) or port in _BAD_PORTS):
        raise Invalid(_NO_PORT)
    return port


def _is_inside(name: str) -> bool:
    return "." not in name or name.rpartition(".")[2] in _INSIDE


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _SIX_UNICAST:
        return False
    # What the registries gain after the tables here, a newer Python knows.
    return address.is_global and not _within(address, _NEVER) and not _within(address, _NOT_PUBLIC)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
