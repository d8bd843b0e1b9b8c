"""How Kazakh reads numbers: ordinals after a hyphen, years, dates, case endings by vowel harmony."""

from __future__ import annotations

import re
from collections.abc import Sequence

from languages.kazakh_suffixes import case_of_ending, with_case
from languages.letters import ANY_CYRILLIC
from languages.numerals import cardinal, number, ordinal
from voice.synthesis.normalisation_rules import Rule, Written, clock, vocabulary

CASE_OF = case_of_ending()
CASES = "|".join(sorted(CASE_OF, key=len, reverse=True))
MONTHS: Sequence[str] = vocabulary("kk")["months"]
PARTS = {1: "он", 2: "жүз", 3: "мың"}


def _case(words: str, ending: str | None) -> str:
    return with_case(words, CASE_OF[ending], possessive=False) if ending else words


def _date(found: re.Match[str]) -> str:
    day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
    return f"{ordinal(year, 'kk')} жылғы {ordinal(day, 'kk')} {MONTHS[month - 1]}"


def _from_to(first: str, last: str) -> str:
    starts, ends = with_case(first, "ablative", possessive=False), with_case(last, "dative", possessive=False)
    return f"{starts} {ends} дейін"


def _decimal(found: re.Match[str]) -> str:
    part = found["part"]
    below = f"{with_case(PARTS[len(part)], 'ablative')} {cardinal(int(part), 'kk')}"
    return f"{number(found['whole'], 'kk')} бүтін {below}"


def _hyphen(found: re.Match[str]) -> str:
    """ "5-тен" counts, "3-том" and "2-ші" order."""
    value, word = found["number"], found["word"]
    if word in CASE_OF:
        return with_case(number(value, "kk"), CASE_OF[word], possessive=False)
    if re.fullmatch("[ыі]?н?ш[ыі]", word):
        return ordinal(int(value), "kk")
    return f"{ordinal(int(value), 'kk')} {word}"


RULES: tuple[Rule, ...] = (
    (Written.DATE, _date),
    (Written.TIMES, lambda m: _from_to(clock(m["h1"], m["m1"], "kk"), clock(m["h2"], m["m2"], "kk"))),
    (re.compile(rf"{Written.TIME}(?:-(?P<case>{CASES})\b)?"), lambda m: _case(clock(m["h"], m["m"], "kk"), m["case"])),
    (re.compile(r"\b(?P<number>1[1-9]\d\d|20\d\d) (?=жыл)"), lambda m: f"{ordinal(int(m['number']), 'kk')} "),
    (
        re.compile(rf"\b(?P<day>[12]?\d|3[01])[ -](?=(?:{'|'.join(MONTHS)}))"),
        lambda m: f"{ordinal(int(m['day']), 'kk')} ",
    ),
    (re.compile(rf"\b(?P<number>\d{{1,12}})-(?P<word>[{ANY_CYRILLIC}]+)"), _hyphen),
    (Written.DECIMAL, _decimal),
    (
        Written.FRACTION,
        lambda m: f"{with_case(number(m['below'], 'kk'), 'ablative', possessive=False)} {number(m['above'], 'kk')}",
    ),
    (Written.RANGE, lambda m: _from_to(number(m["first"], "kk"), number(m["last"], "kk"))),
    (Written.NUMBER, lambda m: number(m[0], "kk")),
)
