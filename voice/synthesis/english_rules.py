"""How English reads numbers: years by the century, times by the twelve-hour clock, digits after the point."""

from __future__ import annotations

import re
from collections.abc import Sequence

from languages.numerals import cardinal, digits, number, ordinal, year
from voice.synthesis.normalisation_rules import Rule, Written, vocabulary

MONTHS: Sequence[str] = vocabulary("en")["months"]
MONTH_NAMES = "|".join(MONTHS)


def _date(found: re.Match[str]) -> str:
    day, month = ordinal(int(found["day"]), "en"), MONTHS[int(found["month"]) - 1]
    return f"the {day} of {month} {year(int(found['year']))}"


def _time(hour: str, minute: str) -> str:
    half = "a.m." if int(hour) < 12 else "p.m."
    spoken = cardinal((int(hour) - 1) % 12 + 1, "en")
    if int(minute):
        spoken += (" oh " if minute[0] == "0" else " ") + cardinal(int(minute), "en")
    return f"{spoken} {half}"


RULES: tuple[Rule, ...] = (
    (Written.DATE, _date),
    (Written.TIMES, lambda m: f"{_time(m['h1'], m['m1'])} to {_time(m['h2'], m['m2'])}"),
    (re.compile(Written.TIME), lambda m: _time(m["h"], m["m"])),
    (
        re.compile(rf"\b(?P<day>[12]?\d|3[01]) (?P<month>{MONTH_NAMES})\b"),
        lambda m: f"the {ordinal(int(m['day']), 'en')} of {m['month']}",
    ),
    (
        re.compile(rf"\b(?P<month>{MONTH_NAMES}) (?P<day>[12]?\d|3[01])\b"),
        lambda m: f"{m['month']} {ordinal(int(m['day']), 'en')}",
    ),
    (re.compile(r"\b(?P<number>\d{1,6})(?:st|nd|rd|th)\b"), lambda m: ordinal(int(m["number"]), "en")),
    (Written.DECIMAL, lambda m: f"{number(m['whole'], 'en')} point {digits(m['part'], 'en')}"),
    (Written.FRACTION, lambda m: f"{number(m['above'], 'en')} over {number(m['below'], 'en')}"),
    (re.compile(r"\b(?:1[1-9]\d\d|20\d\d)\b(?!,)"), lambda m: year(int(m[0]))),
    (Written.RANGE, lambda m: f"{number(m['first'], 'en')} to {number(m['last'], 'en')}"),
    (Written.NUMBER, lambda m: number(m[0], "en")),
)
