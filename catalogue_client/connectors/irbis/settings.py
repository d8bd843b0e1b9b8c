"""Where an ИРБИС64 server is, and how this library has set it up."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class IrbisSettings:
    """Raises ValueError for values that cannot work or would send PINs readable through a foreign network."""

    host: str
    port: int = 6666
    user: str = ""
    password: str = field(default="", repr=False)
    workstation: str = "C"
    """The kind of client that this service registers as: C cataloguer, B circulation desk, R reader."""
    catalogue: str = "IBIS"
    """Database of books."""
    readers: str = "RDR"
    requests: str = "RQST"
    """Database of holds; "" where the library takes none from outside."""
    pin_field: int = 130
    """Field of a reader's record with the PIN."""
    allow_plain_text: bool = False
    """The protocol knows no TLS: to another machine it goes through a tunnel or a closed network only."""
    connections: int = 4
    connect_s: float = 3.0
    answer_s: float = 5.0
    places: Mapping[str, str] = field(default_factory=dict)
    """Code of a place (910 ^d) -> its name in the nominative."""

    def __post_init__(self) -> None:
        if not self.user or not self.password:
            raise ValueError("ИРБИС64 wants a user and a password")
        if not self.allow_plain_text and not _is_this_machine(self.host):
            raise ValueError(
                f"ИРБИС64 on {self.host} would be sent PINs readable by anybody on the way: "
                "set allow_plain_text = true where a tunnel protects the line"
            )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
