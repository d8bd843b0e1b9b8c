"""Days and times: every day of three years, from every day; nothing impossible, nothing guessed."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
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


NOW = datetime.combine(TODAY, time(8, 30))
TABLE = tomllib.loads(files("languages").joinpath("dates.toml").read_text(encoding="utf-8"))
WORDS = {wording for kind in TABLE["kind"].values() for text in kind.values() for wording in text.split("|")}
WORDS |= {"5", "25", "три", "пятого", "бесте", "the fifth", "25.12", "15:30", "2026-12-25", "жиырма бесінде"}
ASKED = """
пятого | 2026-12-05
on the 5th | 2026-12-05
жетінші | 2026-12-07
the fourth | 2026-12-04
пятого в три | 2026-12-05 15:00
пятого декабря в три | 2026-12-05 15:00
5 декабря в 3 | 2026-12-05 15:00
8 декабря 15:00 | 2026-12-08 15:00
с пятого по седьмое | 2026-12-05..2026-12-07
from the 5th to the 7th | 2026-12-05..2026-12-07
с 5 по 7 декабря | 2026-12-05..2026-12-07
бесіншіден жетіншіге дейін | 2026-12-05..2026-12-07
дүйсенбіден сәрсенбіге дейін | 2026-11-30..2026-12-02
через два часа | 2026-11-24 10:30
in two hours | 2026-11-24 10:30
екі сағаттан кейін | 2026-11-24 10:30
через полчаса | 2026-11-24 09:00
жарты сағаттан кейін | 2026-11-24 09:00
in an hour | 2026-11-24 09:30
через два дня | 2026-11-26
без пятнадцати три | 14:45
без четверти три | 14:45
quarter to three | 14:45
үшке он бес минут қалды | 14:45
без двадцати три | 14:40
без двадцати пяти три | 14:35
quarter past three | 15:15
четверть четвертого | 15:15
десять минут четвертого | 15:10
үштен он минут өтті | 15:10
полтретьего | 14:30
полдень | 12:00
noon | 12:00
талтүсте | 12:00
в час дня | 13:00
до часу | 00:00-13:00
в пятом часу | 16:00-17:00
после пяти | 17:00-23:59
after five | 17:00-23:59
сағат бестен кейін | 17:00-23:59
до пяти | 00:00-17:00
беске дейін | 00:00-17:00
с 2 до 5 вечера | 14:00-17:00
с 10 до 2 дня | 10:00-14:00
two to four | 15:58 ; 14:00-16:00
next week | 2026-11-30..2026-12-06
на следующей неделе | 2026-11-30..2026-12-06
келесі аптада | 2026-11-30..2026-12-06
келесі аптаның сәрсенбісінде | 2026-12-02
через неделю в среду | 2026-12-02
на выходных | 2026-11-28..2026-11-29
демалыста | 2026-11-28..2026-11-29
next weekend | 2026-11-28..2026-11-29 ; 2026-12-05..2026-12-06
через месяц | 2026-12-24
25.12 | 2026-12-25
2026-12-25 | 2026-12-25
5/12 | 2026-12-05 ; 2027-05-12
5.12 | 2026-12-05 ; 17:12
10.30 | 10:30
25-інде | 2026-11-25
желтоқсанның жиырма бесінде | 2026-12-25
бесінші желтоқсанға | 2026-12-05
5 | 17:00 ; 2026-12-05
бесте | 17:00
tonight | 2026-11-24 17:00-21:00
"""


def written(parsed: ParsedDate) -> str:
    day = f"{parsed.day}..{parsed.last_day}" if parsed.last_day else f"{parsed.day or ''}"
    clock = "-".join(f"{each:%H:%M}" for each in (parsed.starts, parsed.ends) if each)
    return f"{day} {clock}".strip()


@pytest.mark.parametrize("line", ASKED.strip().splitlines())
def test_everything_that_words_may_mean_and_nothing_else(line: str) -> None:
    said, _, meant = line.partition(" | ")
    assert [written(parsed) for parsed in DATES.readings(said, NOW)] == meant.split(" ; ")
    single = DATES.read(said, NOW)
    assert (single and written(single)) == (None if ";" in meant else meant)


@pytest.mark.parametrize("said", ["через два", "in five", "31.11", "2026-02-30", "25:70", "с 7 по 5 декабря", "без"])
def test_what_is_unfinished_or_impossible_is_nothing(said: str) -> None:
    assert DATES.readings(said, NOW) == ()


def test_an_hour_ahead_needs_a_clock() -> None:
    assert DATES.readings("через два часа", TODAY) == ()


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1))


@given(MOMENTS, st.integers(1, 20), st.sampled_from(["kk", "ru", "en"]))
def test_hours_ahead_are_added_to_the_clock(now: datetime, hours: int, language: str) -> None:
    number = RbnfEngine.for_language(language).format_number(hours).text
    if language == "ru" and hours == 1:
        number = ""
    said = {"kk": f"{number} сағаттан кейін", "ru": f"через {number} часов", "en": f"in {number} hours"}[language]
    then = (now + timedelta(hours=hours)).replace(second=0, microsecond=0)
    assert DATES.readings(said, now) == (ParsedDate(then.date(), then.time()),)


@given(st.integers(1, 12), st.sampled_from([5, 10, 15, 20, 25]))
def test_minutes_before_and_past_an_hour_are_subtracted_and_added(hour: int, minutes: int) -> None:
    exact = datetime.combine(TODAY, time(hour if hour >= 9 else hour + 12))
    said = {
        f"{minutes} minutes to {hour}": -1,
        f"{minutes} past {hour}": 1,
        f"без {minutes} минут {hour}": -1,
        f"сағат {hour} {minutes} минут қалды": -1,
        f"сағат {hour} {minutes} минут өтті": 1,
    }
    for words, sign in said.items():
        moment = (exact + sign * timedelta(minutes=minutes)).time()
        assert DATES.readings(words, NOW)[:1] == (ParsedDate(None, moment),), words


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 700))
def test_figures_are_the_date_they_are(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert DATES.readings(f"{day:%Y-%m-%d}", today) == (ParsedDate(day),)
    assert DATES.readings(f"{day:%d.%m.%Y}", today) == (ParsedDate(day),)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_a_weekday_in_a_week_is_one_of_the_fortnight_and_asked_about_when_it_is_not_sure(
    today: date, weekday: int
) -> None:
    for language, said in (
        ("ru", "через неделю в {}"),
        ("kk", "бір аптадан кейін {}"),
        ("en", "in a week on {}"),
    ):
        found = [parsed.day for parsed in DATES.readings(said.format(WEEKDAYS[language][weekday]), today)]
        that_week = {
            today + timedelta(days=ahead)
            for ahead in range(1, 14)
            if (today + timedelta(days=ahead)).isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]
        }
        first_after = next(day for ahead in range(7, 14) if (day := today + timedelta(days=ahead)).weekday() == weekday)
        expected = {day for day in that_week if day.weekday() == weekday} | {first_after}
        assert set(found) == expected


@given(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=6), MOMENTS)
def test_no_words_raise_and_every_reading_is_in_order(words: list[str], now: datetime) -> None:
    for parsed in DATES.readings(" ".join(words), now):
        assert parsed.day is not None or parsed.starts is not None
        assert parsed.last_day is None or (parsed.day is not None and parsed.day < parsed.last_day)
        assert parsed.ends is None or (parsed.starts is not None and parsed.starts < parsed.ends)


def test_a_kazakh_ten_before_minutes_is_a_number_and_no_russian_he() -> None:
    now = datetime(2026, 11, 24, 10, 0)
    assert DATES.read("он минуттан кейін", now) == ParsedDate(now.date(), time(10, 10))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("кеше", 23, None), ("вчера", 23, None), ("the day before yesterday", 22, None), ("осы аптада не бар", 24, 29)],
)
def test_days_that_have_passed_and_questions_for_a_week(text: str, first: int, last: int | None) -> None:
    read = DATES.read(text, date(2026, 11, 24))
    assert read and read.day == date(2026, 11, first) and read.last_day == (last and date(2026, 11, last))


@pytest.mark.parametrize("text", ["any evening", "в любой вечер", "кез келген кеште", "any day in the evening"])
def test_any_day_leaves_the_day_open(text: str) -> None:
    assert DATES.read(text, date(2026, 11, 24)) == ParsedDate(None, time(17), time(21))
