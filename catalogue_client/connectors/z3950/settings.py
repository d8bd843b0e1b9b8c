"""Where a Z39.50 server is and what it calls its indexes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

ADDRESS = re.compile(r"[\w.:-]+:\d{1,5}/[\w.-]+")
SYNTAXES = ("usmarc", "unimarc", "rusmarc")


@dataclass(frozen=True, slots=True)
class Z3950Settings:
    """Raises ValueError for values that cannot work."""

    address: str
    """host:port/database."""
    syntax: str = "usmarc"
    """The kind of MARC that is asked for, one of SYNTAXES; what comes back is recognised by itself."""
    encoding: str = "utf-8"
    """Of the words in a query."""
    anywhere: int = 1016
    """Use attribute of the set bib-1, as all that follow."""
    title: int = 4
    author: int = 1003
    subject: int = 21
    date: int = 31
    number: int = 12
    """The record's own number."""
    answer_s: float = 5.0
    connections: int = 4
    """Programs that run at once."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Code of a place in the records -> its name in the nominative."""

    def __post_init__(self) -> None:
        if not ADDRESS.fullmatch(self.address):
            raise ValueError(f"the address of a Z39.50 server is host:port/database, not {self.address!r}")
        if self.syntax not in SYNTAXES:
            raise ValueError(f"the syntax of Z39.50 is one of {', '.join(SYNTAXES)}, not {self.syntax!r}")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise ValueError(f"encoding {self.encoding!r} is not known; try utf-8 or cp1251") from None
