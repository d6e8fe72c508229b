"""Host names -> whether they lie on the public internet: a page must not fetch what only its server sees."""

from __future__ import annotations

import ipaddress
import socket

_TRANSLATION = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_TRANSLATION = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215: leads into the network's own inside


def why_private(host: str, port: int | None) -> str | None:
    """Why a host must not be fetched for somebody else; None if all its addresses are public.

    :raises OSError: if the name is not known.
    """
    for family, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if family in (socket.AF_INET, socket.AF_INET6) and not is_public(str(place[0])):
            return f"{host} is a private address ({place[0]})"
    return None


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from everywhere: not local, private, shared or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _translated(ip)
        if inner is not None:  # an IPv4 address in the clothes of an IPv6 one
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and ip not in _LOCAL_TRANSLATION


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a network without IPv4 reaches through NAT64 (RFC 6052)."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _TRANSLATION else None
