"""What readers were heard to say that once led to another deed than they wished."""

from __future__ import annotations

import pytest

from voice.nlu.phrasebook import Phrasebook


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return Phrasebook.load()


@pytest.mark.parametrize(
    ("text", "name", "slots"),
    [
        ("доставь ещё раз", "deliver", {}),
        ("қайта жеткізіп беріңізші", "deliver", {}),
        ("скажи ещё раз", "repeat", {}),
        ("снова забронируй вторую", "reserve", {"n": 2}),
        ("в жамбыла отложи вторую", "reserve", {"n": 2, "place": "жамбыла"}),
        ("вон ту, третью", "select", {"n": 3}),
        ("кітаптарды кері қайтарғым келеді", "return_pickup", {}),
        ("кітаптарымды қашан өткіземін", "overdue", {}),
        ("ту же самую книгу, но на русском", "search", {"language": "ru"}),
        ("осы кітап, бірақ орысша", "search", {"language": "ru"}),
        ("есть на русском?", "search", {"language": "ru"}),
        ("қазақшасы бар ма", "search", {"language": "kk"}),
        ("говорите по-русски", "language", {"language": "ru"}),
        ("забыла пин-код", "forgotten", {}),
        ("билетімді жоғалтып алдым", "lost_ticket", {}),
        ("i forgot my pin", "forgotten", {}),
        ("я передумала, не надо", "undo", {}),
        ("юношеская библиотека до скольки работает", "hours", {"place": "юношеская"}),
        ("i want to borrow war and peace", "search", {"words": "war and peace"}),
    ],
)
def test_the_deed_is_the_one_wished(book: Phrasebook, text: str, name: str, slots: dict[str, object]) -> None:
    intent = book.understand(text)
    assert intent is not None and (intent.name, intent.slots) == (name, slots)


def test_a_number_denied_twice_is_not_booked(book: Phrasebook) -> None:
    intent = book.understand("не екінші екінші бронь")
    assert intent is None or intent.name not in ("reserve", "deliver")


@pytest.mark.parametrize("text", ["Кітапты әріптеп теріп іздеу", "әріппен іздеу", "әріптеп ізде"])
def test_searching_by_letters_is_no_search_for_the_word_letters(book: Phrasebook, text: str) -> None:
    intent = book.understand(text)
    assert intent is not None and intent.name == "spell"
