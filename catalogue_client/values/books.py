"""A book of the electronic reading room in one inner form, whatever file it came from; who may read it; where a reader
is in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BookRight(StrEnum):
    """Who may read a book."""

    EVERYBODY = "everybody"
    MEMBERS = "members"
    """Whoever has given ticket and PIN."""
    ELIGIBLE = "eligible"
    """Readers whose right to accessible copies the library has verified (Marrakesh Treaty)."""
    READING_ROOM = "reading_room"
    """Only at a station or desk of the library."""


class BlockKind(StrEnum):
    """What a block of a book is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    VERSE = "verse"
    """One line of a poem."""
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class SoundClip:
    """Where a sentence is spoken in a recording of the book."""

    file: str
    """Name of a file among the book's sounds."""
    start_s: float
    end_s: float | None = None
    """None for the end of the file."""


@dataclass(frozen=True, slots=True)
class BookSentence:
    """One sentence, in one language."""

    text: str
    language: str
    """ISO 639-1, or another tag where the book has one."""
    clip: SoundClip | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a line of verse or a note."""

    kind: BlockKind
    sentences: tuple[BookSentence, ...]
    """At least one."""
    level: int = 0
    """Of a heading, 1 to 6; 0 elsewhere."""
    page: str = ""
    """The label of the printed page that begins with this block; "" where none begins."""


@dataclass(frozen=True, slots=True)
class BookText:
    """What a file of a book came to."""

    title: str
    author: str
    language: str
    """Of the whole, ISO 639-1."""
    blocks: tuple[Block, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class HeldBook:
    """A book that the reading room holds."""

    id: str
    title: str
    author: str
    language: str
    right: BookRight
    record_id: str = ""
    """The record of the catalogue that it is a copy of; "" where there is none."""
    words: int = 0


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place that a reader has marked."""

    sentence: int
    """0-based, through the whole book."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """Where a reader is in a book."""

    sentence: int = 0
    """0-based, through the whole book."""
    bookmarks: tuple[Bookmark, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenBook:
    """A book that may be read now."""

    book: HeldBook
    text: BookText
    place: ReadingPlace = ReadingPlace()
    """The reader's, where one is kept."""
    keeps_place: bool = False
    """The reader has agreed that places are kept with the ticket."""


ReadingRoomAnswer = OpenBook | tuple[HeldBook, ...]
"""What the reading room answers to a conversation."""
