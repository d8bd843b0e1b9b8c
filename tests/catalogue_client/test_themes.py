"""What books are about: in titles, headings and annotations, in whatever language and ending it is said."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.finder import Finder
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.search.themes import themes
from catalogue_client.seed.works import WORKS, tsv_files
from catalogue_client.values.bibliographic import Format, Query

BOOKS = (
    ("Первая любовь", "Иван Тургенев", "ru", "повесть", ""),
    ("Махаббат мұңы", "Тахауи Ахтанов", "kk", "роман", ""),
    ("Pride and Prejudice", "Jane Austen", "en", "novel", "Two people overcome pride on their way to love."),
    ("Медведь", "Антон Чехов", "ru", "драма", ""),
    ("Сын Кагана", "Неизвестный", "ru", "роман", "О жизни аула в степи."),
    ("Про это", "Владимир Маяковский", "ru", "поэзия", "О любви."),
    ("Космос", "Карл Саган", "ru", "наука", ""),
    ("Ғарыш жолы", "Талғат Мұсабаев", "kk", "ғарыш", ""),
    ("Справочник", "Неизвестный", "ru", "Пчеловодство", ""),
    ("Вадим", "Михаил Лермонтов", "ru", "повесть", ""),
)


@pytest.fixture
def finder() -> Iterator[Finder]:
    index = SearchIndex(":memory:")
    entries = [
        IndexEntry(title, title, author, language, None, (Format.PRINT,), in_all_languages((subject,)), (),
                   "2026-01-01", 9, annotation)
        for title, author, language, subject, annotation in BOOKS
    ]  # fmt: skip
    index.update(entries, (), 1)
    yield Finder(index)
    index.close()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("любовь", {"Первая любовь", "Махаббат мұңы", "Pride and Prejudice", "Про это"}),
        ("любви", {"Первая любовь", "Махаббат мұңы", "Pride and Prejudice", "Про это"}),
        ("махаббат", {"Первая любовь", "Махаббат мұңы", "Pride and Prejudice", "Про это"}),
        ("махаббаттың", {"Первая любовь", "Махаббат мұңы", "Pride and Prejudice", "Про это"}),
        ("love", {"Первая любовь", "Махаббат мұңы", "Pride and Prejudice", "Про это"}),
        ("медведях", {"Медведь"}),
        ("жизнь в ауле", {"Сын Кагана"}),
        ("пчеловодстве", {"Справочник"}),
        ("space", {"Ғарыш жолы", "Космос"}),
        ("роман", {"Махаббат мұңы", "Pride and Prejudice", "Сын Кагана"}),  # a novella (повесть) is none
    ],
)
def test_a_theme_is_found_wherever_it_stands(finder: Finder, said: str, found: set[str]) -> None:
    assert set(finder.find(Query(subject=said)).record_ids) == found


@pytest.mark.parametrize(
    "said", ["про любовь", "о любви", "махаббат туралы", "маған махаббат жайлы кітап", "about love"]
)
def test_about_is_understood_without_the_conversation(finder: Finder, said: str) -> None:
    found = finder.find(Query(words=said))
    assert set(found.record_ids) == {"Первая любовь", "Махаббат мұңы", "Pride and Prejudice", "Про это"}
    assert not found.did_you_mean


def test_a_title_that_begins_like_a_theme_comes_first(finder: Finder) -> None:
    assert finder.find(Query(words="про это")).record_ids[0] == "Про это"


def test_a_language_narrows_a_theme_or_goes_first(finder: Finder) -> None:
    assert finder.find(Query(subject="любви", language="kk")).record_ids == ("Махаббат мұңы",)
    assert finder.find(Query(subject="любви", language="en")).record_ids == ("Pride and Prejudice",)
    assert finder.find(Query(words="космос на казахском")).record_ids[:2] == ("Ғарыш жолы", "Космос")
    assert finder.find(Query(words="қазақша махаббат туралы")).record_ids[0] == "Махаббат мұңы"


def test_only_some_words_of_a_theme_are_a_guess(finder: Finder) -> None:
    found = finder.find(Query(subject="пчеловодство в космосе"))
    assert set(found.record_ids) >= {"Справочник", "Космос"} and found.did_you_mean


def test_a_theme_that_stands_nowhere_is_not_answered_with_anything(finder: Finder) -> None:
    assert finder.find(Query(subject="бухгалтерии")).record_ids == ()


@pytest.mark.parametrize(
    "said", ["", "про", "туралы", 'любовь" OR (', "про NEAR(*) {titles}: ^a", "о " * 3_000, "-", "\x00"]
)
def test_nothing_that_is_said_breaks_a_search(finder: Finder, said: str) -> None:
    finder.find(Query(subject=said))
    finder.find(Query(words=said))
    assert len(finder.find(Query(words=f"про любовь {said}"[:300])).record_ids) >= 0


def test_a_changed_record_leaves_its_old_theme() -> None:
    index = SearchIndex(":memory:")
    one = ("r", "Ничего", "", "ru", None, (), (), (), "2026-01-01", 1)
    index.update([IndexEntry(*one, "О любви.")], (), 1)
    assert Finder(index).find(Query(subject="любовь")).record_ids == ("r",)
    index.update([IndexEntry(*one, "О войне.")], (), 2)
    assert Finder(index).find(Query(subject="любовь")).record_ids == ()
    assert Finder(index).find(Query(subject="война")).record_ids == ("r",)
    index.start_again()
    assert Finder(index).find(Query(subject="война")).record_ids == ()
    index.close()


def test_every_word_of_the_shipped_titles_subjects_and_annotations_is_a_theme_that_finds_something() -> None:
    index = SearchIndex(":memory:")
    rows = []
    for path in tsv_files(WORKS):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    index.update(
        (
            IndexEntry(str(number), row["title"], row["author"], row["language"], None, (),
                  in_all_languages(row["subjects"].split(";")), tuple(row["aliases"].split(";")), "2026-01-01", 1,
                  row["annotation"] or "")
            for number, row in enumerate(rows)
        ), (), 1,
    )  # fmt: skip
    finder = Finder(index)
    words = {
        word.strip(".,;:!?«»()\"'’").lower()
        for row in rows[::7]
        for word in f"{row['title']} {row['subjects'].replace(';', ' ')} {row['annotation'] or ''}".split()
    }
    asked = sorted(word for word in words if len(word) > 3 and word.isalpha())
    assert len(asked) > 500
    assert [word for word in asked if not finder.find(Query(subject=word)).record_ids] == []
    index.close()


def test_what_stands_before_or_after_a_theme() -> None:
    assert themes().named("что-нибудь про войну").theme == "войну"
    assert themes().named("соғыс туралы кітап").theme == "соғыс"
    assert themes().named("туралы").theme == ""
    named = themes().named("книги про животных на казахском языке")
    assert (named.theme, named.language, named.rest) == ("животных", "kk", "книги про животных")
    assert themes().named("қазақша").language == ""  # nothing is left to look for


def test_several_themes_need_no_about(finder: Finder) -> None:
    found = finder.find(Query(words="роман о степи"))
    assert found.record_ids[0] == "Сын Кагана" and not found.did_you_mean
    assert finder.find(Query(words="пьеса медведь")).record_ids[0] == "Медведь"
    assert set(finder.find(Query(words="махаббат романдары")).record_ids) >= {"Махаббат мұңы", "Pride and Prejudice"}
