"""Rules of a good conversation, one by one: language, misses, silence, privacy, undo, letters, hostile input."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from catalogue_client.records import Hours, Place, Preferences, Reader, RenewOutcome
from tests.voice.conversation.playing import Player
from tests.voice.conversation.small_library import LOANS, NOW, READERS, WISHES, SmallLibrary
from voice.channels.call import ChannelKind
from voice.conversation import Profile, asks, begin, step
from voice.conversation.events import Answered, Began, Left, NotUnderstood, Pressed, Routed, Said, Silence
from voice.conversation.keyed_stages import Letters
from voice.conversation.spelling import letters_of
from voice.conversation.stages import Confirm
from voice.conversation.turn import Control
from voice.understanding.intent import Intent
from voice.understanding.phrasebook import Phrasebook


@pytest.fixture(scope="module")
def phrasebook() -> Phrasebook:
    return Phrasebook.load()


@pytest.fixture
def caller(phrasebook: Phrasebook) -> Player:
    return calling(phrasebook)


def calling(phrasebook: Phrasebook, kind: ChannelKind = ChannelKind.TELEPHONE, private: bool = True) -> Player:
    player = Player(begin(Profile(kind, private, NOW)), SmallLibrary(), phrasebook)
    player.happens(Began())
    return player


def known(player: Player, ticket: str = "100001", pin: str = "2580") -> Player:
    for words in ("менің кітаптарым", ticket, pin):
        player.hears(words)
    assert player.state.reader
    return player


def press(player: Player, keys: str) -> Player:
    for key in keys:
        player.happens(Pressed(key))
    return player


def said(player: Player) -> str:
    return " ".join(line.text for line in player.lines)


# Language


def test_the_answer_is_in_the_language_of_the_last_whole_utterance(caller: Player) -> None:
    caller.hears("найди книги про абая")
    assert (caller.state.language == "ru" and "Нашлось" in said(caller)) or "Нашлись" in said(caller)
    caller.hears("екінші туралы толығырақ")
    assert caller.state.language == "kk"


def test_one_borrowed_word_does_not_switch_the_language(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    for word in ("да", "yes", "стоп", "следующая"):
        caller.hears(word)
        assert caller.state.language == "kk", word


def test_the_readers_setting_wins_when_in_doubt(caller: Player) -> None:
    caller.hears("говори по-русски")
    assert caller.state.language == "ru"
    caller.hears("көмек")
    assert caller.state.language == "ru"
    caller.hears("абай туралы кітап тап")
    assert caller.state.language == "kk"


def test_a_remembered_language_is_spoken_to_a_reader_who_only_keys(phrasebook: Phrasebook) -> None:
    player = press(calling(phrasebook), "33")
    english = Reader("100001", "Aigul", preferences=Preferences(language="en", rate=300))
    player.state = step(player.state, Pressed("1")).state
    turn = step(player.state, Pressed("#"))
    turn = step(step(turn.state, Pressed("2")).state, Pressed("#"))
    turn = step(turn.state, Answered(turn.ask, english))
    assert turn.state.language == "en" and turn.state.preferences.rate == 300


def test_an_unknown_language_is_declined_and_ours_are_offered(caller: Player) -> None:
    caller.happens(Said(Intent("language", {"language": "tlh"}, "xx", "клингонша сөйле")))
    assert caller.state.language == "kk" and caller.state.name == "languages"
    press(caller, "2")
    assert caller.state.language == "ru"


# Titles said alone


@pytest.mark.parametrize("words", ["абай жолы", "путь абая", "мұхтар әуезов"])
def test_a_title_or_author_said_alone_is_looked_for(caller: Player, words: str) -> None:
    caller.hears(words)
    assert caller.state.name == "results"


def test_chatter_is_not_taken_for_a_title(caller: Player) -> None:
    caller.hears("абай деген көшеде бүгін көлік көп екен")
    assert caller.state.name == "start" and caller.state.misses == 1


# Misses and silence


def test_misses_are_helped_further_each_time_and_end_with_a_person(caller: Player) -> None:
    heard = []
    for _ in range(4):
        caller.happens(NotUnderstood("бүгін ауа райы қандай"))
        heard.append(said(caller))
    assert len(set(heard)) == 4
    assert caller.state.name == "doubt"
    press(caller, "1")
    assert isinstance(caller.library.asked[-1], asks.HandOver)


def test_understanding_something_begins_the_count_anew(caller: Player) -> None:
    caller.happens(NotUnderstood("хм"))
    first = said(caller)
    caller.hears("көмек")
    caller.happens(NotUnderstood("хм"))
    assert said(caller) == first


def test_silence_and_not_understood_are_told_apart(caller: Player) -> None:
    caller.happens(Silence())
    silent = said(caller)
    caller.happens(NotUnderstood("хм"))
    assert said(caller) != silent


def test_the_reader_can_ask_for_time(caller: Player) -> None:
    caller.hears("күте тұрыңыз")
    for _ in range(6):
        caller.happens(Silence())
        assert caller.controls == {Control.TICK} and not caller.lines
    caller.happens(Silence())
    assert caller.lines


def test_a_telephone_ends_after_the_third_silence_but_a_braille_desk_never(phrasebook: Phrasebook) -> None:
    telephone, desk = calling(phrasebook), calling(phrasebook, ChannelKind.DESK)
    for _ in range(3):
        telephone.happens(Silence())
        desk.happens(Silence())
    assert Control.HANG_UP in telephone.controls and telephone.state.name == "goodbye"
    for _ in range(20):
        desk.happens(Silence())
        assert desk.state.name == "start" and desk.lines


# Privacy


def test_keyed_digits_are_never_spoken(phrasebook: Phrasebook) -> None:
    for kind, private in ((ChannelKind.TELEPHONE, True), (ChannelKind.STATION, False)):
        player = press(calling(phrasebook, kind, private), "33")
        for digit in "100001":
            player.happens(Pressed(digit))
            assert not player.lines and player.controls == {Control.TICK}
        press(player, "#")
        spoken = [line.text for line in player.lines if private or not line.private]
        assert not any("100001" in text for text in spoken)
        for digit in "2580#":
            player.happens(Pressed(digit))
            assert "2580" not in said(player)


def test_what_is_personal_is_marked_private(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші"):
        caller.hears(words)
    address = [line for line in caller.lines if "даңғылы" in line.text]
    assert address and all(line.private for line in address)
    caller.hears("иә")
    assert all(line.private for line in caller.lines if "42" in line.text)


def test_a_station_warns_that_others_may_hear(phrasebook: Phrasebook) -> None:
    station = calling(phrasebook, ChannelKind.STATION, private=False)
    assert len(station.lines) == len(calling(phrasebook, ChannelKind.STATION).lines) + 1


def test_a_station_forgets_the_reader_and_the_settings(phrasebook: Phrasebook) -> None:
    station = known(calling(phrasebook, ChannelKind.STATION, private=False))
    press(station, "9")
    station.happens(Left())
    assert station.state == begin(Profile(ChannelKind.STATION, False, NOW)) and station.controls == {Control.FORGET}


def test_settings_are_kept_only_with_consent(phrasebook: Phrasebook) -> None:
    for answer, kept in (("1", True), ("2", False)):
        player = press(known(calling(phrasebook)), "9")
        player.hears("сау болыңыз")
        assert player.state.name == "confirm"
        press(player, answer)
        assert any(isinstance(ask, asks.SavePreferences) for ask in player.library.asked) is kept
        assert player.state.name == "goodbye" and player.state.reader is None


def test_recording_needs_consent_and_ends_at_a_word(caller: Player) -> None:
    assert not caller.state.recording
    caller.happens(Said(Intent("recording", {}, "kk", "жазба")))
    press(caller, "2")
    assert not caller.state.recording
    caller.happens(Said(Intent("recording", {}, "kk", "жазба")))
    press(caller, "1")
    assert caller.state.recording
    caller.happens(Said(Intent("recording", {}, "kk", "жазба")))
    assert not caller.state.recording


# Unclear speech


def test_an_unclear_yes_books_nothing(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші"):
        caller.hears(words)
    caller.hears("иә", confidence=0.1)
    assert caller.state.name == "confirm" and caller.booking is None
    caller.hears("иә", confidence=0.9)
    assert caller.booking


def test_an_unclear_wish_is_asked_about_and_a_search_never(caller: Player) -> None:
    caller.hears("менің кітаптарым", confidence=0.2)
    assert caller.state.name == "doubt" and "менің кітаптарым" in said(caller)
    press(caller, "2")
    caller.hears("абай туралы кітап тап", confidence=0.2)
    assert caller.state.name == "results"


def test_other_hypotheses_go_with_the_search(caller: Player) -> None:
    caller.happens(Said(Intent("search", {"words": "абай"}, "kk", "абай"), 0.7, ("абат", "обой")))
    assert caller.library.asked[-1].query.alternatives == ("абат", "обой")


# Read-backs

TO_THE_READ_BACK = ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші")


@pytest.mark.parametrize("words", ["жоқ", "артқа", "болдырма", "no", "нет"])
def test_every_way_to_refuse_a_read_back_books_nothing(caller: Player, words: str) -> None:
    for before in TO_THE_READ_BACK:
        caller.hears(before)
    caller.hears(words)
    assert caller.state.name == "record" and not caller.state.basket
    assert not any(isinstance(ask, asks.CHANGES) for ask in caller.library.asked)


def test_a_hold_is_offered_when_the_library_refuses_delivery(caller: Player) -> None:
    caller.library.fails["DeliverySlots"] = "refused_outside_city"
    for words in (*TO_THE_READ_BACK[:-1], "иә"):
        caller.hears(words)
    assert isinstance(caller.state.stage, Confirm) and isinstance(caller.state.stage.ask, asks.PlaceHold)


def test_a_note_in_the_readers_own_words(caller: Player) -> None:
    for words in TO_THE_READ_BACK:
        caller.hears(words)
    caller.hears("курьерге айтыңыз алдымен қоңырау шалсын")
    assert caller.state.name == "confirm"
    caller.hears("иә")
    booked = next(ask for ask in caller.library.asked if isinstance(ask, asks.BookDelivery))
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
        assert isinstance(player.library.asked[-1], asks.CancelHold) is taken_back


# A person


def test_outside_their_hours_the_librarians_call_back(phrasebook: Phrasebook) -> None:
    answers = set()
    for opens, person in ((540, False), (720, False), (540, True)):
        profile = Profile(ChannelKind.TELEPHONE, True, NOW, staffed=(Hours(NOW.weekday(), opens, 1080),))
        player = Player(begin(profile), SmallLibrary(person=person), phrasebook)
        press(player, "0")
        answers.add(said(player))
    assert len(answers) == 3


def test_outside_their_hours_nobody_is_said_to_be_called(phrasebook: Phrasebook) -> None:
    closed = Profile(ChannelKind.TELEPHONE, True, NOW, staffed=(Hours(NOW.weekday(), 720, 1080),))
    player = press(Player(begin(closed), SmallLibrary(), phrasebook), "0")
    assert "байланыстырып жатырмын" not in said(player)
    assert "жұмыс уақыты аяқталды" in said(player)


def test_nobody_is_promised_a_call_who_cannot_be_called(phrasebook: Phrasebook) -> None:
    station = Player(begin(Profile(ChannelKind.STATION, True, NOW)), SmallLibrary(), phrasebook)
    assert "телефон нөміріңіз белгісіз" in said(press(station, "0"))
    assert "сізге қоңырау шалады" in said(press(known(station), "0"))


def test_a_place_is_named_in_the_readers_language(phrasebook: Phrasebook) -> None:
    names = {"kk": "Жамбыл атындағы кітапхана", "ru": "библиотека имени Жамбыла", "en": "Jambyl Library"}
    profile = Profile(ChannelKind.TELEPHONE, True, NOW, places=(Place("zhambyl", "branch", names),))
    player = Player(begin(profile), SmallLibrary(), phrasebook)
    for words, name in (
        ("абай туралы кітап тап", "Жамбыл атындағы кітапхана"),
        ("найди книги про абая", ". Библиотека имени Жамбыла"),
        ("подробнее о первой", "Где: библиотека имени Жамбыла"),
        ("where is the first one available", "Where: Jambyl Library"),
    ):
        player.hears(words)
        assert name in said(player), words


def test_the_librarian_gets_the_context_and_nothing_personal(phrasebook: Phrasebook) -> None:
    player = press(known(calling(phrasebook)), "0")
    handed = player.library.asked[-1]
    assert isinstance(handed, asks.HandOver) and handed.context.startswith("loans") and "Айгүл" not in handed.context


# Letters and numbers


def test_letters_are_keyed_by_repeated_taps(caller: Player) -> None:
    press(caller, "1")
    press(caller, "2222")
    assert said(caller) == "в"
    press(caller, "1")
    press(caller, "2")
    press(caller, "*")
    assert caller.state.stage == Letters("в")
    press(caller, "11")
    press(caller, "#")
    assert caller.library.asked[-1] == asks.Search(replace(caller.library.asked[-1].query, words="в"))


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("абай ләззат", "ал"),
        ("а как анна бэ", "аб"),
        ("a as in apple b for book", "ab"),
        ("ә б а й", "әбай"),
        ("қа эль", "қл"),
        ("айтматов", "айтматов"),
    ],
)
def test_words_are_spelled_with_example_words(words: str, letters: str) -> None:
    assert letters_of(words) == letters


def test_digits_past_the_end_are_refused_kindly(caller: Player) -> None:
    press(caller, "33" + "1" * 14)
    caller.happens(Pressed("1"))
    assert "14" in said(caller) and len(caller.state.stage.digits) == 14
    press(caller, "*")
    assert caller.state.stage.digits == ""
    press(caller, "*")
    assert caller.state.name == "start"


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
    assert caller.state.name == "confirm" and caller.state.stage.slot.id == "s1"


def test_a_window_that_is_not_offered_is_not_booked(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бүгін"):
        caller.hears(words)
    assert caller.state.name == "slots"


# Hostile input


def test_five_hundred_words_are_cut_not_refused(caller: Player) -> None:
    caller.happens(Said(Intent("search", {"words": "кітап " * 500}, "kk", "кітап " * 500)))
    assert len(caller.library.asked[-1].query.words) <= 200 and caller.lines


def test_a_place_that_does_not_exist(caller: Player) -> None:
    caller.happens(Said(Intent("hours", {"place": "атлантида"}, "kk", "атлантида қашан ашық")))
    assert "атлантида" in said(caller)


def test_a_routing_key_beside_the_results(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    caller.happens(Routed(77))
    assert caller.state.name == "results" and caller.lines


def test_one_answer_for_an_unknown_ticket_and_a_wrong_pin(phrasebook: Phrasebook) -> None:
    answers = set()
    for ticket, pin in (("999999", "2580"), ("100001", "0000")):
        assert (ticket, pin) not in READERS
        player = calling(phrasebook)
        for words in ("менің кітаптарым", ticket, pin):
            player.hears(words)
        answers.add(said(player))
    assert len(answers) == 1


def test_the_only_result_is_asked_about_and_no_begins_a_new_search(caller: Player) -> None:
    caller.happens(Said(Intent("search", {"words": "абай", "format": "audio"}, "kk", "абай аудио")))
    assert len(caller.state.stage.items) == 1
    press(caller, "2")
    assert caller.state.name == "start" and caller.lines


def test_what_became_of_wishes_is_told_once_at_the_next_contact(caller: Player) -> None:
    caller.library.wishes = WISHES
    caller.hears("менің кітаптарым")
    caller.hears("100001")
    caller.hears("2580")
    told = " ".join(line.text for turn in caller.turns for line in turn.say)
    for title, end in (
        ("Абай жолы", "кітап сақталды"), ("Қара сөздер", "мерзімі ұзартылды"), ("Cosmos", "Қайта сұраңыз")
    ):  # fmt: skip
        assert title in told and end in told
    assert caller.library.wishes == () and caller.state.name == "loans"


def test_a_renewal_that_must_wait_is_told_as_noted_and_not_as_done(caller: Player) -> None:
    known(caller)
    ask = asks.Renew("100001", "l1")
    loan = replace(LOANS[0], accepted=True)
    turn = step(caller.state, Answered(ask, loan), NOW)
    text = " ".join(line.text for line in turn.say)
    assert "өтініш қабылданды" in text and "ұзартылды" not in text
    everything = tuple(RenewOutcome(replace(loan, id=str(n)), False) for n in range(2))
    turn = step(caller.state, Answered(asks.RenewAll("100001"), everything), NOW)
    assert "өтініш қабылданды" in " ".join(line.text for line in turn.say)


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
    assert player.state.name == "record" and "2-кітап" in said(player)
    for words in ("сақтап қой", "иә", "екіншісін сақтап қой"):
        player.hears(words)
    assert player.state.name == "confirm"


def test_a_question_about_no_book_asks_for_one(caller: Player) -> None:
    for words in ("где она есть", "вторая", "о чём она", "подробнее о второй"):
        caller.hears(words)
        assert "Сначала найдём книгу." in said(caller), words
