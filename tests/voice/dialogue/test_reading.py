"""A conversation about a book that is read: found, moved in, marked, kept, and refused to who may not read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalogue_client.values.books import Bookmark, ReadingPlace
from tests.voice.dialogue.callers import calling, known, press
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import BOOK_TEXT, HELD
from voice.dialogue.events import HeardOut, Routed
from voice.dialogue.reading_room.reading_commands import AllowPlaces, ForgetPlaces
from voice.dialogue.reading_room.reading_states import BookContents, ReadingBook
from voice.dialogue.states import Confirm, Ticket
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind

SENTENCES = [sentence.text for block in BOOK_TEXT.blocks for sentence in block.sentences]


def read(player: Player) -> list[str]:
    """The sentences of the book in the last answer."""
    return [line.text for line in player.lines if line.record is not None]


def state(player: Player) -> ReadingBook:
    assert isinstance(player.context.state, ReadingBook)
    return player.context.state


@pytest.fixture
def reader(caller: Player) -> Player:
    caller.hears("абай жолы оқып бер")
    return caller


def hearing(player: Player, sentence: int) -> Player:
    """As the session says it: this sentence sounds now."""
    object.__setattr__(player.context, "state", player.context.state.reached(sentence))
    return player


def test_a_book_is_read_from_its_beginning_to_its_end(reader: Player) -> None:
    heard = read(reader)
    assert reader.lines[0].text == "Оқимын: Абай жолы."
    while state(reader).goes_on:
        reader.happens(HeardOut())
        heard += read(reader)
    assert heard == SENTENCES and reader.lines[-2].text == "Кітап аяқталды."


@pytest.mark.parametrize(
    ("heard", "said", "first"),
    [
        (2, "келесі сөйлем", 3), (2, "алдыңғы сөйлем", 1), (3, "алдыңғы абзац", 1), (2, "келесі тарау", 5),
        (7, "алдыңғы тарау", 5), (2, "қайтала", 2), (1, "мәтіннен бала тап", 6), (2, "назад на две минуты", 0),
    ],
)  # fmt: skip
def test_a_move_goes_on_from_the_sentence_that_was_heard(reader: Player, heard: int, said: str, first: int) -> None:
    hearing(reader, heard).hears(said)
    assert read(reader)[0] == SENTENCES[first] and state(reader).goes_on


@pytest.mark.parametrize(("key", "first"), [("1", 1), ("3", 3), ("4", 1), ("6", 4), ("7", 0), ("9", 5)])
def test_keys_move_in_pairs(reader: Player, key: str, first: int) -> None:
    press(hearing(reader, 2), key)
    assert read(reader)[0] == SENTENCES[first]


def test_five_stops_and_goes_on_from_the_sentence_that_was_broken_off(reader: Player) -> None:
    press(hearing(reader, 3), "5")
    assert not state(reader).goes_on and read(reader) == []
    press(reader, "5")
    assert read(reader)[0] == SENTENCES[3]


def test_faster_does_not_lose_the_place(reader: Player) -> None:
    hearing(reader, 3).hears("жылдамырақ")
    assert read(reader) == [] and state(reader).goes_on
    reader.happens(HeardOut())
    assert read(reader)[0] == SENTENCES[3]


def test_where_how_long_and_contents(reader: Player) -> None:
    hearing(reader, 6).hears("қай жердемін")
    assert reader.lines[0].text == "Тарау: Екінші тарау."
    reader.hears("қанша қалды")
    assert "соңына дейін 1 минут" in reader.lines[0].text
    reader.hears("тараулары")
    reader.hears("екінші")
    assert read(reader)[0] == SENTENCES[5]


def test_a_bookmark_leads_back(reader: Player) -> None:
    hearing(reader, 2).hears("бетбелгі қой")
    assert "сақта" in reader.lines[-1].text, "it is said that it is kept for this conversation only"
    hearing(reader, 6).hears("бетбелгілер")
    reader.hears("бірінші")
    assert read(reader)[0] == SENTENCES[2]


def test_it_stops_by_itself_when_the_time_has_come(reader: Player) -> None:
    hearing(reader, 2).hears("жиырма минуттан кейін тоқтаңыз")
    assert read(reader)[0] == SENTENCES[2] and "10:20" in reader.lines[0].text
    reader.now += timedelta(minutes=21)
    reader.happens(HeardOut())
    assert not state(reader).goes_on and reader.lines[0].text == "Осы жерде тоқтаймын."


def test_continue_leads_back_to_the_book_from_elsewhere(reader: Player) -> None:
    hearing(reader, 3).hears("жұмыс уақыты")
    assert not isinstance(reader.context.state, ReadingBook)
    reader.hears("оқуды жалғастыр")
    assert read(reader)[0] == SENTENCES[3]


def test_continue_opens_the_book_that_was_read_last(caller: Player) -> None:
    caller.library.begun, caller.library.keeps_places = HELD[:1], True
    known(caller).hears("оқуды жалғастыр")
    assert read(caller)[0] == SENTENCES[0] and state(caller).keeps


def test_a_book_for_members_asks_for_the_ticket_and_opens_then(caller: Player) -> None:
    caller.hears("прочитай путь абая")
    assert isinstance(caller.context.state, Ticket)
    assert caller.lines[0].text.startswith(("Бұл кітапты", "Эту книгу читают только с билетом"))
    for digits in ("100001", "2580"):
        caller.hears(digits)
    assert state(caller).book == HELD[1]


def test_places_are_kept_after_a_yes_and_forgotten_after_another(reader: Player) -> None:
    known(reader).hears("оқуды жалғастыр")
    reader.hears("орнымды сақта")
    assert isinstance(reader.context.state, Confirm)
    reader.hears("иә")
    assert reader.library.asked[-1] == AllowPlaces("100001") and state(reader).keeps
    reader.hears("бетбелгілерімді өшір")
    reader.hears("иә")
    assert reader.library.asked[-1] == ForgetPlaces("100001") and not state(reader).keeps


def test_a_found_book_is_read_at_once(caller: Player) -> None:
    caller.hears("абай жолы кітабын тап")
    caller.hears("бірінші")
    caller.hears("оқып бер")
    assert state(caller).book == HELD[0]


def test_what_the_reading_room_has_not_is_said(caller: Player) -> None:
    caller.hears("жер асты патшалығы оқып бер")
    assert caller.lines[0].text.startswith("Оқу залында мұндай кітап жоқ")


def test_at_a_desk_what_follows_is_behind_what_was_shown(phrasebook: Phrasebook) -> None:
    desk = calling(phrasebook, ChannelKind.DESK)
    desk.hears("абай жолы оқып бер")
    shown = read(desk)
    desk.hears("келесі")
    assert read(desk)[0] == SENTENCES[len(shown)]
    desk.happens(Routed(2))
    assert read(desk)[0] == SENTENCES[2]


def test_who_signs_in_over_an_open_book_finds_her_kept_place_and_bookmarks_in_it(reader: Player) -> None:
    reader.library.place, reader.library.keeps_places = ReadingPlace(6, (Bookmark(2, "kept"),)), True
    hearing(reader, 3).hears("бетбелгі қой")
    known(reader).hears("оқуды жалғастыр")
    assert state(reader).keeps and state(reader).place.sentence == 3
    assert state(reader).bookmarks == (Bookmark(2, "kept"), Bookmark(6), Bookmark(3))


def test_a_yes_to_keeping_writes_over_nothing_that_could_not_be_read(reader: Player) -> None:
    reader.library.place, reader.library.keeps_places = ReadingPlace(6, (Bookmark(2, "kept"),)), True
    reader.library.fails["JoinPlaces"] = "error.unavailable"
    known(hearing(reader, 3)).hears("оқуды жалғастыр")
    assert not state(reader).keeps and state(reader).ticket == ""
    reader.hears("орнымды сақта")
    reader.hears("иә")
    assert state(reader).keeps and Bookmark(2, "kept") in state(reader).bookmarks


@pytest.mark.parametrize("words", ["мазмұны", "мазмұнын айтыңыз", "тараулар", "тараулары", "содержание", "оглавление"])
def test_contents_by_any_of_its_names(reader: Player, words: str) -> None:
    reader.hears(words)
    assert isinstance(reader.context.state, BookContents)
