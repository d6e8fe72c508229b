"""Host names -> whether they lie on the public internet: a page must not fetch what only its server sees."""

from __future__ import annotations

import ipaddress
import socket

_TRANSLATION = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(net)
    for net in (
        "64:ff9b:1::/48",  # RFC 8215: leads into the network's own inside
        "192.0.0.0/24",  # RFC 6890: protocols' own; clouds answer at 192.0.0.192
        "192.88.99.0/24",  # RFC 7526: relays that are no more
        "::/96",  # RFC 4291: IPv4 addresses, written in the oldest way
        "::ffff:0:0:0/96",  # RFC 2765: and in that of translators
        "fec0::/10",  # RFC 3879: sites' own, before fc00::/7
        "3fff::/20",  # RFC 9637: for examples; too young for Python 3.11 to know
        "5f00::/16",  # RFC 9602: segments of a network's own routes, likewise
    )
)


class NotPublic(OSError):
    """A host does not lie on the public internet; the message says no more, for it would map a network."""

    def __init__(self) -> None:
        super().__init__("the address does not lie on the public internet")


def resolved(host: str, port: int | None, *, public_only: bool) -> list[str]:
    """Return the IP addresses of a host, in the order in which they should be tried.

    :raises NotPublic: if one of them must not be fetched for somebody else.
    :raises OSError: if the name is not known.
    """
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError(f"{host!r} is no host name") from None
    found = [
        str(place[0]) for family, _, _, _, place in places if family in (socket.AF_INET, socket.AF_INET6)
    ]
    if public_only and not all(is_public(address) for address in found):
        raise NotPublic
    return list(dict.fromkeys(found))


def is_public(address: str) -> bool:
    """Return whether an IP address is reachable from everywhere: not local, private, shared or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _translated(ip)
        if inner is not None:  # an IPv4 address, written as an IPv6 one
            return is_public(str(inner))
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip in net for net in _NOT_PUBLIC if net.version == ip.version)
    )


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a network without IPv4 reaches through NAT64 (RFC 6052)."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _TRANSLATION else None
