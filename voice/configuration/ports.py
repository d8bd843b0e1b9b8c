"""Ports of the settings: how many calls a range has room for, and whether two things want the same one."""

from __future__ import annotations

from ipaddress import ip_address
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice.configuration.settings import Settings


def speech_ports(first: int, last: int) -> range:
    """The even ports of a range for RTP, each with the next one for RTCP (RFC 3550, section 11)."""
    return range(first + first % 2, last, 2)


def port_pairs(first: int, last: int) -> int:
    """How many calls a range of ports has room for."""
    return len(speech_ports(first, last)) if first else 0


def clashing(settings: Settings) -> str:
    """A sentence about the first two things that cannot both have their port; "" when all can. 0 is any free port."""
    telephone, asterisk, staff = settings.telephone, settings.asterisk, settings.staff_site
    wanted = [
        ("telephone.port", telephone.enabled, telephone.address, telephone.port),
        ("asterisk.websocket_port", asterisk.enabled, asterisk.address, asterisk.websocket_port),
        ("asterisk.audiosocket_port", asterisk.enabled, asterisk.address, asterisk.audiosocket_port),
        ("staff_site.port", staff.enabled, staff.address, staff.port),
    ]
    used = [(name, address, port) for name, enabled, address, port in wanted if enabled and port]
    for (name, address, port), (other, there, same) in combinations(used, 2):
        if port == same and _shared(address, there):
            return f"{other} = {port}: {name} is {port} too. Choose another port for one of the two."
    first, last = telephone.rtp_ports
    if telephone.enabled and first <= telephone.port <= last:
        return (
            f"telephone.port = {telephone.port}: is a port for speech too, telephone.rtp_ports = [{first}, {last}]. "
            "Move one of the two."
        )
    return ""


def _shared(one: str, other: str) -> bool:
    """Whether two addresses share their ports: they are equal, or one stands for all."""
    return one == other or _is_every(one) or _is_every(other)


def _is_every(address: str) -> bool:
    try:
        return ip_address(address).is_unspecified
    except ValueError:
        return not address
