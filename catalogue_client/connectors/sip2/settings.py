"""Where a SIP2 server is and how it wants to be spoken to."""

from __future__ import annotations

import codecs
import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sip2Settings:
    """Raises ValueError for values that cannot work or would send PINs readable through a foreign network."""

    host: str
    port: int = 6001
    institution: str = ""
    """AO: the library's id on that system."""
    user: str = ""
    """CN of the login; "" when the server wants no login."""
    password: str = field(default="", repr=False)
    location: str = ""
    """CP: where this service stands, a code that the server knows."""
    terminal_password: str = field(default="", repr=False)
    """AC; most servers want none."""
    encoding: str = "utf-8"
    """Of texts: utf-8, cp1251, cp866, latin-1, ascii."""
    tls: bool = False
    authority: str | None = None
    """PEM file of the authority that signed the server's certificate; None for the system's own list."""
    allow_plain_text: bool = False
    """Speak without TLS to a host that is not this one: only through a tunnel or a closed network."""
    connections: int = 4
    connect_s: float = 3.0
    answer_s: float = 5.0
    """Longest wait for one answer."""
    page: int = 20
    """Loans or holds asked for at once."""
    month_first: bool = False
    """Due dates like 12/05/2026 are in December, as American servers write them."""
    believes_ready: bool = False
    """The server's list of available items (AS) is right even where item information does not say "on hold shelf"."""
    sends_pin: bool = False
    """Holds and renewals need the PIN: it is kept in memory for KEPT_S after the reader has keyed it."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Code of a place on that system -> its name in the nominative."""

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise ValueError(f"encoding {self.encoding!r} is not known; try utf-8 or cp1251") from None
        if not self.tls and not self.allow_plain_text and not _is_this_machine(self.host):
            raise ValueError(
                f"SIP2 to {self.host} would send PINs readable by anybody on the way: set tls = true, "
                "or allow_plain_text = true where a tunnel protects the line"
            )
        if self.connections < 1 or self.page < 1:
            raise ValueError("connections and page must be 1 or more")

    def context(self) -> ssl.SSLContext | None:
        """Raises OSError when the authority's file cannot be read."""
        return ssl.create_default_context(cafile=self.authority) if self.tls else None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
