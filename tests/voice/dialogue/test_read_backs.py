"""Nothing is booked without a yes, and everything can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.voice.dialogue.callers import calling
from tests.voice.dialogue.playing import Player
from voice.dialogue import commands
from voice.dialogue.states import Confirm
from voice.nlu.phrasebook import Phrasebook

# Read-backs


TO_THE_READ_BACK = ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші")


@pytest.mark.parametrize("words", ["жоқ", "артқа", "болдырма", "no", "нет"])
def test_every_way_to_refuse_a_read_back_books_nothing(caller: Player, words: str) -> None:
    for before in TO_THE_READ_BACK:
        caller.hears(before)
    caller.hears(words)
    assert caller.context.name == "record" and not caller.context.basket
    assert not any(isinstance(ask, commands.ChangeCommand) for ask in caller.library.asked)


def test_a_hold_is_offered_when_the_library_refuses_delivery(caller: Player) -> None:
    caller.library.fails["DeliverySlots"] = "refused_outside_city"
    for words in (*TO_THE_READ_BACK[:-1], "иә"):
        caller.hears(words)
    assert isinstance(caller.context.state, Confirm) and isinstance(caller.context.state.command, commands.PlaceHold)


def test_a_note_in_the_readers_own_words(caller: Player) -> None:
    for words in TO_THE_READ_BACK:
        caller.hears(words)
    caller.hears("курьерге айтыңыз алдымен қоңырау шалсын")
    assert caller.context.name == "confirm"
    caller.hears("иә")
    booked = next(ask for ask in caller.library.asked if isinstance(ask, commands.BookDelivery))
    assert booked.note == "алдымен қоңырау шалсын"


# Undo


def test_undo_lasts_ten_minutes_and_works_from_anywhere(phrasebook: Phrasebook) -> None:
    for minutes, taken_back in ((9, True), (11, False)):
        player = calling(phrasebook)
        for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "сақтап қой", "100002", "1470", "иә"):
            player.hears(words)
        assert player.booking
        player.hears("менің кітаптарым")
        player.now += timedelta(minutes=minutes)
        player.hears("болдырма")
        player.hears("иә")
        assert isinstance(player.library.asked[-1], commands.CancelHold) is taken_back
