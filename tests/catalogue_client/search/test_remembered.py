"""Books are found by what a reader remembers of them, in three languages, and the answer says how it was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.values.bibliographic import Format, Query
from catalogue_client.works.knowledge_base import KnowledgeBase
from catalogue_client.works.known_work import KnownWork
from tests.catalogue_client.search.known_works import BASE, entries, entry, finder_of


@pytest.fixture(scope="module")
def finder() -> Iterator[JoinedFinder]:
    with finder_of(entries(BASE.works)) as finder:
        yield finder


def titles(finder: JoinedFinder, words: str, spoken: str = "") -> list[str]:
    return [one[:-3] for one in finder.find(Query(words=words, spoken=spoken)).record_ids]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("матрос попал на необитаемый остров и прожил там двадцать восемь лет", "Робинзон Крузо"),
        ("разумный океан на далёкой планете", "Солярис"),
        ("у бедного чиновника украли новое пальто шинель в петербурге", "Шинель"),
        ("графиня открывает тайну трёх карт", "Пиковая дама"),
        ("the pigs take over the farm", "Animal Farm"),
        ("a captain hunts the white whale that took his leg", "Moby-Dick"),
        ("бәйгеде өлтірілген тұлпар туралы", "Құлагер"),
        ("бала дүрбімен ақ кемеге қарап балық болуды армандайды", "Ақ кеме"),
    ],
)
def test_a_plot_finds_its_book_and_is_never_sure(finder: JoinedFinder, words: str, title: str) -> None:
    found = finder.find(Query(words=words))
    assert next(one[:-3] for one in found.record_ids) in (title, "Robinson Crusoe")
    assert not found.sure and found.matched_by in ("plot", "theme")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("про хлестакова", "Ревизор"),
        ("найди книгу про джона сильвера", "Остров сокровищ"),
        ("про элли и тотошку", "Волшебник Изумрудного города"),
        ("about captain ahab", "Moby-Dick"),
        ("a book about heathcliff", "Wuthering Heights"),
        ("тоғжан туралы", "Абай жолы"),
        ("тоғжан туралы кітап бар ма", "Абай жолы"),
        ("остап бендер", "Двенадцать стульев"),
    ],
)
def test_a_character_finds_the_book(finder: JoinedFinder, words: str, title: str) -> None:
    found = finder.find(Query(words=words, spoken="en" if words.isascii() else "kk" if "туралы" in words else "ru"))
    assert title in [one[:-3] for one in found.record_ids[:2]]
    assert found.matched_by == "character" and not found.sure


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("dead souls", "Мёртвые души"),
        ("the cherry orchard", "Вишнёвый сад"),
        ("fathers and sons", "Отцы и дети"),
        ("the white ship aitmatov", "Ақ кеме"),
        ("әкелер мен балалар", "Отцы и дети"),
        ("скотный двор", "Animal Farm"),
    ],
)
def test_a_name_in_another_language_finds_the_work(finder: JoinedFinder, words: str, title: str) -> None:
    found = finder.find(Query(words=words))
    assert found.record_ids[0][:-3] in (title, "Белый пароход")
    assert found.matched_by == "name"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("продолжение двенадцати стульев", "Золотой телёнок"),
        ("что идёт после волшебника изумрудного города", "Урфин Джюс и его деревянные солдаты"),
        ("the sequel to harry potter and the philosopher's stone", "Harry Potter and the Chamber of Secrets"),
        ("the second book about harry potter", "Harry Potter and the Chamber of Secrets"),
        ("вторая книга из серии изумрудный город", "Урфин Джюс и его деревянные солдаты"),
    ],
)
def test_a_place_in_a_series_finds_the_volume(finder: JoinedFinder, words: str, title: str) -> None:
    found = finder.find(Query(words=words))
    assert next(one[:-3] for one in found.record_ids) == title and found.matched_by == "series"


@pytest.mark.parametrize(
    ("words", "spoken", "there"),
    [
        ("сегізінші сынып әдебиеті", "kk", {"Ақ кеме"}),
        ("8 сыныпқа арналған кітаптар", "kk", {"Ақ кеме"}),
        ("что читать для восьмого класса", "ru", {"Ревизор", "Белый пароход"}),
        ("книги для 10 класса", "ru", {"Вишнёвый сад", "Отцы и дети"}),
        ("books for grade eight in russian schools", "en", {"Ревизор", "Белый пароход"}),
    ],
)
def test_a_school_list_is_of_the_schools_language(
    finder: JoinedFinder, words: str, spoken: str, there: set[str]
) -> None:
    found = finder.find(Query(words=words, spoken=spoken))
    assert there & {one[:-3] for one in found.record_ids} and found.matched_by == "class"


def test_books_for_a_child_are_for_its_age(finder: JoinedFinder) -> None:
    for words in ("книги для ребёнка семи лет", "7 жасар балаға кітап", "books for a seven year old child"):
        found = finder.find(Query(words=words))
        assert {one[:-3] for one in found.record_ids} == {
            "Волшебник Изумрудного города", "Урфин Джюс и его деревянные солдаты",
        }, words  # fmt: skip
        assert found.matched_by == "age"


@pytest.mark.parametrize(
    "words", ["книги об эволюции", "эволюция туралы кітап", "books about evolution", "книга об эволюции животных"]
)
def test_a_theme_finds_books_in_any_language(finder: JoinedFinder, words: str) -> None:
    assert titles(finder, words)[0] == "On the Origin of Species"


def test_slots_look_where_they_say(finder: JoinedFinder) -> None:
    for query, title in (
        (Query(plot="чиновники принимают проезжего за проверяющего"), "Ревизор"),
        (Query(character="базаров"), "Отцы и дети"),
        (Query(series="остап бендер"), "Двенадцать стульев"),
        (Query(school_class=9, spoken="ru"), "Мёртвые души"),
        (Query(character="шерлок холмс", language="ru"), "Этюд в багровых тонах"),
    ):
        assert title in [one[:-3] for one in finder.find(query).record_ids], query
    assert not finder.find(Query(character="шерлок холмс", language="kk")).record_ids
    assert not finder.find(Query(character="шерлок холмс", format=Format.BRAILLE)).record_ids


def test_a_character_in_forty_books_brings_the_most_read_and_says_how_many() -> None:
    one = next(work for work in BASE.works if work.characters and work.characters[0] == "Шерлок Холмс")
    works = [replace(one, title=f"Дело номер {number}", names=(), plot="") for number in range(40)]
    base = KnowledgeBase(works)
    records = [
        entry(f"{number:02}", work.title, work.author, "ru", base=base, popularity=number)
        for number, work in enumerate(works)
    ]
    with finder_of(records) as finder:
        found = finder.find(Query(words="про шерлока холмса"))
    assert found.total == 40 and not found.sure and found.record_ids[0] == "39"


def test_a_plot_of_three_hundred_words_finds_its_book(finder: JoinedFinder) -> None:
    long = "человек долго рассказывает обо всём на свете и никак не может вспомнить как называется эта вещь " * 19
    story = long + "моряк после кораблекрушения двадцать восемь лет живёт на необитаемом острове и спасает пятницу"
    assert len(story.split()) >= 300
    assert titles(finder, story)[:1] in (["Робинзон Крузо"], ["Robinson Crusoe"])


def test_what_nobody_wrote_about_is_not_found(finder: JoinedFinder) -> None:
    for words in ("налоговая декларация предпринимателя за прошлый квартал", "the carburettor of a lawn mower"):
        found = finder.find(Query(words=words))
        assert not found.record_ids or found.did_you_mean, (words, found)


def test_a_class_of_which_nothing_is_known_brings_nothing(finder: JoinedFinder) -> None:
    for words, spoken in (("книги для второго класса", "ru"), ("2 сыныпқа кітап", "kk"), ("books for grade two", "en")):
        assert finder.find(Query(words=words, spoken=spoken)).record_ids == ()


def test_the_likest_name_comes_first(finder: JoinedFinder) -> None:
    assert titles(finder, "про базарова") == ["Отцы и дети"]


def named(title: str, author: str, **names: str) -> KnownWork:
    """A Russian work of which nothing is known but its names in other languages."""
    return KnownWork(title, author, "ru", None, "", tuple(names.items()), "", (), (), (), None, (), ())


RIVALS = ("Три сестричкина", "Три сестры и брат", "Трижды сестрин", "Сестры трёх", "Три сестрёнки: повесть")


@pytest.mark.parametrize("said", ["three sisters", "three sisters chekhov", "үш апалы-сіңлі чехов", "чехов три сестры"])
def test_a_name_said_in_full_comes_before_what_is_only_like_it(said: str) -> None:
    line = named("Три сестры", "Антон Чехов", en="Three Sisters", kk="Үш апалы-сіңлі")
    base = KnowledgeBase([line])
    crowd = [
        entry(f"{title} {at}", title, "Чехов Седьмой", "ru", base=base, popularity=900)
        for at, title in enumerate((*RIVALS, "Three Sisterhoods", "The Three Sisters' House", "Sisters Three Chekhov"))
    ]
    with finder_of([entry("meant", line.title, line.author, "ru", base=base), *crowd]) as finder:
        found = finder.find(Query(words=said, spoken="en"))
    assert found.record_ids[0] == "meant" and not found.did_you_mean


def test_a_name_that_two_works_share_is_not_sure() -> None:
    base = KnowledgeBase([named(one, author, en="The Wall") for one, author in BOTH])
    with finder_of([entry(title, title, author, "ru", base=base) for title, author in BOTH]) as finder:
        found = finder.find(Query(words="the wall", spoken="en"))
    assert set(found.record_ids[:2]) == {title for title, _ in BOTH} and not found.sure


BOTH = (("Стена", "Марлен Хаусхофер"), ("Преграда", "Павел Вежинов"))


def test_a_theme_is_no_character_that_only_sounds_like_it() -> None:
    about = ("slavery",)
    works = [
        KnownWork("Beloved", "Toni Morrison", "en", None, "novel", (), "", about, ("Sethe",), (), None, (), ()),
        KnownWork("Кортик", "Анатолий Рыбаков", "ru", None, "novella", (), "", (), ("Славка",), (), None, (), ()),
    ]
    with finder_of(entries(works, KnowledgeBase(works))) as finder:
        assert titles(finder, "slavery", "en")[0] == "Beloved"
        assert titles(finder, "славка", "ru")[0] == "Кортик"
