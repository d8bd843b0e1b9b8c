"""No accidents: a first no ends no call, nothing is renewed twice unasked, a wrong PIN loses no ticket."""

from __future__ import annotations

from datetime import date

import pytest

from tests.voice.dialogue.callers import press
from tests.voice.dialogue.small_library import LOANS
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from voice.dialogue import commands
from voice.dialogue.events import NotUnderstood
from voice.dialogue.features.delivery.address import Street
from voice.dialogue.states import Confirm, LoanDetail
from voice.dialogue.turn import Control
from voice.nlu.phrasebook import Phrasebook

LANGUAGES = ("kk", "ru", "en")
NO = {"kk": "жоқ", "ru": "нет", "en": "no"}
YES = {"kk": "иә", "ru": "да", "en": "yes"}
LOAN = {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}
SECOND = {"kk": "екіншісін ұзарт", "ru": "продли вторую", "en": "renew the second"}
ALL = {"kk": "бәрін ұзарт", "ru": "продли все", "en": "renew all"}


def test_words_between_two_noes_are_no_second_no_in_a_row(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    says(player, NO["ru"])
    player.happens(NotUnderstood("Несуществующая повесть"))
    assert player.context.name == "start"
    says(player, NO["ru"])
    assert player.context.name == "start" and Control.HANG_UP not in player.controls
    says(player, NO["ru"])
    assert Control.HANG_UP in player.controls


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "маған бұл керек емес"), ("ru", "мне это не нужно"), ("en", "I don't need that")],
)
def test_who_does_not_need_it_leaves_the_pin(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOAN[language], TICKET)
    assert player.context.name == "pin"
    says(player, words)
    assert player.context.name == "start"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_no_asks_and_the_second_parts(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, NO[language])
    assert player.context.name == "start" and Control.HANG_UP not in player.controls and player.lines
    says(player, NO[language])
    assert player.context.name == "goodbye" and Control.HANG_UP in player.controls


def test_anything_between_two_nos_makes_the_second_a_first(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    says(player, "нет", "помощь", "нет")
    assert player.context.name == "start"
    says(player, "найди книги про абая", "в начало", "нет")
    assert player.context.name == "start"
    press(player, "2")
    assert player.context.name == "goodbye"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_renewal_is_said_before_it_is_asked(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOAN[language], TICKET, "2580", SECOND[language])
    assert isinstance(player.context.state, Confirm) and not player.context.state.again
    says(player, YES[language])
    assert player.booking and player.booking.kind == "renewal"
    for again in (ALL[language], LOAN[language]):
        says(player, again)
        if player.context.name == "loans":
            says(player, SECOND[language])
        state = player.context.state
        assert isinstance(state, Confirm) and state.again == (LOANS[1].title,)
        assert LOANS[1].title in player.lines[0].text
        says(player, NO[language])
    assert sum(isinstance(ask, commands.Renew | commands.RenewAll) for ask in player.library.asked) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_back_shows_the_new_date(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOAN[language], TICKET, "2580")
    press(player, "#2#")
    assert isinstance(player.context.state, LoanDetail)
    press(player, "11")
    assert player.booking
    press(player, "4")
    state = player.context.state
    assert isinstance(state, LoanDetail) and state.items[state.n].due == date(2026, 12, 24)
    assert "24" in player.lines[0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_pin_keeps_the_ticket_and_says_how_many_tries_are_left(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOAN[language], TICKET, "1111")
    assert player.context.name == "pin" and any("3" in line.text for line in player.lines)
    says(player, "2580")
    assert player.context.name == "loans"


def test_the_star_leads_from_the_pin_to_another_ticket(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    says(player, "мои книги", "999999", "1111")
    press(player, "*")
    assert player.context.name == "ticket"


@pytest.mark.parametrize("words", ["мне это не нужно", "нет", "не надо"])
@pytest.mark.parametrize("given", [(), (TICKET,)])
def test_a_reader_who_does_not_want_it_leaves_the_ticket(
    phrasebook: Phrasebook, words: str, given: tuple[str, ...]
) -> None:
    player = caller(phrasebook, "ru")
    says(player, "мои книги", *given, words)
    assert player.context.name == "start" and player.lines


def test_a_title_does_not_leave_the_pin(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    says(player, "мои книги", TICKET, "есть дворянское гнездо")
    assert player.context.name == "pin"
    says(player, "найди книгу путь абая")
    assert player.context.name == "results"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "жазба"), ("kk", "жазуды тоқтат"), ("kk", "жазуды тоқтатыңыз"), ("ru", "остановите запись"),
        ("ru", "не записывайте меня"), ("ru", "перестаньте записывать"), ("ru", "не надо меня записывать"),
        ("en", "stop recording our talk"), ("en", "stop recording"), ("en", "do not record me"),
    ],
)  # fmt: skip
def test_consent_is_withdrawn_by_the_words_that_are_taught(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = caller(phrasebook, language)
    says(player, {"kk": "дауысымды жазуға болады", "ru": "можно записывать", "en": "you may record me"}[language])
    says(player, YES[language])
    assert player.context.recording
    says(player, words)
    assert not player.context.recording


@pytest.mark.parametrize("words", ["стереть", "сотрите"])
def test_a_word_for_erasing_is_no_part_of_a_street(phrasebook: Phrasebook, words: str) -> None:
    player = caller(phrasebook, "ru")
    says(player, "новый адрес", TICKET, "2580")
    if player.context.name == "pin":
        says(player, "2580")
    says(player, "абай даңғылы", words)
    assert player.context.state == Street("абай даңғыл")
