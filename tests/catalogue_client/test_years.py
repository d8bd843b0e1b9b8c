"""Years in what is asked."""

from __future__ import annotations

import pytest

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.finder import Finder
from catalogue_client.search.index import SearchIndex
from catalogue_client.values.bibliographic import Query
from languages.year_parsing import dated


@pytest.mark.parametrize(
    ("said", "years", "rest"),
    [
        ("романы до 1917 года", (0, 1916), "романы"),
        ("1942 жылы шыққан кітаптар", (1942, 1942), "кітаптар"),
        ("1990 жылға дейінгі өлеңдер", (0, 1989), "өлеңдер"),
        ("1990 жылдан кейін", (1991, 9999), ""),
        ("книги 1960-х годов", (1960, 1969), "книги"),
        ("books from the 1960s", (1960, 1969), "books"),
        ("novels before 1900", (0, 1899), "novels"),
        ("since 2000", (2000, 9999), ""),
        ("с 1941 по 1945 год", (1941, 1945), ""),
        ("from 1941 to 1945", (1941, 1945), ""),
        ("издано в 2005 году", (2005, 2005), "издано"),
    ],
)
def test_years_are_read_in_three_languages(said: str, years: tuple[int, int], rest: str) -> None:
    found = dated(said)
    assert found is not None and (found.years, found.rest) == (years, rest)


@pytest.mark.parametrize("said", ["1984", "100 лет одиночества", "двадцать тысяч льё", "в году", ""])
def test_a_number_alone_is_no_year(said: str) -> None:
    assert dated(said) is None


def test_years_narrow_a_search_but_not_a_title() -> None:
    index = SearchIndex(":memory:")
    works = (("Лето 1941 года", 1990, 5), ("Война и мир", 1869, 9), ("Война миров", 1898, 8), ("Дети Арбата", 1987, 3))
    index.update(
        [
            IndexEntry(title, title, "", "ru", year, (), ("роман",), (), "2026-01-01", read)
            for title, year, read in works
        ],
        (),
        1,
    )
    finder = Finder(index)
    assert finder.find(Query(words="лето 1941 года")).record_ids[0] == "Лето 1941 года"
    assert finder.find(Query(words="до 1890 года")).record_ids == ("Война и мир",)
    assert finder.find(Query(words="книги про войну после 1890 года")).record_ids == ("Война миров",)
    assert set(finder.find(Query(words="роман 1980-х годов")).record_ids) == {"Дети Арбата"}
    index.close()
