"""Notes for the courier: what is passed on, what it says of the reader, and only what the reader agreed to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue_client.values.shipments import Delivery
from tests.voice.dialogue.callers import press, said
from tests.voice.dialogue.playing import Player
from voice.dialogue import commands
from voice.dialogue.events import Answered
from voice.dialogue.features.delivery.courier_notes import LONGEST_NOTE
from voice.dialogue.states import Confirm

TO_THE_READ_BACK = ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші")
CALL_FIRST, WAIT, SAY_NAME = "1", "2", "3"
DOES_NOT_SEE = "61"
"""The fourth of the ready notes: the first of the second page."""


@pytest.fixture
def reader(caller: Player) -> Player:
    for words in TO_THE_READ_BACK:
        caller.hears(words)
    return caller


def order(reader: Player) -> commands.BookDelivery:
    """What yes would book."""
    assert isinstance(reader.context.state, Confirm)
    assert isinstance(reader.context.state.command, commands.BookDelivery)
    return reader.context.state.command


def test_the_courier_hears_that_the_reader_does_not_see_only_when_that_note_is_chosen(reader: Player) -> None:
    for keys in (CALL_FIRST, WAIT, SAY_NAME):
        press(reader, "3" + keys)
        assert not order(reader).may_tell
    press(reader, "3" + DOES_NOT_SEE)
    assert order(reader).may_tell and order(reader).note.endswith("; Оқырман көрмейді")
    press(reader, "3" + CALL_FIRST)
    assert order(reader).may_tell, "what was agreed to stays agreed to"


def test_no_note_takes_back_every_note_and_what_was_agreed_to(reader: Player) -> None:
    press(reader, "3" + DOES_NOT_SEE)
    press(reader, "3#")
    assert (order(reader).note, order(reader).may_tell) == ("", False)
    press(reader, "1")
    booked = next(ask for ask in reader.library.asked if isinstance(ask, commands.BookDelivery))
    assert (booked.note, booked.may_tell) == ("", False)


def test_a_note_stands_once_and_others_follow_it(reader: Player) -> None:
    for keys in (WAIT, WAIT):
        press(reader, "3" + keys)
    once = order(reader).note
    press(reader, "3" + CALL_FIRST)
    assert order(reader).note.split("; ")[0] == once
    assert len(order(reader).note.split("; ")) == 2


def test_own_words_where_notes_are_chosen_are_a_note(reader: Player) -> None:
    press(reader, "3")
    reader.hears("есік алдына қойып кетсін")
    assert order(reader).note == "есік алдына қойып кетсін"


def test_a_number_that_is_no_note_changes_nothing_and_says_so(reader: Player) -> None:
    press(reader, "3")
    reader.hears("тоғызыншысы")
    assert reader.context.name == "notes" and reader.lines


def test_a_note_is_cut_at_its_greatest_length(reader: Player) -> None:
    assert LONGEST_NOTE == 200
    reader.hears("курьерге айтыңыз " + "а" * 300)
    assert len(order(reader).note) == 200


def test_no_asks_what_else(reader: Player) -> None:
    reader.hears("жоқ")
    assert reader.turns[-1].say[-1].text != "Жарайды, ештеңе өзгерген жоқ.", "a question follows"
    assert "ештеңе өзгерген жоқ" in said(reader)


@pytest.mark.parametrize(
    ("passed_on", "sentence"),
    [
        ("", "Денсаулық туралы ескертпе курьерге берілмейді."),
        ("қоңырау шалсын", "Курьерге айтылатын ескертпе: қоңырау шалсын."),
        ("көрмеймін қоңырау шалсын", None),
    ],
)
def test_the_reader_hears_what_of_a_note_is_passed_on(reader: Player, passed_on: str, sentence: str | None) -> None:
    reader.hears("курьерге айтыңыз көрмеймін қоңырау шалсын")
    book = reader.library.do

    def withheld(ask: commands.Command, *more: object) -> object:
        done = book(ask, *more)  # type: ignore[arg-type]
        if isinstance(done, Answered) and isinstance(done.answer, Delivery):
            return replace(done, answer=replace(done.answer, note=passed_on))
        return done

    reader.library.do = withheld  # type: ignore[method-assign, assignment]
    reader.hears("иә")
    assert reader.booking
    about = [line.text for line in reader.lines if "ескертпе" in line.text.casefold()]
    assert about == ([sentence] if sentence else [])


def test_without_a_note_nothing_is_said_about_notes(reader: Player) -> None:
    reader.hears("иә")
    assert reader.booking
    assert "ескертпе" not in said(reader).casefold()
