"""The places of the reading room: a book that is being read, and its lists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from catalogue_client.values.books import Bookmark, HeldBook, ReadingPlace
from voice.dialogue.dialogue_state import DialogueState, ListState
from voice.reading.book_map import BookHeading, BookMap
from voice.values.intents import IntentName


@dataclass(frozen=True, slots=True)
class ReadingBook(DialogueState):
    """A book is open: it is being read, or stands still."""

    name = "reading"
    answers_itself = frozenset(
        {IntentName.STOP, IntentName.REPEAT, IntentName.WHERE_AM_I, IntentName.WAIT, IntentName.BACK}
    )
    book: HeldBook
    map: BookMap
    at: int = 0
    """The sentence that the reader hears, or that her fingers are at: 0-based, through the whole book."""
    to: int = field(default=0, compare=False)
    """The sentence behind those that were given out last: it makes no other place."""
    goes_on: bool = field(default=False, compare=False)
    """The next sentences follow when these have been heard."""
    bookmarks: tuple[Bookmark, ...] = ()
    keeps: bool = False
    """The place is kept with the reader's ticket."""
    ticket: str = ""
    """Whose kept place and bookmarks are in this one; "" while nobody's are. It is kept with no other."""
    hinted: bool = field(default=False, compare=False)
    """That the place can be kept has been said."""
    until: datetime | None = None
    """When to stop by itself."""
    looked_for: str = ""
    """What was last looked for in the text."""
    skips_notes: bool = False

    @property
    def reads_aloud(self) -> bool:
        return self.goes_on

    @property
    def place(self) -> ReadingPlace:
        """What is kept of the reader in this book."""
        return ReadingPlace(min(self.at, self.map.length - 1), self.bookmarks)

    def reached(self, sentence: int) -> ReadingBook:
        """This sentence is heard now."""
        return replace(self, at=sentence) if 0 <= sentence < self.map.length else self

    def interrupted(self) -> ReadingBook:
        """What was given out and not heard yet is to be given out again."""
        return replace(self, to=self.at)

    def still(self) -> ReadingBook:
        """Reading stands still here."""
        return replace(self, goes_on=False)


@dataclass(frozen=True, slots=True)
class BookList(ListState[HeldBook]):
    """Books that can be read here."""

    name = "books"
    takes_titles = True


@dataclass(frozen=True, slots=True)
class BookContents(ListState[BookHeading]):
    """The headings of the book that is open."""

    name = "contents"


@dataclass(frozen=True, slots=True)
class BookmarkList(ListState[Bookmark]):
    """The reader's bookmarks in the book that is open."""

    name = "bookmarks"
