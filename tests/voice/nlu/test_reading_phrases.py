"""What is said to a book that is read aloud, in three languages."""

from __future__ import annotations

import pytest

from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import SlotValue

SAID: tuple[tuple[str, str, str, dict[str, SlotValue]], ...] = (
    ("kk", "алма ағашы оқып беріңізші", "read_aloud", {"book": "алма ағашы"}),
    ("ru", "прочитай мне трамвай до гор", "read_aloud", {"book": "трамвай до гор"}),
    ("en", "read me the lamp in the library", "read_aloud", {"book": "lamp in the library"}),
    ("kk", "оқып бер", "read_aloud", {}),
    ("ru", "прочитай её", "read_aloud", {}),
    ("en", "read it to me", "read_aloud", {}),
    ("kk", "оқуды жалғастырыңыз", "continue_reading", {}),
    ("ru", "читай дальше", "continue_reading", {}),
    ("en", "continue reading", "continue_reading", {}),
    ("kk", "келесі тарау", "forward", {"unit": "chapter"}),
    ("ru", "следующее предложение", "forward", {"unit": "sentence"}),
    ("en", "two paragraphs back", "backward", {"unit": "paragraph", "n": 2}),
    ("kk", "алдыңғы абзац", "backward", {"unit": "paragraph"}),
    ("ru", "назад на две минуты", "backward", {"unit": "minute", "n": 2}),
    ("kk", "қанша қалды", "time_left", {}),
    ("ru", "сколько осталось", "time_left", {}),
    ("en", "how long is left", "time_left", {}),
    ("kk", "мәтіннен алма тап", "find_in_text", {"sought": "алма"}),
    ("ru", "найди в тексте яблоко", "find_in_text", {"sought": "яблоко"}),
    ("en", "find in the text lamp", "find_in_text", {"sought": "lamp"}),
    ("kk", "бетбелгі қой", "bookmark", {}),
    ("ru", "поставь закладку", "bookmark", {}),
    ("en", "bookmarks", "bookmarks", {}),
    ("ru", "остановись через десять минут", "sleep_timer", {"n": 10}),
    ("en", "stop in ten minutes", "sleep_timer", {"n": 10}),
    ("kk", "жиырма минуттан кейін тоқтаңыз", "sleep_timer", {"n": 20}),
    ("kk", "мен не оқып жүрмін", "books_begun", {}),
    ("en", "what was i reading", "books_begun", {}),
    ("kk", "оқу залында не бар", "reading_room", {}),
    ("ru", "что есть в читальном зале", "reading_room", {}),
    ("en", "keep my place", "keep_place", {}),
)


@pytest.mark.parametrize(("language", "text", "name", "slots"), SAID)
def test_it_is_understood(phrasebook: Phrasebook, language: str, text: str, name: str, slots: object) -> None:
    intent = phrasebook.understand(text, language)
    assert intent is not None and (intent.name, dict(intent.slots)) == (name, slots)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [("ru", "прочитай аннотацию", "read_on"), ("ru", "продолжай", "next"), ("en", "stop", "stop"),
     ("kk", "тоқта", "stop"),
     ("ru", "найди книгу о степи", "search"), ("en", "what was that", "repeat"), ("ru", "что я читал", "history")],
)  # fmt: skip
def test_what_meant_something_before_still_does(phrasebook: Phrasebook, language: str, text: str, name: str) -> None:
    intent = phrasebook.understand(text, language)
    assert intent is not None and intent.name == name
