"""Where a Koha is and who this service is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class KohaSettings:
    """Raises ValueError for an address that cannot work or would send PINs readable through a network.

    The user needs the permissions `borrowers`, `catalogue`, `circulate` and `reserveforothers`; Koha must allow
    RESTBasicAuth.
    """

    url: str
    """Of the staff interface, such as https://staff.library.example."""
    user: str
    password: str = field(repr=False)
    answer_s: float = 5.0
    connections: int = 8

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"the address of Koha must begin with https://, not {self.url!r}")
        if address.scheme == "http" and address.hostname not in THIS_MACHINE:
            raise ValueError(f"http to {address.hostname} would send PINs readable by anybody: write https://")
