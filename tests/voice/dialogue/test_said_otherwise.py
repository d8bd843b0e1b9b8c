"""What people say in a place where nobody expects it: a day at the start, a title beside loans, the overdue one."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.small_library import LOANS
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from voice.dialogue import commands
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Confirm, ResultList
from voice.nlu.phrasebook import Phrasebook

LANGUAGES = ("kk", "ru", "en")
LOAN_LIST = {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}
SUNDAY = {"kk": "жексенбіде", "ru": "в воскресенье", "en": "on sunday"}
THE_OVERDUE = {"kk": "мерзімі өткенін ұзарт", "ru": "продли просроченную", "en": "renew the overdue one"}
SOMEONE = {"kk": "кітапты қызым алады", "ru": "книги заберёт моя дочь", "en": "my daughter will collect the books"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_said_at_the_start_asks_what_is_open_then(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    heard = says(player, SUNDAY[language])
    assert player.context.name == "places" and "29" in heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overdue_loan_is_meant_by_that_word(phrasebook: Phrasebook, language: str) -> None:
    for first in ((LOAN_LIST[language], "100001", "2580"), ()):
        player = caller(phrasebook, language)
        says(player, *first, THE_OVERDUE[language])
        if not first and player.context.name == "ticket":
            says(player, "100001", "2580")
        state = player.context.state
        assert isinstance(state, Confirm) and state.command == commands.Renew(TICKET, LOANS[0].id)


def test_a_loan_is_renewed_by_a_word_of_its_title(phrasebook: Phrasebook) -> None:
    for words in (("мои книги", "100001", "2580", "продли көшпенділер"), ("продли көшпенділер", "100001", "2580")):
        player = caller(phrasebook, "ru")
        says(player, *words)
        state = player.context.state
        assert isinstance(state, Confirm) and state.command == commands.Renew(TICKET, LOANS[1].id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_said_alone_beside_a_loan_is_looked_for(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOAN_LIST[language], "100001", "2580", "путь абая")
    assert isinstance(player.context.state, ResultList)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_takes_the_books_in_can_be_said_before_the_yes(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    assert text_of(language, "slots.someone_how") in says(player, SOMEONE[language])
