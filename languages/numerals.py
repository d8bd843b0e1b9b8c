"""Numbers in words, by the Unicode rules (CLDR, package unicode-rbnf), and what those rules leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial

from unicode_rbnf import RbnfEngine

from languages.codes import LANGUAGES

LONGEST = 12
"""Digits of a number that is still read as one; longer ones are read digit by digit."""
IN_TITLE = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
"""A number as titles hold them; longer ones are nobody's words."""
ROMAN = re.compile(r"(?=[IVXLCDM])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@cache
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


@cache
def _spelled_out(number: int, language: str, ruleset: str) -> str:
    return _engine(language).format_number(number, ruleset_names=[ruleset]).text.replace("\xad", "")


def cardinal(number: int, language: str, form: str = "masculine") -> str:
    """ "Five". `form` is the gender and case of a Russian numeral: "feminine", "masculine-genitive" …; else ignored.

    A thousand is "тысяча" in Russian, not "одна тысяча".
    """
    if language != "ru":
        return _spelled_out(number, language, "spellout-cardinal")
    words = _spelled_out(number, language, f"spellout-cardinal-{form}")
    return words.removeprefix("одна ") if 1000 <= number < 2000 else words


def ordinal(number: int, language: str, form: str = "masculine") -> str:
    """ "Fifth"; `form` as for `cardinal`."""
    if language != "ru":
        return _spelled_out(number, language, "spellout-ordinal")
    return _spelled_out(number, language, f"spellout-ordinal-{form}").removeprefix("одна ")


def year(number: int) -> str:
    """An English year: "nineteen eighty-four"."""
    return _spelled_out(number, "en", "spellout-numbering-year")


def as_in_title(number: int, language: str) -> str:
    """Return `number` (0 to 9999) in the words in which a reader asks for a title; English years in pairs."""
    if language == "en" and 1100 <= number <= 1999 and number % 100:
        return f"{cardinal(number // 100, 'en')} {cardinal(number % 100, 'en')}"
    return cardinal(number, language)


def titles_in_words(text: str) -> Iterator[str]:
    """Yield `text` with its numbers in the words of each language; nothing when it has none."""
    if IN_TITLE.search(text):
        for language in LANGUAGES:
            yield IN_TITLE.sub(partial(_match_in_words, language), text)


def _match_in_words(language: str, found: re.Match[str]) -> str:
    return as_in_title(int(found.group()), language)


def digits(text: str, language: str) -> str:
    """Every digit of `text` alone, other signs left out."""
    return " ".join(cardinal(int(sign), language) for sign in text if sign.isdecimal())


def number(text: str, language: str, form: str = "masculine") -> str:
    """A number as written: digit by digit when it starts with zero or is too long to be a quantity."""
    if len(text) > LONGEST or (len(text) > 1 and text[0] == "0"):
        return digits(text, language)
    return cardinal(int(text), language, form)


def roman(text: str) -> int | None:
    """The value of a Roman numeral in capitals, None when it is not one."""
    if not ROMAN.fullmatch(text):
        return None
    values = [ROMAN_VALUES[sign] for sign in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
