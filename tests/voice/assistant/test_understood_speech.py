"""What was heard becomes an event: sense and confidence weighed, one language, nothing below the floor."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from tests.voice.dialogue.small_library import NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.recognition_vocabulary import KnownTitles
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Answered, Failed, NotUnderstood, Said
from voice.dialogue.states import Pin
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.intents import Intent
from voice.values.utterances import Hypothesis


class AtOnce:
    """Errands of a small library."""

    def __init__(self) -> None:
        self.library = SmallLibrary()

    async def do(self, ask: commands.Command) -> Answered | Failed:
        return self.library.do(ask)


@pytest.fixture
def session(phrasebook: Phrasebook) -> DialogueSession:
    context = begin(Profile(CAPABILITIES[ChannelKind.STATION], True, NOW, "kk"))
    titles = {"абай жолы": 1.0, "over": 1.0}
    return DialogueSession(
        context,
        cast(CommandExecutor, AtOnce()),
        phrasebook,
        lambda: NOW,
        title_weight=lambda text: titles.get(text, 0.0),
    )


def heard(*readings: tuple[str, float]) -> tuple[Hypothesis, ...]:
    return tuple(Hypothesis(text, "en", confidence) for text, confidence in readings)


async def test_a_bare_title_is_searched_for_and_no_near_impossible_command_is_taken(session: DialogueSession) -> None:
    understood = session.understand(heard(("абай жолы", 0.284), ("a moment", 0.023)))
    assert understood.event == NotUnderstood("абай жолы", 0.284)
    exchange = await session.exchange(understood)
    assert isinstance(exchange.turns[0].command, commands.Search) and exchange.records


async def test_nothing_is_done_with_words_at_a_confidence_of_three_thousandths(session: DialogueSession) -> None:
    before = session.context
    for text in ("nah", "сау болыңыз", "конец", "абай жолы", "найди книгу абай жолы"):
        exchange = await session.exchange(session.understand(heard((text, 0.003))))
        assert len(exchange.turns) == 1 and not exchange.controls and exchange.lines
        assert exchange.context.state == before.state and exchange.context.language == before.language
        session.context = before


def test_where_a_number_is_awaited_a_title_does_not_compete(session: DialogueSession) -> None:
    readings = heard(("over", 0.5), ("seven two zero", 0.4))
    assert isinstance(session.understand(readings).event, NotUnderstood)
    session.context = replace(session.context, state=Pin("100001", Intent("my_loans")))
    event = session.understand(readings).event
    assert isinstance(event, Said) and event.intent.name == "digits"


@pytest.mark.parametrize("text", ["где мой заказ", "продли все", "мои заказы", "отмени бронь"])
def test_a_station_greets_in_the_language_in_which_it_goes_on(session: DialogueSession, text: str) -> None:
    understood = session.understand(heard((text, 0.9)))
    assert understood.intent is not None
    assert understood.language == understood.intent.language == "ru"


def test_a_whole_title_weighs_more_than_one_word_of_the_catalogue() -> None:
    titles = KnownTitles([("абай жолы", 3.0), ("обломов", 2.0), ("үй", 9.0)])
    assert [titles.weight(text) for text in ("абай жолы", "обломов", "үй", "жолы")] == [1.0, 0.5, 0.0, 0.0]
