"""Position and move to position: by sentence, paragraph, heading, chapter, page and minute; where that is; what is said
next; a word looked for. All pure: the same map and position always give the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from voice.reading.book_map import BookMap

MOST_SENTENCES_AT_ONCE = 6
"""Given out together; the next ones are made while these sound."""
MOST_CHARACTERS_AT_ONCE = 500
MIN_STEM = 3
"""Letters that are left of a word when its ending is not looked at."""
LONGEST_ENDING = 3


class ReadingUnit(StrEnum):
    """What a reader moves by."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CHAPTER = "chapter"
    PAGE = "page"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class BookWhereabouts:
    """Where a reader is."""

    chapter: str
    """"" where the book has none, or before the first."""
    page: str
    """The printed page; "" where none is known."""
    percent: int
    """0 to 100."""
    minutes_left: int
    """Of the whole book, at the reader's rate, rounded up."""
    minutes_of_chapter: int
    """To the end of the chapter."""


def moved(book: BookMap, at: int, unit: ReadingUnit, steps: int, words_a_minute: int) -> int | None:
    """Return where a move of `steps` units leads, back when negative; None when there is no more that way.

    Back from the middle of a paragraph, chapter or page leads to its beginning first.
    """
    if unit is ReadingUnit.MINUTE:
        return _by_minutes(book, at, steps, words_a_minute)
    starts: Sequence[int] = _starts(book, unit)
    here = bisect_right(starts, at) - 1
    back_to_beginning = steps < 0 and here >= 0 and starts[here] < at
    wanted = here + steps + (1 if back_to_beginning else 0)
    return starts[wanted] if 0 <= wanted < len(starts) else None


def _starts(book: BookMap, unit: ReadingUnit) -> Sequence[int]:
    """Where units begin."""
    match unit:
        case ReadingUnit.SENTENCE:
            return range(book.length)
        case ReadingUnit.HEADING:
            return [each.sentence for each in book.headings]
        case ReadingUnit.CHAPTER:
            return [each.sentence for each in book.chapters]
        case ReadingUnit.PAGE:
            return [sentence for sentence, _ in book.pages]
        case _:
            return book.blocks


def _by_minutes(book: BookMap, at: int, minutes: int, words_a_minute: int) -> int | None:
    wanted = book.words[at] + minutes * words_a_minute
    if (wanted < 0 and at == 0) or (wanted >= book.words[-1] and minutes > 0):
        return None
    found = bisect_left(book.words, max(wanted, 0))
    return min(max(found, at + 1) if minutes > 0 else min(found, at), book.length - 1)


def whereabouts(book: BookMap, at: int, words_a_minute: int) -> BookWhereabouts:
    """Return where a sentence is, with times at a rate of speech."""
    chapter = book.chapter(at)
    after = bisect_right(book.chapters, at, key=lambda each: each.sentence)
    end = book.chapters[after].sentence if after < len(book.chapters) else book.length
    return BookWhereabouts(
        chapter.title if chapter else "",
        book.page(at),
        100 * book.words[at] // max(book.words[-1], 1),
        _minutes(book.words[-1] - book.words[at], words_a_minute),
        _minutes(book.words[end] - book.words[at], words_a_minute),
    )


def _minutes(words: int, words_a_minute: int) -> int:
    return -(-words // words_a_minute)


def passage(book: BookMap, at: int, *, skip_notes: bool = False) -> tuple[int, ...]:
    """Return the sentences that are given out together from `at` on; none at the end of the book.

    A heading begins a passage, and never ends one alone.
    """
    headings = book.heading_starts
    found: list[int] = []
    characters = 0
    for sentence in range(at, book.length):
        if skip_notes and sentence in book.notes:
            continue
        full = len(found) == MOST_SENTENCES_AT_ONCE or characters > MOST_CHARACTERS_AT_ONCE
        if found and (full or (sentence in headings and found[-1] not in headings)):
            break
        found.append(sentence)
        characters += len(book.sentences[sentence].text)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TextFound:
    """Where words stand in a book."""

    sentence: int | None
    """None where they do not."""


def found_after(book: BookMap, words: str, at: int) -> int | None:
    """Return the next sentence after `at` that has the words, from the beginning when there is none behind; None
    without any. First as they were said, then without their endings. Goes through the whole book: not for the thread of
    conversations."""
    plain = _plain(words)
    if not plain:
        return None
    stems = [word[: max(MIN_STEM, len(word) - LONGEST_ENDING)] for word in plain.split()]
    order: list[int] = [*range(at + 1, book.length), *range(at + 1)]
    near: int | None = None
    for sentence in order:
        text = _plain(book.sentences[sentence].text)
        if plain in text:
            return sentence
        if near is None and all(stem in text for stem in stems):
            near = sentence
    return near


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
