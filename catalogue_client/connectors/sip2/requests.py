"""The requests of a library service in SIP2. Only codes and bar codes are sent: servers garble other letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalogue_client.connectors.sip2.settings import Sip2Settings

LANGUAGE = "000"
"""Of the server's own messages: unspecified."""
ANY_COPY = "2"
"""BY: a hold on any copy of the title."""


class Lists:
    """Where the one Y of a patron information request stands (0-based), and the field that lists what it asks for."""

    READY = (0, "AS")
    LOANS = (2, "AU")
    WAITING = (5, "CD")


@dataclass(frozen=True, slots=True)
class Request:
    """A message to be sent, without sequence and checksum."""

    start: str
    """Code and fixed fields."""
    fields: tuple[tuple[str, str], ...]
    answer: str
    """Code of the answer."""


@dataclass(frozen=True, slots=True)
class RequestWriter:
    """Writes the fields that every request repeats."""

    settings: Sip2Settings

    def patron(self, ticket: str, pin: str = "", asked: tuple[int, str] | None = None, first: int = 1) -> Request:
        """63 about a reader, with one page of one of Lists from its `first` entry (1-based)."""
        summary = "".join("Y" if asked and place == asked[0] else " " for place in range(10))
        page = (("BP", f"{first:04}"), ("BQ", f"{first + self.settings.page - 1:04}")) if asked else ()
        return Request(f"63{LANGUAGE}{_now()}{summary}", (*self._reader(ticket, pin), *page), "64")

    def item(self, barcode: str) -> Request:
        """17: what the server knows of one copy."""
        s = self.settings
        return Request(f"17{_now()}", (("AO", s.institution), ("AB", barcode), ("AC", s.terminal_password)), "18")

    def hold(self, ticket: str, pin: str, barcode: str, place: str) -> Request:
        """Hold, 15+."""
        fields = (("BS", place), ("BY", ANY_COPY), *self._reader(ticket, pin), ("AB", barcode))
        return Request(f"15+{_now()}", fields, "16")

    def cancel(self, ticket: str, pin: str, name: str, by: str = "AB") -> Request:
        """Cancel a hold, 15-. `by` says what `name` is: a bar code (AB) or a title (AJ)."""
        return Request(f"15-{_now()}", (*self._reader(ticket, pin), (by, name)), "16")

    def renew(self, ticket: str, pin: str, name: str, by: str = "AB") -> Request:
        """Renew one loan, 29; see `cancel`."""
        return Request(f"29NN{_now()}{_now()}", (*self._reader(ticket, pin), (by, name)), "30")

    def renew_all(self, ticket: str, pin: str) -> Request:
        """Renew all loans, 65."""
        return Request(f"65{_now()}", self._reader(ticket, pin), "66")

    def _reader(self, ticket: str, pin: str = "") -> tuple[tuple[str, str], ...]:
        s = self.settings
        return (("AO", s.institution), ("AA", ticket), ("AC", s.terminal_password), ("AD", pin))


def login(settings: Sip2Settings) -> Request:
    """93, user and password not encrypted: TLS does that."""
    return Request("9300", (("CN", settings.user), ("CO", settings.password), ("CP", settings.location)), "94")


def status() -> Request:
    """99: this service is well, prints nothing, speaks 2.00."""
    return Request("9900302.00", (), "98")


def _now() -> str:
    """Local time, its zone left blank."""
    return datetime.now().strftime("%Y%m%d    %H%M%S")
