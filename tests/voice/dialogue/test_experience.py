"""Who has heard a question in full twice hears it shortly; after anything that went amiss it is said in full again."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.callers import press
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.test_natural_yes import FOUND, LEADS
from tests.voice.dialogue.test_taking_back import caller, says
from voice.dialogue.events import NotUnderstood, Silence
from voice.dialogue.prompts import compose, text_of
from voice.dialogue.states import Confirm, Ticket
from voice.nlu.phrasebook import Phrasebook

LANGUAGES = ("kk", "ru", "en")
FULL = {"kk": "толық жауаптар", "ru": "отвечай подробно", "en": "full answers"}


def short(language: str, key: str) -> str:
    return compose(language, key, True).text


def at_results(phrasebook: Phrasebook, language: str) -> Player:
    player = caller(phrasebook, language)
    says(player, FOUND[language])
    return player


def heard(player: Player) -> list[str]:
    return [line.text for line in player.lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_said_in_full_twice_and_then_shortly(phrasebook: Phrasebook, language: str) -> None:
    player = at_results(phrasebook, language)
    full = text_of(language, "ask.results")
    assert full in heard(player)
    press(player, "6")
    assert full in heard(player)
    press(player, "6")
    assert full not in heard(player) and short(language, "ask.results") in heard(player)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("amiss", [NotUnderstood("бу бу"), Silence()])
def test_after_a_miss_or_silence_it_is_said_in_full(phrasebook: Phrasebook, language: str, amiss: object) -> None:
    player = at_results(phrasebook, language)
    press(player, "66")
    player.happens(amiss)  # type: ignore[arg-type]
    assert text_of(language, "ask.results") in heard(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_wants_full_answers_hears_full_questions(phrasebook: Phrasebook, language: str) -> None:
    player = at_results(phrasebook, language)
    press(player, "66")
    says(player, FULL[language])
    assert player.context.preferences.brief is False
    assert text_of(language, "ask.results") in heard(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_yes_and_a_number_to_be_keyed_are_always_asked_for_in_full(phrasebook: Phrasebook, language: str) -> None:
    no = {"kk": "жоқ", "ru": "нет", "en": "no"}[language]
    player = caller(phrasebook, language)
    for _ in range(4):
        says(player, {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}[language])
        assert isinstance(player.context.state, Ticket) and text_of(language, "ask.ticket") in heard(player)
        says(player, no)
    says(player, FOUND[language], *LEADS["hold"][language])
    for _ in range(4):
        assert isinstance(player.context.state, Confirm) and text_of(language, "ask.confirm") in heard(player)
        says(player, {"kk": "қайтала", "ru": "повтори", "en": "repeat"}[language])
