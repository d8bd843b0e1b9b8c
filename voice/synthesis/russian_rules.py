"""How Russian reads numbers: gender and case by the word beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from languages.numerals import cardinal, number, ordinal
from voice.synthesis.normalisation_rules import Rule, Written, clock, vocabulary

MONTHS: Sequence[str] = vocabulary("ru")["months"]
FEMININE: Sequence[str] = vocabulary("ru")["feminine"]
NEUTER: Sequence[str] = vocabulary("ru")["neuter"]
ORDINAL_ENDINGS = {
    "й": "masculine", "ый": "masculine", "ой": "masculine", "я": "feminine", "ая": "feminine", "е": "neuter",
    "ое": "neuter", "го": "masculine-genitive", "ого": "masculine-genitive", "му": "masculine-dative",
    "ому": "masculine-dative", "м": "masculine-locative", "ом": "masculine-locative", "ю": "feminine-accusative",
    "ую": "feminine-accusative", "х": "plural-genitive", "ых": "plural-genitive",
}  # fmt: skip
YEAR_FORMS = {
    "год": "masculine",
    "года": "masculine-genitive",
    "году": "masculine-locative",
    "годом": "masculine-ablative",
}
ORDERED_NOUNS = {
    "век": "masculine", "века": "masculine-genitive", "веке": "masculine-locative", "том": "masculine",
    "тома": "masculine-genitive", "томе": "masculine-locative", "часть": "feminine", "части": "feminine-genitive",
    "глава": "feminine", "главы": "feminine-genitive", "книга": "feminine", "издание": "neuter", "столетие": "neuter",
}  # fmt: skip
GENITIVE_AFTER = "до|от|около|из|после|без|более|менее|больше|меньше|свыше"
PARTS = {1: ("десятая", "десятых"), 2: ("сотая", "сотых"), 3: ("тысячная", "тысячных")}


def plural(value: int, forms: Sequence[str]) -> str:
    """The form of a noun after a number: 1 книга, 2 книги, 5 книг."""
    if value % 100 in range(11, 15):
        return forms[2]
    return forms[0] if value % 10 == 1 else forms[1] if value % 10 in (2, 3, 4) else forms[2]


def _date(found: re.Match[str]) -> str:
    day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
    genitive = ordinal(day, "ru", "neuter-genitive")
    return f"{genitive} {MONTHS[month - 1]} {ordinal(year, 'ru', 'masculine-genitive')} года"


def _day(found: re.Match[str]) -> str:
    form = "neuter" if found["today"] else "neuter-genitive"
    return f"{found['today'] or ''}{ordinal(int(found['day']), 'ru', form)} "


def _times(found: re.Match[str]) -> str:
    first, last = (clock(found[h], found[m], "ru", "masculine-genitive") for h, m in (("h1", "m1"), ("h2", "m2")))
    return f"с {first} до {last}"


def _time(found: re.Match[str]) -> str:
    form = "masculine-genitive" if found["before"] and found["before"].strip() != "к" else "masculine"
    form = "masculine-dative" if (found["before"] or "").strip() == "к" else form
    return (found["before"] or "") + clock(found["h"], found["m"], "ru", form, minutes_always=True)


def _decimal(found: re.Match[str]) -> str:
    whole, part = int(found["whole"]), int(found["part"])
    name = PARTS[len(found["part"])][plural(part, (0, 1, 1))]  # type: ignore[arg-type, call-overload]
    wholes = plural(whole, ("целая", "целых", "целых"))
    return f"{cardinal(whole, 'ru', 'feminine')} {wholes} {cardinal(part, 'ru', 'feminine')} {name}"


def _fraction(found: re.Match[str]) -> str:
    above, below = int(found["above"]), int(found["below"])
    part = ordinal(below, "ru", "feminine" if plural(above, ("1", "2", "5")) == "1" else "plural-genitive")
    return f"{cardinal(above, 'ru', 'feminine')} {part}"


def _counted(found: re.Match[str]) -> str:
    """A quantity: gender by the noun after it, genitive after a preposition that wants it."""
    before, noun = found["before"] or "", found["noun"] or ""
    word = noun.strip().lower()
    gender = (
        "feminine" if word.startswith(tuple(FEMININE)) else "neuter" if word.startswith(tuple(NEUTER)) else "masculine"
    )
    case = "-genitive" if before else "-accusative" if gender == "feminine" and word.endswith(("у", "ю")) else ""
    return f"{before}{number(found['number'], 'ru', gender + case)}{noun}"


def _ordered(found: re.Match[str]) -> str:
    return f"{ordinal(int(found['number']), 'ru', ORDERED_NOUNS[found['noun']])} {found['noun']}"


RULES: tuple[Rule, ...] = (
    (Written.DATE, _date),
    (Written.TIMES, _times),
    (re.compile(rf"(?P<before>\b(?:с|до|от|после|около|к) )?{Written.TIME}", re.IGNORECASE), _time),
    (
        re.compile(
            rf"(?P<today>\b(?:сегодня|завтра|послезавтра|вчера) )?\b(?P<day>[12]?\d|3[01]) (?=(?:{'|'.join(MONTHS)})\b)"
        ),
        _day,
    ),
    (
        re.compile(r"\b(?P<number>\d{4}) (?P<year>год|года|году|годом)\b"),
        lambda m: f"{ordinal(int(m['number']), 'ru', YEAR_FORMS[m['year']])} {m['year']}",
    ),
    (
        re.compile(
            rf"\b(?P<number>\d{{1,6}})-(?P<ending>{'|'.join(sorted(ORDINAL_ENDINGS, key=len, reverse=True))})\b"
        ),
        lambda m: ordinal(int(m["number"]), "ru", ORDINAL_ENDINGS[m["ending"]]),
    ),
    (re.compile(rf"\b(?P<number>\d{{1,4}})-(?P<noun>{'|'.join(ORDERED_NOUNS)})\b"), _ordered),
    (
        re.compile(r"\b(?P<number>\d{1,6})-(?=летн|дневн|томн|этажн|минутн|страничн)"),
        lambda m: cardinal(int(m["number"]), "ru", "masculine-genitive").replace(" ", ""),
    ),
    (Written.DECIMAL, _decimal),
    (Written.FRACTION, _fraction),
    (
        Written.RANGE,
        lambda m: (
            f"от {number(m['first'], 'ru', 'masculine-genitive')} до {number(m['last'], 'ru', 'masculine-genitive')}"
        ),
    ),
    (
        re.compile(rf"(?P<before>\b(?:{GENITIVE_AFTER}) )?\b(?P<number>\d+)(?P<noun> [а-яё]+)?", re.IGNORECASE),
        _counted,
    ),
    (Written.NUMBER, lambda m: number(m[0], "ru")),
)
