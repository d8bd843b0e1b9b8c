"""The ticket itself: lost, its PIN or telephone changed, a number forgotten; and a complaint."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.callers import press
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import NOW, SmallLibrary
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Began
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Booked, Confirm, LoanList, Pin, Start, Ticket
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.intents import IntentName

LANGUAGES = ("kk", "ru", "en")
YES = {"kk": "иә", "ru": "да", "en": "yes"}
LOANS = {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}
HOLDS = {"kk": "менің броньдарым", "ru": "мои брони", "en": "my holds"}
FORGOTTEN = {
    "kk": ("есімде жоқ", "пин код есімде жоқ", "ұмытып қалдым"),
    "ru": ("не помню", "я забыла пин", "забыл"),
    "en": ("i don't remember", "i forgot my pin", "i have forgotten it"),
}
LOST = {
    "kk": ("билетімді жоғалтып алдым", "билетім жоғалып кетті"),
    "ru": ("я потерял билет", "у меня украли читательский билет"),
    "en": ("i lost my ticket", "my library card was stolen"),
}
NEW_PIN = {"kk": "пин кодты ауыстыру керек", "ru": "хочу сменить пин", "en": "i want to change my pin"}
NEW_PHONE = {"kk": "телефон нөмірім өзгерді", "ru": "у меня новый номер телефона", "en": "i have a new phone number"}
COMPLAINT = {"kk": "шағымым бар", "ru": "у меня жалоба", "en": "i want to complain"}


def changes(player: Player) -> list[commands.AnyCommand]:
    return [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]


def lines(player: Player) -> list[commands.LeaveForStaff]:
    return [ask for ask in player.library.asked if isinstance(ask, commands.LeaveForStaff)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forgotten_pin_leaves_the_sign_in_where_it_is_and_offers_ways_out(
    phrasebook: Phrasebook, language: str
) -> None:
    for words in FORGOTTEN[language]:
        player = caller(phrasebook, language)
        says(player, LOANS[language], "100001")
        assert text_of(language, "identity.pin_forgotten") in says(player, words)
        says(player, "2580")
        assert isinstance(player.context.state, LoanList), "what was asked for is still known"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forgotten_number_of_the_ticket_offers_ways_out(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOANS[language])
    assert text_of(language, "identity.ticket_forgotten") in says(player, FORGOTTEN[language][0])
    assert isinstance(player.context.state, Ticket)
    says(player, {"kk": "жоқ", "ru": "нет", "en": "no"}[language])
    assert isinstance(player.context.state, Start)


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_request_at_the_pin_asks_for_no_second_ticket(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOANS[language], "100001", HOLDS[language])
    assert isinstance(player.context.state, Pin) and player.context.state.ticket == TICKET
    says(player, "2580")
    assert player.context.name == "holds"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_ticket_is_read_back_barred_and_told_to_the_staff(phrasebook: Phrasebook, language: str) -> None:
    for words in LOST[language]:
        player = caller(phrasebook, language)
        says(player, words, "100001", "2580")
        assert isinstance(player.context.state, Confirm) and not changes(player)
        heard = says(player, YES[language])
        assert changes(player) == [commands.BarTicket(TICKET)]
        assert [(line.kind, line.ticket) for line in lines(player)] == [(IntentName.LOST_TICKET, TICKET)]
        assert text_of(language, "done.ticket_barred") in heard and text_of(language, "done.lost_ticket") in heard
        assert player.context.reader is None, "the ticket opens nothing, also not here"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_ticket_whose_number_nobody_remembers_is_left_to_the_staff(
    phrasebook: Phrasebook, language: str
) -> None:
    player = caller(phrasebook, language)
    says(player, LOST[language][0])
    assert text_of(language, "done.lost_ticket") in says(player, FORGOTTEN[language][0])
    assert [(line.kind, line.ticket) for line in lines(player)] == [(IntentName.LOST_TICKET, "")]
    assert not changes(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_librarys_system_bars_no_ticket_the_staff_do(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, fails={"BarTicket": "refused_ask_staff"})
    heard = says(player, LOST[language][0], "100001", "2580", YES[language])
    assert text_of(language, "done.lost_ticket") in heard and text_of(language, "done.ticket_barred") not in heard
    assert "not barred yet" in lines(player)[0].context


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_pin_is_keyed_twice_after_the_old_one_and_never_said(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, LOANS[language], "100001", "2580")
    heard = says(player, NEW_PIN[language])
    assert isinstance(player.context.state, Pin) and text_of(language, "identity.pin_first") in heard
    says(player, "2580")
    assert text_of(language, "identity.pin_too_simple") in says(player, "1111")
    says(player, "3690")
    assert text_of(language, "identity.pins_differ") in says(player, "3691")
    says(player, "3690")
    heard = says(player, "3690")
    assert "3690" not in heard and isinstance(player.context.state, Confirm) and not changes(player)
    assert "3690" not in says(player, YES[language])
    assert changes(player) == [commands.ChangePin(TICKET, "3690")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_pin_is_chosen_by_keys_alone(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, NEW_PIN[language])
    press(player, "100001#2580#3690#3690#1")
    assert changes(player) == [commands.ChangePin(TICKET, "3690")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_telephone_number_may_come_in_parts_and_is_read_back_whole(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, NEW_PHONE[language], "100001", "2580", "8 701 520")
    heard = says(player, "33 44")
    assert "+77015203344" in heard.replace(" ", "") and not changes(player)
    says(player, YES[language])
    assert changes(player) == [commands.ChangePhone(TICKET, "+77015203344")]
    assert isinstance(player.context.state, Booked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", [NEW_PIN, NEW_PHONE])
def test_neither_is_changed_where_others_hear_it(phrasebook: Phrasebook, language: str, words: dict[str, str]) -> None:
    player = Player(begin(Profile(CAPABILITIES[ChannelKind.STATION], False, NOW, language)), SmallLibrary(), phrasebook)
    player.happens(Began())
    assert text_of(language, "identity.change_not_here") in says(player, words[language])
    assert isinstance(player.context.state, Start)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_goes_to_the_staff_in_the_readers_own_words(phrasebook: Phrasebook, language: str) -> None:
    own = {"kk": "кітап жыртық келді", "ru": "книгу привезли порванной", "en": "the book came torn"}[language]
    player = caller(phrasebook, language)
    assert text_of(language, "ask.complaint") in says(player, COMPLAINT[language])
    assert text_of(language, "done.complaint") in says(player, own)
    assert lines(player) == [commands.LeaveForStaff(IntentName.COMPLAINT, f"complaint: {own}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_of_a_caller_without_a_number_waits_for_the_ticket(phrasebook: Phrasebook, language: str) -> None:
    own = {"kk": "кітап жыртық келді", "ru": "книгу привезли порванной", "en": "the book came torn"}[language]
    player = caller(phrasebook, language, fails={"LeaveForStaff": "refused_no_number"})
    says(player, COMPLAINT[language], own)
    assert isinstance(player.context.state, Ticket)
    assert text_of(language, "done.complaint") in says(player, "100001", "2580")
    assert lines(player)[-1] == commands.LeaveForStaff(IntentName.COMPLAINT, f"complaint: {own}", TICKET)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_can_be_dropped_or_left_without_words(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, COMPLAINT[language], {"kk": "жоқ", "ru": "нет", "en": "no"}[language])
    assert isinstance(player.context.state, Start) and not lines(player)
    says(player, COMPLAINT[language])
    press(player, "#")
    assert lines(player) == [commands.LeaveForStaff(IntentName.COMPLAINT, "complaint")]
