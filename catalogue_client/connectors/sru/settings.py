"""Where an SRU server is and how its indexes are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VERSIONS = ("1.1", "1.2", "2.0")


@dataclass(frozen=True, slots=True)
class SruSettings:
    """Raises ValueError for values that cannot work."""

    url: str
    """Of the database, such as http://127.0.0.1:9998/library."""
    version: str = "1.1"
    schema: str = "marcxml"
    """As the server calls MARCXML."""
    anywhere: str = "cql.anywhere"
    title: str = "dc.title"
    author: str = "dc.creator"
    subject: str = "dc.subject"
    language: str = "dc.language"
    date: str = "dc.date"
    number: str = "rec.id"
    """Index of the record's own number (001)."""
    page: int = 50
    """Records asked for at once; servers may give fewer."""
    answer_s: float = 5.0
    connections: int = 8
    places: Mapping[str, str] = field(default_factory=dict)
    """Code of a place in the records -> its name in the nominative."""

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"the SRU address must begin with http:// or https://, not {self.url!r}")
        if self.version not in VERSIONS:
            raise ValueError(f"SRU version {self.version!r} is not known; one of {', '.join(VERSIONS)}")
        if self.page < 1 or self.connections < 1:
            raise ValueError("page and connections must be 1 or more")
