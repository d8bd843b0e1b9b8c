"""What is booked is moved to another time: read back first, and as it was when that fails."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import ASKED, ON_THE_WAY
from tests.voice.dialogue.test_natural_yes import FOUND, LEADS
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from tests.voice.dialogue.test_windows import fortnight
from voice.dialogue import commands
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Booked, Confirm, SlotList
from voice.nlu.phrasebook import Phrasebook

LANGUAGES = ("kk", "ru", "en")
YES = {"kk": "иә", "ru": "да", "en": "yes"}
NO = {"kk": "жоқ", "ru": "нет", "en": "no"}
DELIVERIES = {"kk": "менің жеткізулерім", "ru": "мои доставки", "en": "my deliveries"}
MOVE = {
    "kk": "жеткізуді сенбіге ауыстырыңыз", "ru": "перенесите доставку на субботу",
    "en": "move my delivery to saturday",
}  # fmt: skip
ANOTHER_DAY = {
    "kk": "жеткізуді басқа күнге ауыстырыңыз", "ru": "перенесите доставку на другой день",
    "en": "move my delivery to another day",
}  # fmt: skip


def changes(player: Player) -> list[commands.AnyCommand]:
    return [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_delivery_is_moved_to_the_day_that_was_said_also_from_the_start(
    phrasebook: Phrasebook, language: str
) -> None:
    for first in ((), (DELIVERIES[language], "100001", "2580")):
        player = caller(phrasebook, language, deliveries=(ASKED,), slots=fortnight())
        says(player, *first, MOVE[language])
        if not first:
            says(player, "100001", "2580")
        state = player.context.state
        assert isinstance(state, Confirm) and state.command == commands.MoveDelivery(TICKET, ASKED.id, "28-14")
        assert not changes(player)
        heard = says(player, YES[language])
        assert changes(player) == [commands.MoveDelivery(TICKET, ASKED.id, "28-14")]
        assert isinstance(player.context.state, Booked) and ASKED.id in heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_day_the_windows_are_offered_and_no_leaves_all_as_it_was(
    phrasebook: Phrasebook, language: str
) -> None:
    player = caller(phrasebook, language, deliveries=(ASKED,), slots=fortnight())
    says(player, DELIVERIES[language], "100001", "2580", ANOTHER_DAY[language])
    state = player.context.state
    assert isinstance(state, SlotList) and state.moves == ASKED.id
    assert all(slot.id != ASKED.slot.id for slot in state.items)
    assert text_of(language, "confirm.nothing_booked") in says(player, NO[language])
    assert player.context.name == "delivery" and not changes(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_day_said_to_the_read_back_is_read_back_instead(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, deliveries=(ASKED,), slots=fortnight())
    says(player, DELIVERIES[language], "100001", "2580", MOVE[language])
    says(player, {"kk": "жұмада таңертең", "ru": "лучше в пятницу утром", "en": "on friday morning"}[language])
    says(player, YES[language])
    assert changes(player) == [commands.MoveDelivery(TICKET, ASKED.id, "27-10")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_on_its_way_is_not_moved(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, deliveries=(ON_THE_WAY,), slots=fortnight())
    heard = says(player, DELIVERIES[language], "100001", "2580", MOVE[language])
    assert text_of(language, "error.refused_too_late_to_move") in heard and player.context.name == "delivery"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_that_was_just_taken_leaves_it_as_it_was(phrasebook: Phrasebook, language: str) -> None:
    player = caller(
        phrasebook, language, deliveries=(ASKED,), slots=fortnight(), fails={"MoveDelivery": "refused_slot_taken"}
    )
    says(player, DELIVERIES[language], "100001", "2580", MOVE[language])
    heard = says(player, YES[language])
    assert text_of(language, "error.refused_slot_taken") in heard
    assert text_of(language, "confirm.nothing_booked") in heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_yes_to_a_new_delivery_its_own_time_is_moved(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, slots=fortnight())
    says(player, FOUND[language], *LEADS["delivery"][language], MOVE[language])
    state = player.context.state
    assert isinstance(state, Confirm) and isinstance(state.command, commands.BookDelivery)
    assert state.command.slot_id == "28-14"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_of_what_is_booked_is_no_time(phrasebook: Phrasebook, language: str) -> None:
    note = {"kk": "ескертпесін өзгерт", "ru": "измените примечание", "en": "change the note"}[language]
    player = caller(phrasebook, language, deliveries=(ASKED,), slots=fortnight())
    says(player, DELIVERIES[language], "100001", "2580", note)
    assert not [ask for ask in player.library.asked if isinstance(ask, commands.MoveSlots)]
    assert not isinstance(player.context.state, SlotList)
