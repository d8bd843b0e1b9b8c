"""The sounds the starter models know: letters for Kazakh and Russian together, phonemes for English.

One letter set for Kazakh and Russian lets one sentence mix both. English spelling is too far from its sounds for a
network this small, so English words are first read as phonemes (pronunciation.py).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from languages.letters import KAZAKH_ONLY, RUSSIAN_ALPHABET

CYRILLIC: tuple[str, ...] = tuple(RUSSIAN_ALPHABET.replace("ё", "") + KAZAKH_ONLY)
"""The 41 letters of the shared model; ё is written е, as most texts do."""

PHONEMES: tuple[str, ...] = (
    "i", "ɪ", "e", "æ", "ɑ", "ɔ", "ʊ", "u", "ʌ", "ə", "ɜ", "eɪ", "aɪ", "ɔɪ", "aʊ", "oʊ",
    "p", "b", "t", "d", "k", "g", "f", "v", "θ", "ð", "s", "z", "ʃ", "ʒ", "h", "tʃ", "dʒ",
    "m", "n", "ŋ", "l", "r", "j", "w",
)  # fmt: skip
"""The 40 phonemes of the English model."""

_SAME_LETTER = str.maketrans({"ё": "е", "i": "і", "h": "һ"})


def cyrillic_units(word: str) -> tuple[str, ...] | None:
    """The letters of a Kazakh or Russian word, or None when it has a character that is no letter of the set.

    Latin i and h inside a Cyrillic word are the usual typing slips for і and һ and are read as these.
    """
    letters = unicodedata.normalize("NFC", word.lower()).replace("-", "").translate(_SAME_LETTER)
    known = frozenset(CYRILLIC)
    return tuple(letters) if letters and all(letter in known for letter in letters) else None


def numbered(units: Sequence[str]) -> dict[str, int]:
    """Unit -> its output of the network; 0 is the blank of CTC."""
    return {unit: number for number, unit in enumerate(units, start=1)}
