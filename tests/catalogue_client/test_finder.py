"""What comes first when several books fit: by title, by subject, by the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.finder import Finder
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.values.bibliographic import Query

WORKS = (
    ("Красный цветок", "Всеволод Гаршин", "ru", "рассказ", 900),
    ("Детки в клетке", "Самуил Маршак", "ru", "поэзия", 900),
    ("Космос", "Карл Саган", "ru", "наука", 10),
    ("Cosmos", "Carl Sagan", "en", "science", 90),
    ("Pale Blue Dot", "Carl Sagan", "en", "космос", 50),
    ("Марсианские хроники", "Рэй Брэдбери", "ru", "космос", 40),
    ("Жёлтый пёс", "Жорж Сименон", "ru", "детектив", 5),
)


@pytest.fixture
def finder() -> Iterator[Finder]:
    index = SearchIndex(":memory:")
    entries = [
        IndexEntry(title, title, author, language, None, (), in_all_languages((subject,)), (), "2026-01-01", popularity)
        for title, author, language, subject, popularity in WORKS
    ]
    index.update(entries, (), 1)
    yield Finder(index)
    index.close()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("ғарыш", ("Pale Blue Dot", "Марсианские хроники")),
        ("маған ғарыш кітап керек", ("Pale Blue Dot", "Марсианские хроники")),
        ("детективы", ("Жёлтый пёс",)),
        ("космос", ("Cosmos", "Космос", "Pale Blue Dot", "Марсианские хроники")),
        ("гаршин", ("Красный цветок",)),
    ],
)
def test_a_subject_said_without_about_comes_after_its_titles_and_before_what_sounds_like_it(
    finder: Finder, words: str, titles: tuple[str, ...]
) -> None:
    assert finder.find(Query(words=words)).record_ids[: len(titles)] == titles


@pytest.mark.parametrize(("spoken", "first"), [("ru", "Космос"), ("en", "Cosmos"), ("kk", "Cosmos")])
def test_of_books_that_fit_alike_those_in_the_readers_language_come_first(
    finder: Finder, spoken: str, first: str
) -> None:
    assert finder.find(Query(words="космос", spoken=spoken)).record_ids[0] == first


def test_a_title_that_reads_like_a_surname_hides_no_author() -> None:
    index = SearchIndex(":memory:")
    index.update(
        [
            IndexEntry(title, title, author, language, None, (), (), (), "2026-01-01", 10)
            for title, author, language in (
                ("Babel", "R. F. Kuang", "en"),
                ("Конармия", "Исаак Бабель", "ru"),
                ("Одесские рассказы", "Исаак Бабель", "ru"),
                ("Бабочка", "Анри Шарьер", "ru"),
            )
        ],
        (),
        1,
    )
    found = Finder(index).find(Query(words="бабель"))
    assert {"Babel", "Конармия", "Одесские рассказы"} == set(found.record_ids[:3]) and not found.sure
    index.close()
