"""Editions, translations and volumes of one work are one answer, whatever order they come in."""

from __future__ import annotations

import random

import pytest

from catalogue_client.search import work_tables
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.search.similar import series_of, similar_to
from catalogue_client.values.bibliographic import Query
from catalogue_client.values.works import Likeness
from catalogue_client.works.known_work import SeriesPlace
from tests.catalogue_client.search.known_works import BASE, entries, entry, finder_of

RECORDS = (
    entry("kk", "Ақ кеме", "Шыңғыс Айтматов", "kk"),
    entry("ru", "Белый пароход", "Ч. Айтматов", "ru"),
    entry("ru2", "Белый пароход: повесть", "Айтматов Ч.", "ru", formats=("audio",)),
    entry("de", "Der weiße Dampfer", "Tschingis Aitmatow", "de", work_titles=("Белый пароход",)),
    entry("stranger", "Белый пароход", "Иван Иванов", "ru"),
    entry("nobody", "Белый пароход", "", "ru"),
)


def works(index: SearchIndex) -> dict[str, int]:
    return work_tables.works(index.connection, [record.record_id for record in RECORDS])


@pytest.mark.parametrize("seed", range(5))
def test_one_work_in_whatever_order_and_batches_its_records_come(seed: int) -> None:
    records = random.Random(seed).sample(RECORDS, len(RECORDS))
    index = SearchIndex(":memory:")
    for generation, record in enumerate(records, 1):
        index.update([record], (), generation)
    found = works(index)
    assert found["kk"] == found["ru"] == found["ru2"] != found["stranger"] != found["nobody"]
    assert found["nobody"] != found["kk"]  # a title alone is not enough
    index.close()


def test_works_part_again_when_the_record_that_joined_them_goes() -> None:
    index = SearchIndex(":memory:")
    records = [
        entry("one", "Первая", "Анна Белова", "ru", isbns=("1",)),
        entry("both", "Вторая", "Анна Белова", "ru", isbns=("1", "2")),
        entry("two", "Третья", "Анна Белова", "ru", isbns=("2",)),
    ]
    index.update(records, (), 1)
    found = work_tables.works(index.connection, ["one", "both", "two"])
    assert len(set(found.values())) == 1
    index.update((), ["both"], 2)
    found = work_tables.works(index.connection, ["one", "two"])
    assert len(set(found.values())) == 2
    index.close()


def test_a_work_is_offered_once_by_the_record_that_fits_and_its_others_are_known() -> None:
    with finder_of(RECORDS) as finder:
        found = finder.find(Query(words="белый пароход айтматов"))
        assert found.record_ids[0] in ("ru", "ru2") and found.sure
        assert {"kk", "ru", "ru2"}.isdisjoint(found.record_ids[1:])
        assert {"kk", "ru", "ru2"} == set(finder.editions(["kk"])["kk"]) | {"kk"}
        kazakh = finder.find(Query(words="ақ кеме", language="kk"))
        assert kazakh.record_ids == ("kk",) and kazakh.total == 1


def test_two_works_of_one_title_are_two_and_not_sure() -> None:
    with finder_of(RECORDS) as finder:
        found = finder.find(Query(words="белый пароход"))
        assert not found.sure and len({"ru", "ru2", "stranger", "nobody"} & set(found.record_ids)) == 3


def test_a_translation_without_its_original_is_found_by_the_originals_name() -> None:
    with finder_of([entry("ru", "Белый пароход", "Чингиз Айтматов", "ru"), *entries(BASE.works[4:8])]) as finder:
        assert finder.find(Query(words="ақ кеме")).record_ids[0] == "ru"
        assert finder.editions(["ru"]) == {"ru": ()}


def test_similar_books_say_what_they_share() -> None:
    index = SearchIndex(":memory:")
    index.update(entries(BASE.works), (), 1)
    like = similar_to(index, "Двенадцать стульев ru")
    assert (like[0].record_id, like[0].likeness) == ("Золотой телёнок ru", Likeness.SERIES)
    by_theme = next(other for other in similar_to(index, "Wuthering Heights en") if other.likeness is Likeness.THEME)
    assert {"kk", "ru", "en"} == set(dict(by_theme.shared))
    assert all(other.record_id != "Белый пароход ru" for other in similar_to(index, "Ақ кеме kk"))
    assert similar_to(index, "none") == []
    index.close()


def test_series_stand_in_order_and_without_numbers_promise_nothing() -> None:
    index = SearchIndex(":memory:")
    bare = [
        entry(title, title, "Пётр Сериев", "ru", series=(SeriesPlace("Без чисел", None),)) for title in ("Море", "Лес")
    ]
    index.update([*entries(BASE.works), *bare], (), 1)
    finder = JoinedFinder(index)
    bender = series_of(index, "Золотой телёнок ru")
    assert bender is not None and bender.name == "Остап Бендер"
    assert bender.books == (("Двенадцать стульев ru", 1), ("Золотой телёнок ru", 2))
    assert finder.following("Двенадцать стульев ru", "ru") == ("Золотой телёнок ru",)
    assert finder.following("Золотой телёнок ru", "ru") == ()
    unnumbered = series_of(index, "Море")
    assert unnumbered is not None and [place for _, place in unnumbered.books] == [None, None]
    assert finder.following("Море", "ru") == ()
    assert finder.find(Query(words="продолжение романа море")).matched_by != "series"
    index.close()


def test_volumes_of_a_work_are_one_answer_and_follow_each_other() -> None:
    volumes = [
        entry(
            f"v{number}", f"Абай жолы. {number}-том", "Мұхтар Әуезов", "kk", work_titles=("Абай жолы",), volume=number
        )
        for number in (1, 2, 3)
    ]
    index = SearchIndex(":memory:")
    index.update(volumes, (), 1)
    finder = JoinedFinder(index)
    assert len(finder.find(Query(words="абай жолы")).record_ids) == 1
    assert finder.find(Query(words="абай жолы екінші том")).record_ids == ("v2",)
    assert finder.following("v1", "kk") == ("v2",) and finder.following("v3", "kk") == ()
    known = series_of(index, "v2")
    assert known is not None and known.is_work and len(known.books) == 3
    index.close()
