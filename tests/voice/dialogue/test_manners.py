"""Letters and numbers, a person on the line, and nothing that has to be said twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue_client.values.opening_hours import Hours, Place
from tests.voice.dialogue.callers import calling, known, press, said
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Pressed
from voice.dialogue.features.spelled_input import Letters
from voice.dialogue.letter_entry import letters_of
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind

# A person


def test_outside_their_hours_the_librarians_call_back(phrasebook: Phrasebook) -> None:
    answers = set()
    for opens, person in ((540, False), (720, False), (540, True)):
        profile = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, staffed=(Hours(NOW.weekday(), opens, 1080),))
        player = Player(begin(profile), SmallLibrary(person=person), phrasebook)
        press(player, "0")
        answers.add(said(player))
    assert len(answers) == 3


def test_outside_their_hours_nobody_is_said_to_be_called(phrasebook: Phrasebook) -> None:
    closed = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, staffed=(Hours(NOW.weekday(), 720, 1080),))
    player = press(Player(begin(closed), SmallLibrary(), phrasebook), "0")
    assert "байланыстырып жатырмын" not in said(player)
    assert "жұмыс уақыты аяқталды" in said(player)


def test_nobody_is_promised_a_call_who_cannot_be_called(phrasebook: Phrasebook) -> None:
    station = Player(begin(Profile(CAPABILITIES[ChannelKind.STATION], True, NOW)), SmallLibrary(), phrasebook)
    assert "телефон нөміріңіз белгісіз" in said(press(station, "0"))
    assert "сізге қоңырау шалады" in said(press(known(station), "0"))


def test_a_place_is_named_in_the_readers_language(phrasebook: Phrasebook) -> None:
    names = {"kk": "Жамбыл атындағы кітапхана", "ru": "библиотека имени Жамбыла", "en": "Jambyl Library"}
    profile = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, places=(Place("zhambyl", "branch", names),))
    player = Player(begin(profile), SmallLibrary(), phrasebook)
    for words, name in (
        ("абай туралы кітап тап", "Жамбыл атындағы кітапхана"),
        ("найди книги про абая", ". Библиотека имени Жамбыла"),
        ("подробнее о первой", "Стоит: библиотека имени Жамбыла"),
        ("where is the first one available", "Where: Jambyl Library"),
    ):
        player.hears(words)
        assert name in said(player), words


def test_the_librarian_gets_the_context_and_nothing_personal(phrasebook: Phrasebook) -> None:
    player = press(known(calling(phrasebook)), "0")
    handed = player.library.asked[-1]
    assert (
        isinstance(handed, commands.HandOver) and handed.context.startswith("loans") and "Айгүл" not in handed.context
    )


# Letters and numbers


def test_letters_are_keyed_by_repeated_taps(caller: Player) -> None:
    press(caller, "1")
    press(caller, "2222")
    assert said(caller) == "в"
    press(caller, "1")
    press(caller, "2")
    press(caller, "*")
    assert caller.context.state == Letters("в")
    press(caller, "11")
    press(caller, "#")
    assert caller.library.asked[-1] == commands.Search(replace(caller.library.asked[-1].query, words="в"))


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("абай ләззат", ""),
        ("а абай", "а"),
        ("эм эл эн", "млн"),
        ("и краткое", "й"),
        ("а игрек", "аy"),
        ("а как анна бэ", "аб"),
        ("a as in apple b for book", "ab"),
        ("ә б а й", "әбай"),
        ("қа эль", "қл"),
        ("айтматов", ""),
    ],
)
def test_words_are_spelled_with_example_words(words: str, letters: str) -> None:
    assert letters_of(words) == letters


def test_digits_past_the_end_are_refused_kindly(caller: Player) -> None:
    press(caller, "33" + "1" * 14)
    caller.happens(Pressed("1"))
    assert "14" in said(caller) and len(caller.context.state.digits) == 14
    press(caller, "*")
    assert caller.context.state.digits == ""
    press(caller, "*")
    assert caller.context.name == "start"


def test_several_books_travel_in_one_parcel(caller: Player) -> None:
    for words in (
        "абай туралы кітап тап",
        "бірінші және екінші кітапты жеткіз",
        "100001",
        "2580",
        "бірінші",
        "иә",
    ):
        caller.hears(words)
    assert caller.booking and caller.booking.item.record_ids == ("1", "2")


def test_a_window_can_be_named_by_its_day(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "ертең"):
        caller.hears(words)
    assert caller.context.name == "confirm" and caller.context.state.slot.id == "s1"


def test_a_window_that_is_not_offered_is_not_booked(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бүгін"):
        caller.hears(words)
    assert caller.context.name == "slots"


# Nothing a reader has to say twice


def test_a_change_of_rate_is_not_what_repeat_repeats(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    results = said(caller)
    for words in ("тезірек", "қаттырақ", "баяуырақ", "қайталаңыз"):
        caller.hears(words)
    assert said(caller) == results


def test_after_a_booking_the_other_results_can_still_be_named(phrasebook: Phrasebook) -> None:
    player = known(calling(phrasebook), "100002", "1470")
    for words in ("абай туралы кітап тап", "біріншісін сақтап қой", "иә", "екіншісі"):
        player.hears(words)
    assert player.context.name == "record" and "2-кітап" in said(player)
    for words in ("сақтап қой", "иә", "екіншісін сақтап қой"):
        player.hears(words)
    assert player.context.name == "confirm"


def test_a_question_about_no_book_asks_for_one(caller: Player) -> None:
    for words in ("где она есть", "вторая", "о чём она", "подробнее о второй"):
        caller.hears(words)
        assert "Сначала найдём книгу." in said(caller), words
