"""Other spellings of a heard word. Most servers compare letters as they are: Әуезов does not find Ауэзов."""

from __future__ import annotations

from languages.letters import IN_RUSSIAN_LETTERS

MOST = 6
"""Spellings of one word in a query."""

KAZAKH = str.maketrans("кг", "қғ")
"""What a Russian recogniser makes of back consonants, turned back."""


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
