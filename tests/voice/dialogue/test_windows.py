"""Delivery times: any window of the next fortnight can be asked for, and the delivery is not lost on the way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalogue_client.values.shipments import Slot
from tests.voice.dialogue.callers import press
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import NOW
from tests.voice.dialogue.test_natural_yes import FOUND, LEADS
from tests.voice.dialogue.test_taking_back import caller, says
from voice.dialogue import commands
from voice.dialogue.events import NotUnderstood, Said
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Confirm, SlotList
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent


def fortnight() -> tuple[Slot, ...]:
    """The rounds of a fortnight from Tuesday, 24 November: 10 to 13 on working days, 14 to 18 on Saturdays too."""
    found = []
    for ahead in range(1, 15):
        day = NOW + timedelta(days=ahead)
        for first, last, weekdays in ((10, 13, 5), (14, 18, 6)):
            if day.weekday() < weekdays:
                starts = day.replace(hour=first)
                found.append(Slot(f"{starts:%d-%H}", starts, day.replace(hour=last)))
    return tuple(found)


def at_the_windows(phrasebook: Phrasebook, language: str) -> Player:
    player = caller(phrasebook, language, slots=fortnight())
    says(player, FOUND[language], *LEADS["delivery"][language][:-1])
    assert isinstance(player.context.state, SlotList)
    return player


def chosen(player: Player) -> datetime | None:
    state = player.context.state
    return state.slot.starts if isinstance(state, Confirm) and state.slot else None


ONE = [
    ("kk", "ертең түстен кейін", 25, 14),
    ("ru", "завтра после обеда", 25, 14),
    ("en", "tomorrow afternoon", 25, 14),
    ("en", "tomorrow after lunch", 25, 14),
    ("ru", "завтра до обеда", 25, 10),
    ("kk", "ертең таңертең", 25, 10),
    ("en", "friday afternoon", 27, 14),
    ("ru", "в субботу", 28, 14),
    ("kk", "сенбіде", 28, 14),
    ("en", "on saturday", 28, 14),
    ("ru", "послезавтра утром", 26, 10),
    ("ru", "в пятницу в три часа", 27, 15 - 1),
    ("ru", "завтра с двух до четырёх", 25, 14),
    ("ru", "пятого декабря", 5, 14),
    ("en", "on the 5th of december", 5, 14),
    ("kk", "бесінші желтоқсанда", 5, 14),
    ("ru", "завтра после двух", 25, 14),
    ("en", "tomorrow at quarter to three", 25, 14),
    ("ru", "на выходных", 28, 14),
    ("kk", "демалыста", 28, 14),
]
DAY = [("ru", "в пятницу", 27), ("ru", "4 декабря", 4), ("kk", "бүрсігүні", 26), ("en", "on friday", 27)]


@pytest.mark.parametrize(("language", "words", "day", "hour"), ONE)
def test_one_window_is_read_back(phrasebook: Phrasebook, language: str, words: str, day: int, hour: int) -> None:
    player = at_the_windows(phrasebook, language)
    says(player, words)
    starts = chosen(player)
    assert starts and (starts.day, starts.hour) == (day, hour)


@pytest.mark.parametrize(("language", "words", "day"), DAY)
def test_a_day_with_several_windows_is_said(phrasebook: Phrasebook, language: str, words: str, day: int) -> None:
    player = at_the_windows(phrasebook, language)
    heard = says(player, words)
    assert player.context.name == "slots" and "10:00" in heard and "14:00" in heard
    press(player, "2")
    starts = chosen(player)
    assert starts and (starts.day, starts.hour) == (day, 14)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "завтра вечером"), ("kk", "ертең кешке"), ("en", "tomorrow evening"), ("ru", "в воскресенье")],
)
def test_where_there_is_none_it_is_said_what_there_is(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = at_the_windows(phrasebook, language)
    heard = says(player, words)
    state = player.context.state
    assert isinstance(state, SlotList) and player.lines[0].text.startswith(("В это время", "Ол уақытта", "There is no"))
    nearest = state.items[state.first].starts
    assert f"{nearest:%H:%M}" in heard and nearest.day == (30 if words == "в воскресенье" else 25)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "позже"), ("ru", "в другой день"), ("kk", "кейінірек"), ("kk", "басқа күні"), ("en", "later"),
        ("en", "another day"), ("ru", "а что есть на неделе"), ("ru", "дальше"),
    ],
)  # fmt: skip
def test_later_ones_are_said(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = at_the_windows(phrasebook, language)
    says(player, words)
    state = player.context.state
    assert isinstance(state, SlotList) and state.first == 2


def test_keys_reach_every_window(phrasebook: Phrasebook) -> None:
    player = at_the_windows(phrasebook, "ru")
    press(player, "6" * 5 + "4" + "2")
    assert chosen(player) == fortnight()[9].starts


def test_an_hour_alone_means_the_windows_that_were_said(phrasebook: Phrasebook) -> None:
    player = at_the_windows(phrasebook, "ru")
    says(player, "после обеда")
    assert chosen(player) == fortnight()[1].starts


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "на этой неделе"), ("ru", "есть что нибудь такое"), ("ru", "почему так поздно"),
        ("kk", "неге сонша кеш"),
        ("en", "is that so"), ("en", "why so late"), ("kk", "не бар екен"), ("ru", "дворянское гнездо"),
    ],
)  # fmt: skip
def test_no_sentence_loses_the_delivery(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = at_the_windows(phrasebook, language)
    says(player, words)
    assert player.context.name == "slots" and player.lines
    assert not any(isinstance(ask, commands.Search) for ask in player.library.asked[-1:])


def test_a_question_in_between_leads_back_to_the_windows(phrasebook: Phrasebook) -> None:
    player = at_the_windows(phrasebook, "ru")
    for _ in range(4):
        player.happens(NotUnderstood())
    assert player.context.name == "doubt"
    says(player, "нет")
    assert player.context.name == "slots"
    player.happens(Said(Intent("when", {"when": "завтра утром"}, "ru", "завтра утром"), 0.2))
    assert player.context.name == "doubt"
    says(player, "да")
    assert chosen(player) == fortnight()[0].starts


def test_misses_do_not_lose_a_read_back(phrasebook: Phrasebook) -> None:
    player = at_the_windows(phrasebook, "ru")
    says(player, "первое")
    for _ in range(5):
        player.happens(NotUnderstood())
    assert player.context.name == "confirm"


def test_a_book_can_still_be_looked_for_and_added(phrasebook: Phrasebook) -> None:
    player = at_the_windows(phrasebook, "ru")
    says(player, "найди книгу путь абая", "вторая", "доставь домой", "первое")
    state = player.context.state
    assert isinstance(state, Confirm) and isinstance(state.command, commands.BookDelivery)
    assert len(state.command.record_ids) == 2


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "через два часа"), ("kk", "екі сағаттан кейін"), ("en", "in two hours")]
)
def test_an_hour_that_is_not_offered_books_no_other(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = at_the_windows(phrasebook, language)
    says(player, words)
    assert player.context.name == "slots" and chosen(player) is None


@pytest.mark.parametrize(("language", "words"), [("ru", "на следующих выходных"), ("en", "next weekend")])
def test_two_readings_that_are_both_offered_are_asked_about(phrasebook: Phrasebook, language: str, words: str) -> None:
    player = at_the_windows(phrasebook, language)
    says(player, words)
    assert player.context.name == "slots" and chosen(player) is None


NO_SUCH = [
    ("kk", "30 ақпанда", "slots.no_such_day"), ("ru", "30 февраля", "slots.no_such_day"),
    ("en", "on february 30", "slots.no_such_day"), ("kk", "кеше", "slots.past_day"), ("ru", "вчера", "slots.past_day"),
    ("en", "yesterday", "slots.past_day"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words", "why"), NO_SUCH)
def test_a_day_that_is_none_is_said_and_the_windows_stay(
    phrasebook: Phrasebook, language: str, words: str, why: str
) -> None:
    player = at_the_windows(phrasebook, language)
    before = player.context.state
    player.happens(Said(Intent("when", {"when": words}, language, words)))
    assert text_of(language, why) in " ".join(line.text for line in player.lines)
    assert player.context.state == before


ANY = [
    ("kk", "кез келген күні түстен кейін"), ("ru", "в любой день после обеда"), ("en", "any afternoon"),
    ("kk", "осы аптада бар ма"), ("ru", "что есть на этой неделе"), ("en", "is there anything this week"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words"), ANY)
def test_any_day_and_a_question_for_a_week_are_answered_with_windows(
    phrasebook: Phrasebook, language: str, words: str
) -> None:
    player = at_the_windows(phrasebook, language)
    player.happens(Said(Intent("when", {"when": words}, language, words)))
    state = player.context.state
    if isinstance(state, Confirm):
        assert state.slot and state.slot.starts.hour == 14
    else:
        assert isinstance(state, SlotList) and text_of(language, "slots.which_day") not in " ".join(
            line.text for line in player.lines
        )
