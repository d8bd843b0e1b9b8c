"""Numbers in words, as a recogniser writes them: 1984 is also "мың тоғыз жүз сексен төрт", "nineteen eighty-four"."""

from __future__ import annotations

from functools import lru_cache

from unicode_rbnf import RbnfEngine


@lru_cache(maxsize=3)
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


def spelled(number: int, language: str) -> str:
    """`number` in the words of kk, ru or en; English years in pairs."""
    if language == "en" and 1100 <= number <= 1999 and number % 100:
        return f"{spelled(number // 100, 'en')} {spelled(number % 100, 'en')}"
    words = str(_engine(language).format_number(number).text)
    return words.removeprefix("одна ") if 1000 <= number < 2000 else words  # nobody says "одна тысяча" of a year
