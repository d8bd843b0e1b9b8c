"""What is asked of the catalogue, its places, and what the library knows of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from catalogue_client.values.bibliographic import Availability, Query, Record, Results
from catalogue_client.values.knowledge import AskedQuestion, LibraryAnswer
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.works import BookSeries, SimilarRecord
from voice.dialogue.commands.command import Command
from voice.values.intents import Intent
from voice.values.lines import Line
from voice.values.refusals import RefusalReason


class SearchPurpose(Enum):
    """Why a search is made; what an answer means depends on it."""

    NEW = auto()
    NARROW = auto()
    """The search at hand with one more condition."""
    BARE_TITLE = auto()
    """Words without an intent: the catalogue decides whether they are a title."""
    WIDER = auto()
    """Without the language, format or place with which nothing was found."""
    LANGUAGE_OR_TITLE = auto()
    """Words beside a language: a book, or talk."""
    TO_THE_LETTER = auto()
    """Words that seem to be talk, unless a title is written just so."""


@dataclass(frozen=True, slots=True)
class Search(Command[Results]):
    """Answered with Results."""

    query: Query
    purpose: SearchPurpose = SearchPurpose.NEW
    beside: str | None = None
    """LANGUAGE_OR_TITLE: the language that was said beside the words."""
    said: str = ""
    """LANGUAGE_OR_TITLE: the whole utterance."""
    text: str = field(default="", compare=False)
    """The whole utterance: it may be a question for which staff have written an answer."""
    refused: RefusalReason | None = None
    """TO_THE_LETTER: why the words are refused when they are no title."""


@dataclass(frozen=True, slots=True)
class ListNewBooks(Command[Results]):
    """Answered with Results."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class FindSimilar(Command[tuple[SimilarRecord, ...]]):
    """Books like this one. Answered with tuple[SimilarRecord, ...], the likest first."""

    record_id: str


@dataclass(frozen=True, slots=True)
class FindSeries(Command[BookSeries | None]):
    """The series or the volumes of a book. Answered with BookSeries, None when it is in none."""

    record_id: str


@dataclass(frozen=True, slots=True)
class FindHoldings(Command[tuple[Availability, ...]]):
    """Where a record stands now. Answered with tuple[Availability, ...]."""

    record_id: str
    near: str | None = None
    """Place id; nearest first."""


@dataclass(frozen=True, slots=True)
class FindPlace(Command[tuple[Place, ...]]):
    """Answered with tuple[Place, ...], best first; all places when the name is ""."""

    name: str
    said: str = ""
    """The whole utterance: it may say that a library is meant, or a station."""
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class FindRecord(Command[Record]):
    """The book that a hold or a loan is of. Answered with Record."""

    record_id: str


@dataclass(frozen=True, slots=True)
class AskLibrary(Command[LibraryAnswer]):
    """What is known about a topic. Answered with LibraryAnswer."""

    topic: str
    """"" for a question that belongs to none."""
    asked: str = ""
    """The whole utterance."""


@dataclass(frozen=True, slots=True)
class NoteQuestion(Command[None]):
    """Count what nobody here knows; with its words where the reader wants it passed on. Answered with None."""

    outlives_deadline = True
    question: AskedQuestion
    asked: str = ""
    """The whole utterance, to be passed on if the reader wants that."""
    known: tuple[Line, ...] = ()
    """What is said of it all the same."""
