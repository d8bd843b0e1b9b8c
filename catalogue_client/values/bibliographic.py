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
    """Speech: an audiobook."""
    VIDEO = "video"
    MUSIC = "music"
    SCORE = "score"
    MAP = "map"
    PERIODICAL = "periodical"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True)
class Availability:
    """Copies of one record that can be taken now, at one place."""

    place_id: str
    place: str
    """The place's name in the nominative, as the library writes it."""
    copies: int


@dataclass(frozen=True, slots=True)
class Expression:
    """Another record of the same work: a translation, an edition, a volume."""

    record_id: str
    title: str
    language: str
    formats: tuple[Format, ...]
    year: int | None = None
    volume: int | None = None


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
    volume: int | None = None
    """1-based, of a work in several volumes."""
    narrator: str = ""
    """Who reads an audiobook; several joined by ", "."""
    away: str = ""
    """Why no copy can be taken, when `available` is empty: "loan", "reading_room", "awaited", "repair", "lost" (or
    written off), "elsewhere" (at a place that Dauys does not know) or "none" (no copy is known of); ""
    when that is not known."""
    expressions: tuple[Expression, ...] = ()
    """Other records of the same work, in a search: a reader hears the work once. Else empty."""


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
    plot: str = ""
    """What happens in it."""
    character: str = ""
    """Who is in it."""
    series: str = ""
    school_class: int | None = None
    """1 to 11: usual school reading of that class."""
    age: int | None = None
    """Of the child it is for."""
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
    """By what the first record was found: "title" (or its author), "name" (one in another language), "theme", "plot",
    "character", "series", "class", "age"; "" when the words are none of these, or when it is not known."""
    language_apart: bool = False
    """The words asked for are all that was said beside a language."""
    topic: str = ""
    """The words asked for are a question about this topic of the library's own, and no book; "" when they are none."""
