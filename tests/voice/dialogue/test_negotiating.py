"""A read-back is negotiable: time, place, books, note; what was begun is kept when something else comes between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.voice.dialogue.callers import press
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import ASKED, HOLDS, NOW, ON_THE_WAY
from tests.voice.dialogue.test_natural_yes import FOUND, LEADS
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from tests.voice.dialogue.test_windows import fortnight
from voice.dialogue import commands
from voice.dialogue.events import NotUnderstood, Said, Silence, TurnedDown
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Booked, Confirm, SlotList, Which
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent, IntentName
from voice.values.refusals import RefusalReason

LANGUAGES = ("kk", "ru", "en")
YES = {"kk": "иә", "ru": "да", "en": "yes"}


def read_back(phrasebook: Phrasebook, language: str, kind: str, **library: object) -> Player:
    """A caller at the read-back of a hold, a delivery, renewals or a cancelled hold."""
    player = caller(phrasebook, language, **library)
    if kind in ("hold", "delivery"):
        says(player, FOUND[language])
    says(player, *LEADS[kind][language])
    assert isinstance(player.context.state, Confirm)
    return player


def command(player: Player) -> commands.AnyCommand:
    state = player.context.state
    assert isinstance(state, Confirm), player.context.name
    return state.command


def changed(player: Player) -> list[commands.AnyCommand]:
    return [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]


PLACES = [
    ("ru", "лучше в библиотеке ауэзова"), ("ru", "в библиотеке ауэзова"), ("kk", "әуезов кітапханасында болсын"),
    ("kk", "әуезов кітапханасында"), ("en", "at the auezov library instead"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words"), PLACES)
def test_a_library_said_to_the_read_back_of_a_hold_is_where_it_is_kept(
    phrasebook: Phrasebook, language: str, words: str
) -> None:
    player = read_back(phrasebook, language, "hold")
    assert command(player) == commands.PlaceHold(TICKET, "1", "zhambyl")
    says(player, words)
    assert command(player) == commands.PlaceHold(TICKET, "1", "auezov") and not changed(player)
    says(player, YES[language])
    assert changed(player) == [commands.PlaceHold(TICKET, "1", "auezov")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_library_costs_nothing(phrasebook: Phrasebook, language: str) -> None:
    player = read_back(phrasebook, language, "hold")
    says(
        player,
        {"kk": "атлантида кітапханасында", "ru": "лучше в библиотеке атлантида", "en": "at atlantis instead"}[language],
    )
    assert command(player) == commands.PlaceHold(TICKET, "1", "zhambyl")


TIMES = [
    ("ru", "лучше в пятницу утром", "27-10"), ("kk", "жұмада таңертең", "27-10"), ("en", "on friday morning", "27-10"),
    ("ru", "да но в субботу", "28-14"), ("en", "yes but on saturday", "28-14"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words", "slot"), TIMES)
def test_another_time_is_read_back_with_the_note_that_was_given(
    phrasebook: Phrasebook, language: str, words: str, slot: str
) -> None:
    player = read_back(phrasebook, language, "delivery", slots=fortnight())
    note = {
        "kk": "курьерге айтыңыз есікті қағыңыз",
        "ru": "передайте курьеру постучите",
        "en": "tell the courier to knock",
    }
    says(player, note[language])
    noted = command(player)
    says(player, words)
    assert command(player) == replace(noted, slot_id=slot) and not changed(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_without_a_round_is_said_and_the_nearest_windows_are_offered(
    phrasebook: Phrasebook, language: str
) -> None:
    player = read_back(phrasebook, language, "delivery", slots=fortnight())
    heard = says(player, {"kk": "жексенбіде", "ru": "в воскресенье", "en": "on sunday"}[language])
    assert isinstance(player.context.state, SlotList) and text_of(language, "slots.not_offered") in heard
    assert "30" in heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_after_the_last_round_is_answered_with_the_last_one(phrasebook: Phrasebook, language: str) -> None:
    player = read_back(phrasebook, language, "delivery", slots=fortnight())
    heard = says(player, {"kk": "20 желтоқсанда", "ru": "20 декабря", "en": "on the 20th of december"}[language])
    state = player.context.state
    assert isinstance(state, SlotList) and state.shown[-1] == len(state.items) - 1
    assert heard.startswith(text_of(language, "slots.too_far", date="|").split("|")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_times_are_offered_by_word_and_by_key(phrasebook: Phrasebook, language: str) -> None:
    for asks in ({"kk": "басқа уақыт", "ru": "поменяй время", "en": "another time"}[language], "6"):
        player = read_back(phrasebook, language, "delivery", slots=fortnight())
        press(player, asks) if asks == "6" else says(player, asks)
        state = player.context.state
        assert isinstance(state, SlotList) and state.first == 2 and not changed(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_change_alone_says_what_can_be_changed(phrasebook: Phrasebook, language: str) -> None:
    change = {"kk": "алмастыр", "ru": "измените", "en": "change it"}[language]
    for kind, answer in (("delivery", "delivery"), ("hold", "hold"), ("renew", "nothing")):
        player = read_back(phrasebook, language, kind)
        before = player.context.state
        assert text_of(language, f"confirm.change_{answer}") in says(player, change)
        assert player.context.state == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_book_is_taken_out_of_a_parcel_and_one_added(phrasebook: Phrasebook, language: str) -> None:
    player = read_back(phrasebook, language, "delivery")
    says(player, {"kk": "тағы бір кітап қос", "ru": "добавьте ещё книгу", "en": "add another book"}[language])
    second = {"kk": "екіншісін үйге жеткіз", "ru": "вторую доставь домой", "en": "deliver the second home"}[language]
    says(player, FOUND[language], second)
    assert isinstance(player.context.state, SlotList)
    says(player, {"kk": "бірінші", "ru": "первое", "en": "the first"}[language])
    both = command(player)
    assert isinstance(both, commands.BookDelivery) and both.record_ids == ("1", "2")
    says(player, {"kk": "біріншісін алып таста", "ru": "уберите первую", "en": "without the first"}[language])
    assert command(player) == replace(both, record_ids=("2",)) and not changed(player)
    says(player, {"kk": "біріншісін алып таста", "ru": "уберите первую", "en": "without the first"}[language])
    assert not isinstance(player.context.state, Confirm | SlotList) and not changed(player)


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_else_who_takes_the_books_in_is_the_note(phrasebook: Phrasebook, language: str) -> None:
    words = {"kk": "қызым алады", "ru": "заберёт моя дочь", "en": "my daughter will take it"}[language]
    player = read_back(phrasebook, language, "delivery")
    assert words in says(player, words)
    booked = command(player)
    assert isinstance(booked, commands.BookDelivery) and booked.note == words and not booked.may_tell


ALL_BUT = [
    ("ru", "да но без второй"), ("ru", "только не вторую"), ("en", "yes but not the second"),
    ("kk", "екіншісін қоспаңыз"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words"), ALL_BUT)
def test_all_but_one_are_renewed(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = read_back(phrasebook, language, "renew_all")
    heard = says(player, words)
    assert command(player) == commands.RenewAll(TICKET, ("l1", "l4")) and not changed(player)
    assert "Көшпенділер" not in heard and "Қан мен тер" in heard
    says(player, YES[language])
    assert changed(player) == [commands.RenewAll(TICKET, ("l1", "l4"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_renewed_is_said_before_the_yes(phrasebook: Phrasebook, language: str) -> None:
    player = read_back(phrasebook, language, "renew_all")
    heard = " ".join(line.text for line in player.lines)
    assert "Ұшқан ұя" in heard and text_of(language, "error.refused_waited_for") in heard


def test_a_verb_denied_changes_nothing(phrasebook: Phrasebook) -> None:
    player = read_back(phrasebook, "en", "renew_all")
    player.happens(TurnedDown(RefusalReason.DECLINED, "don't renew them"))
    assert not isinstance(player.context.state, Confirm) and not changed(player)
    says(player, "yes")
    assert not changed(player)


def test_the_bare_name_of_a_library_is_where_the_hold_is_wanted(phrasebook: Phrasebook) -> None:
    player = read_back(phrasebook, "kk", "hold")
    player.happens(Said(Intent("hours", {"place": "әуезов"}, "kk", "әуезов қашан ашық")))
    assert command(player) == commands.PlaceHold(TICKET, "1", "zhambyl")
    player.happens(Said(Intent("hours", {"place": "әуезов"}, "kk", "әуезов")))
    assert command(player) == commands.PlaceHold(TICKET, "1", "auezov") and not changed(player)


def test_a_colloquial_yes(phrasebook: Phrasebook) -> None:
    player = read_back(phrasebook, "ru", "renew_all")
    says(player, "ага валяйте")
    assert changed(player) == [commands.RenewAll(TICKET)]


# What was begun


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["hold", "delivery"])
def test_what_was_begun_is_offered_again(phrasebook: Phrasebook, language: str, kind: str) -> None:
    player = read_back(phrasebook, language, kind)
    begun = player.context.state
    heard = says(player, {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}[language])
    assert player.context.name == "loans" and text_of(language, "confirm.kept") in heard
    press(player, "4")
    assert player.context.state == begun and not changed(player)
    says(player, YES[language])
    assert len(changed(player)) == 1
    press(player, "4")
    assert not isinstance(player.context.state, Confirm)


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_something_else_was_done_it_is_offered_once_more(phrasebook: Phrasebook, language: str) -> None:
    player = read_back(phrasebook, language, "hold")
    begun = player.context.state
    says(player, {"kk": "бәрін ұзарт", "ru": "продли все", "en": "renew all"}[language])
    heard = says(player, YES[language])
    assert isinstance(player.context.state, Booked) and text_of(language, "confirm.kept") in heard
    press(player, "4")
    assert player.context.state == begun


def test_a_no_keeps_nothing(phrasebook: Phrasebook) -> None:
    player = read_back(phrasebook, "ru", "hold")
    says(player, "нет", "мои книги", "назад")
    assert not isinstance(player.context.state, Confirm)


@pytest.mark.parametrize("language", LANGUAGES)
def test_silence_repeats_the_read_back_then_says_that_nothing_has_changed(
    phrasebook: Phrasebook, language: str
) -> None:
    player = read_back(phrasebook, language, "delivery")
    begun = player.context.state
    player.happens(Silence())
    assert any("Абай жолы" in line.text for line in player.lines)
    player.happens(Silence())
    assert text_of(language, "confirm.nothing_yet") in [line.text for line in player.lines]
    assert player.context.state == begun and not changed(player)


# Beside a booking


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_book_is_about_is_answered_while_its_hold_is_cancelled(phrasebook: Phrasebook, language: str) -> None:
    player = read_back(phrasebook, language, "cancel")
    begun = player.context.state
    heard = says(player, {"kk": "бұл кітап не туралы", "ru": "о чём эта книга", "en": "what is it about"}[language])
    assert player.library.asked[-1] == commands.FindRecord(HOLDS[0].record_id)
    assert "Абай туралы роман." in heard and player.context.state == begun


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_old_search_comes_back_after_a_cancelled_hold(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language], *LEADS["cancel"][language], YES[language])
    assert changed(player) == [commands.CancelHold(TICKET, HOLDS[0].id)]
    assert isinstance(player.context.state, Booked)


@pytest.mark.parametrize(("words", "chosen"), [("пятого", "05-14"), ("бесінші", "05-14"), ("the fifth", "05-14")])
def test_a_bare_ordinal_past_the_windows_is_a_day_of_the_month(phrasebook: Phrasebook, words: str, chosen: str) -> None:
    language = {"пятого": "ru", "бесінші": "kk", "the fifth": "en"}[words]
    player = read_back(phrasebook, language, "delivery", slots=fortnight())
    says(player, {"kk": "басқа уақыт", "ru": "другое время", "en": "another time"}[language], words)
    booked = command(player)
    assert isinstance(booked, commands.BookDelivery) and booked.slot_id == chosen


# The staff


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_back_is_noted_with_its_hour(phrasebook: Phrasebook, language: str) -> None:
    words = {
        "kk": "маған сағат үште қоңырау шалыңыз",
        "ru": "перезвоните мне в три часа",
        "en": "call me back at three",
    }
    player = caller(phrasebook, language)
    heard = says(player, words[language])
    (left,) = [ask for ask in player.library.asked if isinstance(ask, commands.LeaveForStaff)]
    assert left.kind == IntentName.CALL_BACK and words[language] in left.context and not left.ticket
    assert text_of(language, "done.call_back_time") in heard


def test_a_call_back_that_nobody_can_make_asks_for_the_ticket_first(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    player.library.fails["LeaveForStaff"] = "refused_no_number"
    assert text_of("ru", "error.refused_no_number") in says(player, "перезвоните мне в три часа")
    assert text_of("ru", "done.call_back_time") in says(player, TICKET, "2580")
    lines = [ask for ask in player.library.asked if isinstance(ask, commands.LeaveForStaff)]
    assert lines[0].context == lines[1].context and lines[1].ticket == TICKET


def test_a_call_back_that_cannot_be_noted_is_said(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    player.library.fails["LeaveForStaff"] = "unavailable"
    assert text_of("ru", "person.unreachable") in says(player, "перезвоните мне")


MISSING = {"kk": "жеткізу келмеді", "ru": "доставка не пришла", "en": "my delivery did not come"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_delivery_that_did_not_come_goes_to_the_staff_with_what_is_known(
    phrasebook: Phrasebook, language: str
) -> None:
    player = caller(phrasebook, language, deliveries=(ASKED, ON_THE_WAY))
    heard = says(player, MISSING[language], TICKET, "2580")
    (left,) = [ask for ask in player.library.asked if isinstance(ask, commands.LeaveForStaff)]
    assert (left.kind, left.ticket, left.about) == (IntentName.DELIVERY_MISSING, TICKET, ON_THE_WAY.id)
    assert ON_THE_WAY.id in left.context and ON_THE_WAY.status in left.context
    assert text_of(language, "done.delivery_missing", number=ON_THE_WAY.id) in heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_delivery_whose_time_has_not_come_is_described(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, deliveries=(ASKED,))
    heard = says(player, MISSING[language], TICKET, "2580")
    assert text_of(language, "delivery.not_due") in heard and player.context.name == "delivery"
    assert not any(isinstance(ask, commands.LeaveForStaff) for ask in player.library.asked)


def test_one_word_for_two_things_asks_which(phrasebook: Phrasebook) -> None:
    player = caller(phrasebook, "ru")
    says(player, "запись")
    assert isinstance(player.context.state, Which)
    says(player, "первое")
    assert player.context.name == "phone"


def test_unknown_words_at_a_read_back_lose_nothing(phrasebook: Phrasebook) -> None:
    player = read_back(phrasebook, "ru", "hold")
    begun = player.context.state
    player.happens(NotUnderstood("следующая станция байконур"))
    assert player.context.state == begun and player.now == NOW


REGISTER = {"kk": "кітапханаға жазылғым келеді", "ru": "хочу записаться в библиотеку", "en": "i want to register"}
PARTS = {
    "kk": ("сегіз жеті нөл бір бес", "отыз үш", "отыз үш қырық төрт"),
    "ru": ("восемь семьсот один пять", "тридцать три", "тридцать три сорок четыре"),
    "en": ("eight seven zero one five", "thirty three", "thirty three forty four"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_telephone_number_may_come_in_parts_and_is_read_back_whole(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, REGISTER[language], *PARTS[language][:2])
    assert player.context.name == "phone"
    assert text_of(language, "identity.phone_part", n=7) in [line.text for line in player.lines]
    says(player, PARTS[language][2])
    assert player.context.name == "name"
    press(player, "#7391#")
    assert "+77015333344" in [line.text for line in player.lines if line.private and line.spelled]
