"""Word stems of folded words: Kazakh endings are taken off, then Russian ones by Snowball.

Snowball has no Kazakh. This stripper is light: a case ending, a possessive ending and the plural, never leaving fewer
than four letters, all in folded spelling (жолының -> жолинин -> жол). Over-stripping does little harm because both
sides of a comparison are treated alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

LEAST = 4
"""Letters that stay."""

ENDINGS = (
    # instrumental, ablative, genitive, locative, dative, accusative; after possessives too (-ндан, -нда, -на)
    ("ларинин", "леринин", "синин", "нидан", "нинен", "синдан", "синен", "синан", "синда", "синде", "сина", "сине",
     "ндаги", "ндеги", "даги", "деги", "тагы", "теги", "ндан", "нден", "нда", "нде", "мен", "бен", "пен",
     "дан", "ден", "тан", "тен", "нан", "нен", "нин", "дин", "тин", "да", "де", "та", "те",
     "га", "ге", "ка", "ке", "на", "не", "ни", "ди", "ти"),
    # possessive: -ымыз, -ыңыз, -сы, -ым, -ың, -ы
    ("имиз", "иниз", "миз", "низ", "си", "им", "ин", "и"),
    # plural
    ("лар", "лер", "дар", "дер", "тар", "тер"),
)  # fmt: skip
"""Rounds of endings, tried longest first, one ending a round."""


def stems(words: Iterable[str]) -> list[str]:
    """The stem of each folded word, in order."""
    return [stem(word) for word in words]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    bare = without_kazakh_endings(word)
    # Twice: Ауэзова loses its case first and only then, like Ауэзов, the ending -ов.
    return _without_russian_ending(_without_russian_ending(bare))


def without_kazakh_endings(word: str) -> str:
    """Return one folded word without case, possessive and plural endings; at least LEAST letters stay."""
    for endings in ENDINGS:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= LEAST:
                word = word[: -len(ending)]
                break
    return word


@lru_cache(maxsize=1)
def _snowball() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("russian")


def _without_russian_ending(word: str) -> str:
    return str(_snowball().stemWord(word))
