"""From words to the rows of units a model hears them as, for any word a catalogue may hold.

A word in the model's own script is spelled (Cyrillic) or pronounced (English). A word in the other script is
transliterated as a speaker would say it, so that "potter" is heard in a Russian sentence. Numbers must come as words:
what has digits or signs no unit stands for is left out, and said so.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from audio_models.acoustic_units import CYRILLIC, PHONEMES, cyrillic_units, numbered
from audio_models.pronunciation import pronounce

UnitKind = Literal["letters", "phonemes"]
Rows = tuple[tuple[int, ...], ...]

_EDGES = re.compile(r"^[^\w{]+|[^\w}]+$")
_LATIN = re.compile(r"[a-z']+")
HERE = Path(__file__).parent


def tokens(text: str) -> list[str]:
    """The words of a text as models know them: lower case, NFC, no punctuation; {slot} stays as it is."""
    plain = unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("-", " ").replace("—", " ")
    return [word for word in (_EDGES.sub("", part) for part in plain.split()) if word]


def is_slot(word: str) -> bool:
    """A place in a phrase where any word of the catalogue may stand: `{title}`."""
    return word.startswith("{") and word.endswith("}")


@lru_cache(maxsize=100_000)
def is_latin(word: str) -> bool:
    """Whether a word is written in Latin letters alone, accents aside."""
    return _LATIN.fullmatch(_without_accents(word)) is not None


def spell(words: Iterable[str], kind: UnitKind) -> dict[str, Rows]:
    """Word -> rows of units, numbered from 1. Words that cannot be written with the units are not in the answer.

    Raises ModelError when there are Latin words and espeak-ng is not installed.
    """
    words = list(dict.fromkeys(words))
    plain = {word: _without_accents(word) for word in words if is_latin(word)}
    sounds = pronounce(plain.values())
    numbers = numbered(CYRILLIC if kind == "letters" else PHONEMES)
    found: dict[str, Rows] = {}
    for word in words:
        if word in plain:
            said = sounds.get(plain[word], ())
            rows = [list(way) if kind == "phonemes" else _as_letters(way) for way in said]
        else:
            letters = cyrillic_units(word)
            rows = [] if letters is None else [list(letters) if kind == "letters" else _as_phonemes(letters)]
        numbered_rows = tuple(tuple(numbers[unit] for unit in row) for row in rows if row)
        if numbered_rows:
            found[word] = tuple(dict.fromkeys(numbered_rows))
    return found


def letter_names(model: str) -> list[str]:
    """Words that name letters, for the model "shared" or "english"."""
    return sorted({name for line in _toml("letter_names.toml")[model] for name in line.split()})


def _as_letters(phonemes: Iterable[str]) -> list[str]:
    table: Mapping[str, str] = _toml("transliteration.toml")["letters"]
    return [letter for phoneme in phonemes for letter in table[phoneme]]


def _as_phonemes(letters: Iterable[str]) -> list[str]:
    table: Mapping[str, str] = _toml("transliteration.toml")["phonemes"]
    return [phoneme for letter in letters for phoneme in table[letter].split()]


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


@cache
def _toml(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
