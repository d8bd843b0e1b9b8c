"""Days and times: every day of three years, from every day; nothing impossible, nothing guessed."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from unicode_rbnf import RbnfEngine

from languages.date_parsing import Dates, ParsedDate

DATES = Dates.load()
FIRST, DAYS = date(2026, 1, 1), 3 * 365 + 1
MONTHS = {
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
}
WEEKDAYS = {
    "kk": ["дүйсенбіде", "сейсенбіде", "сәрсенбіде", "бейсенбіде", "жұмада", "сенбіде", "жексенбіде"],
    "ru": ["понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"],
    "en": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
}
TODAY = date(2026, 11, 24)
"""A Tuesday."""


def ordinal(language: str, value: int) -> str:
    ruleset = "spellout-ordinal-neuter-genitive" if language == "ru" else "spellout-ordinal"
    found = RbnfEngine.for_language(language).format_number(value, ruleset_names=[ruleset])
    return next(iter(found.text_by_ruleset.values()))


ORDINALS = {language: [ordinal(language, value) for value in range(1, 32)] for language in MONTHS}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_day_of_three_years_by_its_date(language: str) -> None:
    for ahead in range(DAYS):
        day = FIRST + timedelta(days=ahead)
        number, month = ORDINALS[language][day.day - 1], MONTHS[language][day.month - 1]
        said = f"{month} {number}" if language == "en" else f"{number} {month}"
        assert DATES.read(said, day - timedelta(days=ahead % 300)) == ParsedDate(day), said
        assert DATES.read(f"{day.day} {month} {day.year}", FIRST) == ParsedDate(day)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_weekday_from_every_day(language: str) -> None:
    following = {"kk": "келесі", "ru": "в следующую", "en": "next"}[language]
    for ahead in range(DAYS):
        today = FIRST + timedelta(days=ahead)
        for weekday, name in enumerate(WEEKDAYS[language]):
            found = DATES.read(name, today)
            assert found and found.day and found.day.weekday() == weekday
            assert 1 <= (found.day - today).days <= 7
            later = DATES.read(f"{following} {name}", today)
            assert later and later.day and later.day.weekday() == weekday
            assert later.day.isocalendar().week == (today + timedelta(days=7)).isocalendar().week


def test_days_from_today() -> None:
    for ahead in range(DAYS):
        today = FIRST + timedelta(days=ahead)
        for phrase, days in (
            ("ертең", 1),
            ("бүрсігүні", 2),
            ("послезавтра", 2),
            ("через пять дней", 5),
            ("он күннен кейін", 10),
            ("in two weeks", 14),
            ("бір аптадан кейін", 7),
        ):
            assert DATES.read(phrase, today) == ParsedDate(today + timedelta(days=days))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("бүрсігүні кешке", ParsedDate(date(2026, 11, 26), time(17), time(21))),
        ("в следующую среду в три часа", ParsedDate(date(2026, 12, 2), time(15))),
        ("завтра в три часа дня", ParsedDate(date(2026, 11, 25), time(15))),
        ("ертең сағат 15:00", ParsedDate(date(2026, 11, 25), time(15))),
        ("кешкі алтыда", ParsedDate(None, time(18))),
        ("сағат үш жарымда", ParsedDate(None, time(15, 30))),
        ("в половине четвертого", ParsedDate(None, time(15, 30))),
        ("half past two", ParsedDate(None, time(14, 30))),
        ("с двух до четырех дня", ParsedDate(None, time(14), time(16))),
        ("екіден төртке дейін", ParsedDate(None, time(14), time(16))),
        ("from two to four pm", ParsedDate(None, time(14), time(16))),
        ("в пятницу 27 ноября", ParsedDate(date(2026, 11, 27))),
        ("on the 25th at three pm", ParsedDate(date(2026, 11, 25), time(15))),
        ("12 am", ParsedDate(None, time(0))),
        ("завтра в 7 вечера", ParsedDate(date(2026, 11, 25), time(19))),
        ("31 числа", ParsedDate(date(2026, 12, 31))),
        ("таңертең", ParsedDate(None, time(9), time(12))),
        ("после обеда в субботу", ParsedDate(date(2026, 11, 28), time(12), time(17))),
        ("в эту пятницу", ParsedDate(date(2026, 11, 27))),
        ("двадцать девятое февраля 2028 года", ParsedDate(date(2028, 2, 29))),
    ],
)
def test_as_people_say_it(text: str, expected: ParsedDate) -> None:
    assert DATES.read(text, TODAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "тридцать первого февраля",
        "30 ақпан",
        "в субботу 27 ноября",
        "в двадцать пять часов",
        "в три часа утра",
        "в эту понедельник",
        "сағат үште мысық",
        "когда нибудь",
        "",
        "в",
        "в четыре до двух",
        "с четырех до двух дня",
        "через ноль дней",
        "через тысячу лет",
        "завтра послезавтра",
        "17 pm",
        "кітап",
        "29 февраля",
    ],
)
def test_what_is_no_day_or_no_possible_one(text: str) -> None:
    assert DATES.read(text, TODAY) is None
