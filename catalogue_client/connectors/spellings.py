"""Other spellings of a heard word. Most servers compare letters as they are: Әуезов does not find Ауэзов."""

from __future__ import annotations

import re
import unicodedata

from languages.letters import IN_RUSSIAN_LETTERS

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 8
MOST_YEARS = 10
LONGEST_WORD = 40
"""Letters; servers refuse queries that are too long (Zebra: diagnostic 12)."""
MOST = 6
"""Spellings of one word in a query."""

KAZAKH = str.maketrans("кг", "қғ")
"""What a Russian recogniser makes of back consonants, turned back."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of `text` in lower case, each once, at most MOST_WORDS; what is longer than any word is none."""
    found = WORD.findall(unicodedata.normalize("NFC", text[:1000]).lower())
    return tuple(dict.fromkeys(word for word in found if len(word) <= LONGEST_WORD))[:MOST_WORDS]


def years_of(span: tuple[int, int]) -> range:
    """The years of a span, ends included, at most MOST_YEARS of them: the last."""
    return range(max(span[0], span[1] - MOST_YEARS + 1), span[1] + 1)


def spellings(word: str) -> tuple[str, ...]:
    """`word` in lower case first, then what else it may be written like."""
    russian = word.translate(IN_RUSSIAN_LETTERS).replace("ё", "е")
    plain = russian.replace("э", "е")
    ways = [
        word,
        russian,
        plain,
        _open_e(plain),
        plain.translate(KAZAKH),
        plain.replace("а", "ә", 1),
        word.replace("е", "ё", 1),
    ]
    return tuple(dict.fromkeys(ways))[:MOST]


def _open_e(word: str) -> str:
    """Э after a vowel, as Russian writes Kazakh names: ауезов -> ауэзов."""
    return "".join(
        "э" if letter == "е" and place and word[place - 1] in "аоуыи" else letter for place, letter in enumerate(word)
    )
