"""What a conversation asks of the electronic reading room."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.books import HeldBook, OpenBook
from voice.dialogue.commands import ChangeCommand, Command
from voice.reading.book_map import BookMap, BookToRead
from voice.reading.book_moves import TextFound
from voice.values.intents import Intent


@dataclass(frozen=True, slots=True)
class FindBooks(Command[tuple[HeldBook, ...]]):
    """Books to be read here; all without words. Answered with tuple[HeldBook, ...], the likest first."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class CopiesToRead(Command[tuple[HeldBook, ...]]):
    """The books that are copies of a record of the catalogue. Answered with tuple[HeldBook, ...]."""

    record_id: str


@dataclass(frozen=True, slots=True)
class ListBooksBegun(Command[tuple[HeldBook, ...]]):
    """Books in which the reader's place is kept. Answered with tuple[HeldBook, ...], the last read first."""

    ticket: str
    reads_on: bool = False
    """Go on with the first of them, rather than say which they are."""


@dataclass(frozen=True, slots=True)
class OpenToRead(Command[BookToRead]):
    """A book, with the reader's place in it. Answered with BookToRead."""

    book: HeldBook
    ticket: str
    """"" for nobody's."""
    at_library: bool


@dataclass(frozen=True, slots=True)
class FindInBook(Command[TextFound]):
    """The next place with these words in an open book. Answered with TextFound."""

    map: BookMap
    words: str
    at: int
    """Looked for behind this sentence, then from the beginning."""


@dataclass(frozen=True, slots=True)
class JoinPlaces(Command[OpenBook]):
    """What is kept of a reader in a book that was opened before she said who she is. Answered with OpenBook."""

    book: HeldBook
    ticket: str
    at_library: bool
    signs_in: bool = False
    """She has just signed in: what follows that follows this."""
    then: Intent | None = None
    """What waited for her ticket."""


@dataclass(frozen=True, slots=True)
class AllowPlaces(ChangeCommand[None]):
    """Keep places and bookmarks with the ticket from now on. Answered with None."""

    looked_up = "_later"
    ticket: str


@dataclass(frozen=True, slots=True)
class ForgetPlaces(ChangeCommand[None]):
    """Forget the reader's places and bookmarks. Answered with None."""

    looked_up = "_later"
    ticket: str
