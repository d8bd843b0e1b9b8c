"""Who may call at all: an address list against programs that try telephone numbers on every open port."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def is_allowed(host: str, networks: Iterable[Network]) -> bool:
    """Whether a peer's address lies in one of the networks; an IPv4 address may be written in the manner of IPv6."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
