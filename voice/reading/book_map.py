"""A book laid out for reading: its sentences in one row, and which block, chapter and page each is in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from catalogue_client.values.books import BlockKind, BookSentence, BookText, OpenBook

MIN_CHAPTERS = 2
"""Headings of one level that make it the level of chapters; a single one at the top is the title."""


@dataclass(frozen=True, slots=True)
class BookHeading:
    """A heading of the contents."""

    sentence: int
    """0-based, through the whole book."""
    title: str
    level: int
    """1 to 6."""


@dataclass(frozen=True, slots=True)
class BookMap:
    """Made once for a book that is opened. All positions are sentences, 0-based, through the whole book."""

    key: tuple[str, str, int]
    """Title, author and number of sentences: what tells two maps apart."""
    sentences: tuple[BookSentence, ...] = field(compare=False, repr=False)
    blocks: tuple[int, ...] = field(compare=False, repr=False)
    """The first sentence of each block, ascending."""
    headings: tuple[BookHeading, ...] = field(compare=False, repr=False)
    pages: tuple[tuple[int, str], ...] = field(compare=False, repr=False)
    """Where each printed page begins, and its label."""
    notes: frozenset[int] = field(compare=False, repr=False)
    """Sentences that stand in notes."""
    words: tuple[int, ...] = field(compare=False, repr=False)
    """Words before each sentence; the last number is that of all."""
    chapters: tuple[BookHeading, ...] = field(compare=False, repr=False)
    """The headings of the highest level that has several; all where none has."""
    heading_starts: frozenset[int] = field(compare=False, repr=False)
    """Sentences with which a heading begins."""

    @property
    def length(self) -> int:
        """The number of sentences."""
        return len(self.sentences)

    def block(self, at: int) -> int:
        """Return the 0-based block that a sentence is in."""
        return bisect_right(self.blocks, at) - 1

    def chapter(self, at: int) -> BookHeading | None:
        """Return the chapter that a sentence is in; None before the first."""
        after = bisect_right(self.chapters, at, key=lambda each: each.sentence)
        return self.chapters[after - 1] if after else None

    def page(self, at: int) -> str:
        """Return the label of the printed page that a sentence is on; "" where the book has no pages."""
        after = bisect_right(self.pages, at, key=lambda each: each[0])
        return self.pages[after - 1][1] if after else ""


@dataclass(frozen=True, slots=True)
class BookToRead:
    """A book that may be read now, laid out."""

    opened: OpenBook
    map: BookMap


def _chapters(headings: tuple[BookHeading, ...]) -> tuple[BookHeading, ...]:
    for level in range(1, 7):
        found = tuple(each for each in headings if each.level == level)
        if len(found) >= MIN_CHAPTERS:
            return found
    return headings


def book_map(text: BookText) -> BookMap:
    """Lay a book out. Takes a few milliseconds for each thousand sentences: not for the thread of conversations."""
    sentences: list[BookSentence] = []
    blocks: list[int] = []
    headings: list[BookHeading] = []
    pages: list[tuple[int, str]] = []
    notes: set[int] = set()
    for block in text.blocks:
        first = len(sentences)
        blocks.append(first)
        sentences.extend(block.sentences)
        if block.page:
            pages.append((first, block.page))
        if block.kind is BlockKind.HEADING:
            title = " ".join(each.text for each in block.sentences)
            headings.append(BookHeading(first, title, max(block.level, 1)))
        elif block.kind is BlockKind.NOTE:
            notes.update(range(first, len(sentences)))
    words = tuple(accumulate((len(each.text.split()) for each in sentences), initial=0))
    return BookMap(
        (text.title, text.author, len(sentences)),
        tuple(sentences),
        tuple(blocks),
        tuple(headings),
        tuple(pages),
        frozenset(notes),
        words,
        _chapters(tuple(headings)),
        frozenset(each.sentence for each in headings),
    )
