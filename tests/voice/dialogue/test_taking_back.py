"""Cancelling and undoing: the word means what is open, is read back, and says what it takes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.voice.dialogue.callers import calling
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import ASKED, HOLDS, NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Began
from voice.dialogue.states import Confirm
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind

TICKET = "100001"
WORDS = {
    "kk": {
        "book": ("абай туралы кітап тап", "бірінші туралы толығырақ", "сақтап қой"),
        "deliver": ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз"),
        "first": "бірінші",
        "yes": "иә",
        "holds": "менің броньдарым",
        "deliveries": "менің жеткізулерім",
        "undo": "болдырма",
        "refuse": "бас тартамын",
        "loans": "менің кітаптарым",
        "hold": "броньнан бас тартамын",
    },
    "ru": {
        "book": ("найди книги про абая", "подробнее о первой", "отложи"),
        "deliver": ("найди книги про абая", "подробнее о первой", "доставь домой"),
        "first": "первая",
        "yes": "да",
        "holds": "мои брони",
        "deliveries": "мои доставки",
        "undo": "отмените",
        "refuse": "снимайте её",
        "loans": "мои книги",
        "hold": "отмените бронь",
    },
    "en": {
        "book": ("find books about abai", "more about the first", "keep it for me"),
        "deliver": ("find books about abai", "more about the first", "bring it home"),
        "first": "the first",
        "yes": "yes",
        "holds": "my holds",
        "deliveries": "my deliveries",
        "undo": "undo",
        "refuse": "cancel it",
        "loans": "my loans",
        "hold": "cancel the hold",
    },
}
LANGUAGES = tuple(WORDS)


def caller(phrasebook: Phrasebook, language: str, **library: object) -> Player:
    profile = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, language)
    player = Player(begin(profile), SmallLibrary(**library), phrasebook)  # type: ignore[arg-type]
    player.happens(Began())
    return player


def says(player: Player, *words: str) -> str:
    for each in words:
        player.hears(each)
    return " ".join(line.text for line in player.lines)


def has_held(player: Player, words: dict[str, object]) -> None:
    says(player, *words["book"], TICKET, "2580", words["yes"])  # type: ignore[misc,arg-type]
    assert player.booking and player.booking.kind == "hold"


@pytest.mark.parametrize("word", ["undo", "refuse"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opened_hold_is_the_one_that_is_cancelled(phrasebook: Phrasebook, language: str, word: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language)
    has_held(player, words)
    says(player, words["holds"], words["first"])
    assert player.context.name == "hold"
    heard = says(player, words[word])
    assert isinstance(player.context.state, Confirm) and HOLDS[0].title in heard
    says(player, words["yes"])
    assert player.library.asked[-1] == commands.CancelHold(TICKET, HOLDS[0].id)
    # What was booked before can still be taken back, now with a read-back.
    assert "Абай жолы" in says(player, words["undo"])
    says(player, words["yes"])
    assert player.library.asked[-1] == commands.CancelHold(TICKET, "h9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opened_delivery_is_the_one_that_is_cancelled(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language, deliveries=(ASKED,))
    has_held(player, words)
    says(player, words["deliveries"])
    assert player.context.name == "delivery"
    assert ASKED.titles[0] in says(player, words["undo"])
    says(player, words["yes"])
    assert player.library.asked[-1] == commands.CancelDelivery(TICKET, ASKED.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_list_it_is_asked_which_one(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language)
    has_held(player, words)
    says(player, words["holds"], words["undo"])
    assert player.context.name == "holds"
    assert not any(isinstance(ask, commands.CancelHold) for ask in player.library.asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_elsewhere_the_last_booking_is_read_back_first(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language)
    has_held(player, words)
    says(player, words["loans"], words["first"])
    assert player.context.name == "loan"
    assert "Абай жолы" in says(player, words["undo"])
    assert not any(isinstance(ask, commands.CancelHold) for ask in player.library.asked)
    says(player, words["yes"])
    assert player.library.asked[-1] == commands.CancelHold(TICKET, "h9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_after_a_booking_it_is_taken_back_and_named(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language)
    has_held(player, words)
    assert "Ақбілек" in says(player, words["undo"])  # this library answers every cancelled hold so
    assert player.library.asked[-1] == commands.CancelHold(TICKET, "h9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_to_cancel_that_names_a_booking_is_read_back(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language)
    has_held(player, words)
    assert "Абай жолы" in says(player, words["hold"])
    assert not any(isinstance(ask, commands.CancelHold) for ask in player.library.asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_in_a_queue_is_not_lost_without_being_asked(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language)
    player.library.queue = 3
    has_held(player, words)
    heard = says(player, words["undo"])
    assert "3" in heard and isinstance(player.context.state, Confirm)
    says(player, words["yes"])
    assert player.library.asked[-1] == commands.CancelHold(TICKET, "h9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_queue_is_named_when_a_hold_of_the_list_is_cancelled(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language, holds=HOLDS[1:])
    says(player, words["holds"], TICKET, "2580", words["undo"])
    assert isinstance(player.context.state, Confirm)
    assert f": {HOLDS[1].position}." in " ".join(line.text for line in player.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_read_back_of_a_delivery_says_that_it_uses_up_a_hold(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    own = replace(HOLDS[0], record_id="1", title="Абай жолы")
    for held in ((), (own,)):
        player = caller(phrasebook, language, holds=held)
        says(player, *words["deliver"], TICKET, "2580", words["first"])
        state = player.context.state
        assert isinstance(state, Confirm) and state.used_holds == tuple(hold.title for hold in held)
        heard = [line.text for line in player.lines]
        assert sum("Абай жолы" in text for text in heard) == 1 + len(held)


def test_the_windows_are_offered_when_holds_cannot_be_asked_for(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    player.library.fails["UsedHolds"] = "unavailable"
    says(player, *WORDS["ru"]["deliver"], TICKET, "2580")
    assert player.context.name == "slots" and player.lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_delivery_that_used_up_a_hold_says_that_it_comes_back(phrasebook: Phrasebook, language: str) -> None:
    words = WORDS[language]
    player = caller(phrasebook, language, deliveries=(replace(ASKED, used_holds=("Ақбілек",)),))
    heard = says(player, words["deliveries"], TICKET, "2580", words["undo"])
    assert "Ақбілек" in heard and isinstance(player.context.state, Confirm)


def test_a_number_with_the_word_is_not_the_last_booking(phrasebook: Phrasebook) -> None:
    player = calling(phrasebook)
    has_held(player, WORDS["kk"])
    says(player, "екіншісінен бас тартам")
    assert not any(isinstance(ask, commands.CancelHold) for ask in player.library.asked)
