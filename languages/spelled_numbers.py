"""Numbers in words, as a recogniser writes them: 1984 is also "мың тоғыз жүз сексен төрт", "nineteen eighty-four"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from unicode_rbnf import RbnfEngine

from languages.codes import LANGUAGES

DIGITS = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
"""A number as titles hold them; longer ones are nobody's words."""


@lru_cache(maxsize=3)
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


def in_words(text: str) -> Iterator[str]:
    """`text` with its numbers in the words of each language; nothing when it has none."""
    if DIGITS.search(text):
        for language in LANGUAGES:
            yield DIGITS.sub(partial(_match_spelled, language), text)


def _match_spelled(language: str, found: re.Match[str]) -> str:
    return spelled(int(found.group()), language)


def spelled(number: int, language: str) -> str:
    """`number` in the words of kk, ru or en; English years in pairs."""
    if language == "en" and 1100 <= number <= 1999 and number % 100:
        return f"{spelled(number // 100, 'en')} {spelled(number % 100, 'en')}"
    words = str(_engine(language).format_number(number).text)
    return words.removeprefix("одна ") if 1000 <= number < 2000 else words  # nobody says "одна тысяча" of a year
