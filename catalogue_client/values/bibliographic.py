"""Records of the catalogue: what was asked, what was found, where copies stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Format(StrEnum):
    """How an edition is read."""

    PRINT = "print"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Availability:
    """Copies of one record that can be taken now, at one place."""

    place_id: str
    place: str
    """The place's name in the nominative, as the library writes it."""
    copies: int


@dataclass(frozen=True, slots=True)
class Record:
    """One work as the catalogue describes it, with where it stands now."""

    id: str
    title: str
    author: str
    """"" when there is none; several joined by ", "."""
    language: str
    """ISO 639-1 code of the text: kk, ru, en, or another."""
    year: int | None = None
    formats: tuple[Format, ...] = (Format.PRINT,)
    subjects: tuple[str, ...] = ()
    annotation: str = ""
    """A few sentences in the record's language; "" when there is none."""
    reading_room_only: bool = False
    available: tuple[Availability, ...] = ()
    """Nearest or fullest place first; empty when every copy is out."""
    standing_known: bool = True
    """False while the database is away: where copies stand is not known."""
    barcodes: tuple[str, ...] = ()
    """Of copies, where a library system gives them: over SIP2 a book is asked for by one of these."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader looks for. Empty fields do not restrict; text is as heard, in any spelling."""

    words: str = ""
    title: str = ""
    author: str = ""
    subject: str = ""
    language: str | None = None
    spoken: str = ""
    """The language in which the reader asks: of books that fit alike, those in it come first. "" for no difference."""
    format: Format | None = None
    place_id: str | None = None
    years: tuple[int, int] | None = None
    """First and last year, both included."""
    new: bool = False
    alternatives: tuple[str, ...] = ()
    """Other hypotheses of the recogniser for `words`, best first."""
    limit: int = 30


@dataclass(frozen=True, slots=True)
class Results:
    """Records in order of fit."""

    records: tuple[Record, ...]
    total: int
    """How many fit in all; `records` may hold fewer."""
    did_you_mean: str = ""
    """A better spelling of what was asked, when nothing or little fits; "" otherwise."""
    sure: bool = False
    """The first record stands out so clearly that it may be offered alone."""
    as_of: datetime | None = None
    """Set when the answer comes from the offline copy: the time it was true."""
    matched_by: str = ""
    """Whether the words asked for are all of a title, author or subject ("title") or name a theme ("theme"); "" when
    they do not, or when it was not asked."""
    language_apart: bool = False
    """The words asked for are all that was said beside a language."""
    topic: str = ""
    """The words asked for are a question about this topic of the library's own, and no book; "" when they are none."""
