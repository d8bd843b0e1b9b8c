"""The desk between display and conversation: lines that are typed, empty lines, keys over lines of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from braille import translate
from devices import DisplayCommand, DisplayEvent, DisplayRouting, DisplaySession, Dots
from tests.voice.assistant.test_typed_cells import at_desk
from voice.assistant.braille_session import BrailleSession
from voice.assistant.dialogue_session import Exchange
from voice.dialogue import commands
from voice.nlu.phrasebook import Phrasebook


class Gone(Exception):
    """The script is at its end."""


class ScriptedDisplay:
    """Gives the events of a script, then breaks off as a display does whose server dies."""

    def __init__(self, events: Iterable[DisplayEvent]) -> None:
        self._events = iter(events)
        self.messages: list[Any] = []

    async def next_event(self) -> DisplayEvent:
        for event in self._events:
            return event
        raise Gone

    def set_mode(self, mode: object) -> None: ...

    def show(self, rows: Callable[[int], Any]) -> None:
        assert rows(40)

    def message(self, rows: Callable[[int], Any], seconds: float) -> None:
        self.messages.append(rows(40))


def typed(text: str, language: str, grade: int = 1) -> list[DisplayEvent]:
    cells = translate(text, language, grade=grade).cells
    return [*(Dots(cell) for cell in cells), DisplayCommand("enter")]


async def held(phrasebook: Phrasebook, language: str, events: list[DisplayEvent], grade: int = 1) -> list[Exchange]:
    """The answers, without the greeting."""
    exchanges: list[Exchange] = []
    display = ScriptedDisplay(events)
    desk = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, language, grade), observe=exchanges.append)
    with pytest.raises(Gone):
        await desk.run()
    return exchanges[1:]


async def test_the_first_line_after_a_change_of_language_is_read_in_the_new_one(phrasebook: Phrasebook) -> None:
    changed, loans = await held(phrasebook, "kk", [*typed("ағылшынша", "kk"), *typed("my books", "en")])
    assert changed.context.language == "en" and loans.context.name == "ticket"
    key, loans = await held(phrasebook, "ru", [DisplayCommand("language"), *typed("my books", "en")])
    assert key.context.language == "en" and loans.context.name == "ticket"


async def test_contracted_typing_is_read_at_a_grade_two_desk(phrasebook: Phrasebook) -> None:
    (found,) = await held(phrasebook, "en", typed("find the books about abai", "en", 2), grade=2)
    assert found.context.name == "results"


async def test_words_and_digits_where_a_number_is_asked(phrasebook: Phrasebook) -> None:
    events = [*typed("мои книги", "ru"), *typed("библиотекарь", "ru"), *typed("100001", "ru")]
    asked, person, pin = await held(phrasebook, "ru", events)
    assert asked.context.name == person.context.name == "ticket" and pin.context.name == "pin"
    assert isinstance(person.turns[0].command, commands.HandOver)


async def test_an_empty_line_is_the_hash_where_an_answer_may_be_left_out(phrasebook: Phrasebook) -> None:
    events = [*typed("тіркелу", "kk"), *typed("87010000000", "kk"), DisplayCommand("enter"), DisplayCommand("enter")]
    *_, name, pin, again = await held(phrasebook, "kk", events)
    assert (name.context.name, pin.context.name, again.context.name) == ("name", "new_pin", "new_pin")
    assert again.lines


async def test_a_routing_key_over_a_line_of_nothing_says_so(phrasebook: Phrasebook) -> None:
    events = [*typed("найди книги про абая", "ru"), DisplayRouting(None, 0, 3), DisplayRouting(1, 2, 3)]
    found, nothing, chosen = await held(phrasebook, "ru", events)
    assert nothing.context.state == found.context.state and nothing.lines[0].text == "В этой строке выбирать нечего."
    assert chosen.context.name == "record"
