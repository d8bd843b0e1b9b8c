"""Text as it is printed to text as it is said: what espeak-ng reads wrongly or not at all is written out.

Every row of what its Kazakh, Russian and English voices were found to get wrong has a rule here or in kazakh.py,
russian.py and english.py, and an example in the tests.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from languages.kazakh_suffixes import with_case
from languages.letters import ANY_CYRILLIC, ANY_CYRILLIC_CAPITAL
from languages.numerals import digits, number, ordinal, roman
from voice.synthesis import english_rules, kazakh_rules, russian_rules
from voice.synthesis.normalisation_rules import Rule, vocabulary
from voice.synthesis.spelled_text import letter_name

NUMBER_RULES: dict[str, tuple[Rule, ...]] = {
    "kk": kazakh_rules.RULES,
    "ru": russian_rules.RULES,
    "en": english_rules.RULES,
}
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
UNSPOKEN = re.compile(r"[\x00-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\ufeff*_#~^|<>{}\\`\[\]]+")
GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:(?: \d{3})+|(?:,\d{3}){2,})(?![\d])")
ENGLISH_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,.])")
ISO_DATE = re.compile(r"\b([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
ISBN = re.compile(
    r"\b(?P<name>ISBN(?:-1[03])?:?\s*)?(?P<digits>97[89][- ]?(?:\d[- ]?){9}[\dXХ]|(?<=ISBN )(?:\d[- ]?){9}[\dXХ])(?!\d)"
)
PHONE = re.compile(
    r"(?<![\d+])(?P<plus>\+?)(?P<country>[78])[ -]?\(?(?P<code>\d{3})\)?[ -]?(?P<rest>\d{3}[ -]?\d\d[ -]?\d\d)\b"
)
INITIALS = re.compile(
    rf"\b((?:[A-Z{ANY_CYRILLIC_CAPITAL}]\.\s?){{1,3}})(?=\s?[A-Z{ANY_CYRILLIC_CAPITAL}][a-z{ANY_CYRILLIC}])"
)
INITIALS_AFTER = re.compile(rf"(?<=[a-z{ANY_CYRILLIC}] )((?:[A-Z{ANY_CYRILLIC_CAPITAL}]\.\s?){{1,3}})")
ROMAN = re.compile(
    rf"(?<![\w.])(?P<numeral>[IVXLХ]+)(?![\w])(?P<hyphen>-?)(?P<space>\s?)(?P<after>[{ANY_CYRILLIC}a-z]*)"
)
CODE = re.compile(r"(?<![A-Za-z])(?<![A-Za-z] )(?P<code>[A-Z]{2,4})(?P<number>\d{0,2})(?![A-Za-z])(?! [A-Za-z])")

MOST_REPEATS = 3
"""How often in a row the same sign, or the same few signs, are read: what follows tells nobody more."""
REPEATED = re.compile(r"(\S{1,6}?)\1{3,}")
MOST_MARKS = 2
MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]{2})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)
LONGEST_WORD = 40
"""Characters, no letters: the longest words of the three languages have some 35 letters. espeak-ng's buffers for a word
and its endings are not much longer, and 1.51 ends the process where they overflow."""
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
NOT_PLAIN = re.compile(r"[^\w\s.,?!]|_")


def normalise(text: str, language: str) -> str:
    """`text` written out for the voice of `language`: kk, ru or en; any other is read as English."""
    language = language if language in NUMBER_RULES else "en"
    text = SPACES.sub(" ", unicodedata.normalize("NFC", text).replace("\u0301", ""))
    for pattern, say in (*_before(language), *NUMBER_RULES[language], *_after(language)):
        text = pattern.sub(say, text)
    return bounded(re.sub(r" +([,.;:!?])", r"\1", SPACES.sub(" ", text)).strip())


def bounded(text: str) -> str:
    """`text` without what a native synthesiser may break on: repetitions, heaps of marks, endless words.

    No sign, and no group of up to six, stands more than three times in a row; no more than two combining marks stand
    together; no word is longer than `LONGEST_WORD`, longer ones are said in pieces.
    """
    text = MARKS.sub(r"\1", text)
    while (shorter := REPEATED.sub(lambda m: m[1] * MOST_REPEATS, text)) != text:
        text = shorter
    return LONG_WORD.sub(lambda m: f"{m[0]} ", text)


def plainly(text: str) -> str:
    """`text` for a second try, after a synthesiser has failed with it: words, figures and pauses alone."""
    return bounded(SPACES.sub(" ", NOT_PLAIN.sub(" ", unicodedata.normalize("NFC", text))).strip())


@cache
def _before(language: str) -> tuple[Rule, ...]:
    """What must be known before numbers are read."""
    return (
        (UNSPOKEN, lambda m: " "),
        (ISBN, lambda m: f"ISBN {_isbn(m['digits'], language)}" if m["name"] else _isbn(m["digits"], language)),
        (PHONE, lambda m: _phone(m, language)),
        (ISO_DATE, lambda m: f"{m[3]}.{m[2]}.{m[1]}"),
        (ENGLISH_GROUPS if language == "en" else GROUPS, lambda m: re.sub("[ ,]", "", m[0])),
        (GROUPS, lambda m: re.sub("[ ,]", "", m[0])),
        *_abbreviations(language),
        (ROMAN, lambda m: _roman(m, language)),
        *(((CODE, _code),) if language != "en" else ()),
        (INITIALS, lambda m: _initials(m[1], language)),
        (INITIALS_AFTER, lambda m: _initials(m[1], language)),
        *(_counted_signs() if language == "ru" else ()),
        (re.compile(r"№\s?№"), lambda m: "№"),
    )


@cache
def _after(language: str) -> tuple[Rule, ...]:
    """Signs that are words."""
    signs = vocabulary(language)["signs"]

    def say(found: re.Match[str]) -> str:
        word = signs[found["sign"]]
        word = word if isinstance(word, str) else word[2]
        if language == "kk" and found["case"]:
            word = with_case(word, kazakh_rules.CASE_OF[found["case"]], possessive=False)
        return f" {word} "

    cases = rf"(?:-(?P<case>{kazakh_rules.CASES})\b)?" if language == "kk" else "(?P<case>)"
    return ((re.compile(f"(?P<sign>[{re.escape(''.join(signs))}]){cases}"), say),)


@cache
def _abbreviations(language: str) -> tuple[Rule, ...]:
    table: dict[str, str] = vocabulary(language)["abbreviations"]
    rules: list[Rule] = []
    for short in sorted(table, key=len, reverse=True):
        bare = re.escape(short.removeprefix("0 ").removesuffix(" 0"))
        before = r"(?<=\d)\s?" if short.startswith("0 ") else r"(?<![\w.])"
        after = r"\s?(?=\d)" if short.endswith(" 0") else r"(?!\w)"
        spaced = " " if short.startswith("0 ") else ""
        said = spaced + table[short] + (" " if short.endswith(" 0") else "")
        rules.append((re.compile(before + bare + after), lambda m, said=said: said))  # type: ignore[misc]
    return tuple(rules)


def _counted_signs() -> tuple[Rule, ...]:
    """Russian signs whose word depends on the number before it: 1 процент, 2 процента, 5 процентов."""
    forms = {sign: word for sign, word in vocabulary("ru")["signs"].items() if not isinstance(word, str)}
    pattern = re.compile(rf"(?P<number>\d+)\s?(?P<sign>[{re.escape(''.join(forms))}])")
    fractional = re.compile(rf"(?P<number>\d+[.,]\d+)\s?(?P<sign>[{re.escape(''.join(forms))}])")
    return (
        (fractional, lambda m: f"{m['number']} {forms[m['sign']][1]}"),
        (pattern, lambda m: f"{m['number']} {russian_rules.plural(int(m['number']), forms[m['sign']])}"),
    )


def _initials(text: str, language: str) -> str:
    """ "Ф. М. " without the pause that the voice makes after a full stop."""
    return " ".join(letter_name(sign, language) for sign in text if sign.isalpha()) + " "


def _code(found: re.Match[str]) -> str:
    """ "MP3" as "эм пи 3"; words in capitals are left to the voice, which knows English."""
    names, code = vocabulary("codes"), found["code"]
    if code not in names["known"] and re.search("[AEIOUY]", code):
        return found[0]
    return " ".join([*(names[sign] for sign in code), found["number"]]).strip()


def _isbn(text: str, language: str) -> str:
    """Digit by digit, with a little pause where the hyphens are."""
    groups = re.split("[- ]", text)
    return ", ".join(
        " ".join(digits(sign, language) or letter_name(sign, language) for sign in part) for part in groups
    )


def _phone(found: re.Match[str], language: str) -> str:
    plus = vocabulary(language)["signs"]["+"] + " " if found["plus"] else ""
    rest = re.sub(r"\D", "", found["rest"])
    groups = (found["country"], found["code"], rest[:3], rest[3:5], rest[5:])
    return plus + ", ".join(_group(group, language) for group in groups)


def _group(group: str, language: str) -> str:
    """Part of a telephone number as people say it: "007" is "zero zero seven", "45" is "forty-five"."""
    zeros = len(group) - len(group.lstrip("0"))
    return f"{digits(group[:zeros], language)} {number(group[zeros:], language) if group[zeros:] else ''}".strip()


def _roman(found: re.Match[str], language: str) -> str:
    """A Roman numeral as a number, where it is long enough or stands beside a word that is counted."""
    text = found["numeral"].replace("Х", "X")
    value = roman(text)
    counted = found["after"].startswith(tuple(vocabulary("centuries")[language]))
    before = found.string[: found.start()].rstrip()
    named = bool(re.search(rf"[A-Z{ANY_CYRILLIC_CAPITAL}][a-z{ANY_CYRILLIC}]+$", before)) and not found["hyphen"]
    if value is None or not (counted or named or (len(text) > 1 and "L" not in text)):
        return found[0]
    rest = f"{found['space'] or (' ' if found['hyphen'] else '')}{found['after']}"
    if language == "en":
        ordered = found["after"].startswith("century") or named
        article = "the " if named and not found["after"].startswith("century") else ""
        return f"{article}{ordinal(value, 'en')}{rest}" if ordered else f"{value}{rest}"
    form = russian_rules.ORDERED_NOUNS.get(found["after"], "masculine") if language == "ru" else "masculine"
    return f"{ordinal(value, language, form)}{rest}"
