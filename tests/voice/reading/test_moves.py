"""Where moves lead in a book, from every sentence of it."""

from __future__ import annotations

import pytest

from catalogue_client.values.books import Block, BlockKind, BookSentence, BookText
from voice.reading.book_map import BookMap, book_map
from voice.reading.book_moves import ReadingUnit, found_after, moved, passage, whereabouts

RATE = 170


def block(kind: BlockKind, *texts: str, level: int = 0, page: str = "") -> Block:
    return Block(kind, tuple(BookSentence(text, "ru") for text in texts), level, page)


def small_book() -> BookMap:
    """0 title · 1 chapter · 2-3 · 4 note · 5 chapter · 6 heading · 7-9"""
    return book_map(
        BookText("Степь", "", "ru", (
            block(BlockKind.HEADING, "Степь", level=1),
            block(BlockKind.HEADING, "Глава первая", level=2, page="1"),
            block(BlockKind.PARAGRAPH, "Ехала бричка.", "Было жарко."),
            block(BlockKind.NOTE, "Сноска."),
            block(BlockKind.HEADING, "Глава вторая", level=2, page="2"),
            block(BlockKind.HEADING, "Вечер", level=3),
            block(BlockKind.PARAGRAPH, "Ёлки стояли.", "Пошёл дождь.", "Всё стихло."),
        ))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "at", "steps", "expected"),
    [
        ("sentence", 2, 1, 3), ("sentence", 2, -1, 1), ("sentence", 9, 1, None), ("sentence", 0, -1, None),
        ("paragraph", 2, 1, 4), ("paragraph", 3, -1, 2), ("paragraph", 2, -1, 1), ("paragraph", 8, 1, None),
        ("chapter", 2, 1, 5), ("chapter", 8, -1, 5), ("chapter", 5, -1, 1), ("chapter", 0, 1, 1),
        ("chapter", 0, -1, None), ("heading", 5, 1, 6), ("heading", 6, 1, None), ("page", 2, 1, 5),
        ("page", 3, -1, 1), ("minute", 0, 1, None), ("minute", 9, -1, 0),
    ],
)  # fmt: skip
def test_a_move_leads_where_it_says(unit: str, at: int, steps: int, expected: int | None) -> None:
    assert moved(small_book(), at, ReadingUnit(unit), steps, RATE) == expected


def test_every_move_stays_in_the_book_and_goes_its_way() -> None:
    book = small_book()
    for at in range(book.length):
        for unit in ReadingUnit:
            for steps in (-3, -1, 1, 3):
                to = moved(book, at, unit, steps, 3)
                assert to is None or 0 <= to < book.length
                assert to is None or (to > at if steps > 0 else to <= at), (unit, at, steps, to)


def test_passages_from_beginning_to_end_have_every_sentence_once() -> None:
    book = small_book()
    at, heard = 0, []
    while given := passage(book, at):
        heard += given
        at = given[-1] + 1
    assert heard == list(range(book.length))
    assert 4 not in [each for at in range(book.length) for each in passage(book, at, skip_notes=True)]
    assert passage(book, 0) == (0, 1, 2, 3, 4)


def test_where_and_how_long() -> None:
    where = whereabouts(small_book(), 6, 1)
    assert (where.chapter, where.page, where.percent) == ("Глава вторая", "2", 58)
    assert (where.minutes_left, where.minutes_of_chapter) == (7, 7)
    assert whereabouts(small_book(), 1, 1).minutes_of_chapter == 7
    assert whereabouts(small_book(), 0, RATE).chapter == ""


@pytest.mark.parametrize(
    ("words", "at", "expected"),
    [
        ("елки", 0, 7),
        ("бричка", 0, 2),
        ("бричку", 5, 2),
        ("глава", 1, 5),
        ("глава", 5, 1),
        ("слон", 0, None),
        (" ", 0, None),
    ],
)
def test_a_word_is_found_behind_and_then_from_the_beginning(words: str, at: int, expected: int | None) -> None:
    assert found_after(small_book(), words, at) == expected
