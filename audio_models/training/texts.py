"""Sentences to read: a library's language, numbers, names, titles, and made-up words with every pair of letters."""

from __future__ import annotations

import random
import tomllib
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unicode_rbnf import RbnfEngine

from audio_models.units import CYRILLIC

LANGUAGES = ("kk", "ru", "en")
HERE = Path(__file__).parent
TEST_TEXTS = 250
"""Texts of each language that are never trained on."""

_VOWELS = {"kk": "аәеоөұүыіи", "ru": "аеиоуыэюя", "en": "aeiou"}
_CONSONANTS = {
    "kk": "бгғджзйкқлмнңпрстуфхһцчшщ",
    "ru": "бвгджзйклмнпрстфхцчшщ",
    "en": "bcdfghjklmnprstvwyz",
}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def library_texts(language: str, count: int, seed: int) -> list[str]:
    """`count` sentences of a language, the same for the same seed."""
    with (HERE / "texts.toml").open("rb") as file:
        table = tomllib.load(file)[language]
    chance = random.Random(f"{language}{seed}")
    say_number = RbnfEngine.for_language(language)
    words = table["hard"] + list(pair_words(language, chance))

    def fill(sentence: str) -> str:
        while "{" in sentence:
            before, name, after = _first_slot(sentence)
            sentence = before + _value(name, table, words, say_number, chance) + after
        return sentence.replace("-", " ").replace("ё", "е")

    return [fill(chance.choice(table["sentences"])) for _ in range(count)]


def commands(language: str) -> list[str]:
    """What a reader says alone, such as yes, no, next and a digit; none for a language without a list."""
    with (HERE / "texts.toml").open("rb") as file:
        return list(tomllib.load(file)[language].get("commands", ()))


def _first_slot(sentence: str) -> tuple[str, str, str]:
    before, _, rest = sentence.partition("{")
    name, _, after = rest.partition("}")
    return before, name, after


def _value(name: str, table: dict[str, Any], words: Sequence[str], engine: RbnfEngine, chance: random.Random) -> str:
    if name == "number":
        return engine.format_number(chance.randint(0, 10 ** chance.randint(1, 4))).text
    if name == "digits":
        return " ".join(chance.choices(_DIGITS, k=chance.randint(1, 6)))
    if name == "word":
        return chance.choice(words)
    return str(chance.choice(table[f"{name}s"]))


def pair_words(language: str, chance: random.Random) -> Iterator[str]:
    """Made-up words in which every pair of letters of the language stands at least once."""
    letters = "abcdefghijklmnopqrstuvwxyz" if language == "en" else _VOWELS[language] + _CONSONANTS[language] + "ьъв"
    for first in sorted(set(letters)):
        for second in sorted(set(letters)):
            before = "" if first in _VOWELS[language] else chance.choice(_VOWELS[language])
            after = (
                chance.choice(_CONSONANTS[language])
                if second in _VOWELS[language]
                else chance.choice(_VOWELS[language])
            )
            yield before + first + second + after


def texts_to_keep_apart(texts: Sequence[str]) -> list[str]:
    """Up to 250 distinct texts for measuring, chosen by their checksum, so the same in every run."""
    return sorted(set(texts), key=lambda text: zlib.crc32(text.encode()))[:TEST_TEXTS]


assert set(_VOWELS["kk"] + _CONSONANTS["kk"]) <= set(CYRILLIC)
