"""Sentences to read: a library's language, numbers, names, titles, and made-up words with every pair of letters."""

from __future__ import annotations

import csv
import random
import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from unicode_rbnf import RbnfEngine

from audio_models.acoustic_units import CYRILLIC
from languages.letters import NATIVE_KAZAKH_VOWELS

HERE = Path(__file__).parent
DICTIONARIES = Path("/usr/share/hunspell")
DICTIONARY = {"kk": "kk_KZ", "ru": "ru_RU", "en": "en_US"}
"""Of Debian's packages hunspell-kk, hunspell-ru and hunspell-en-us."""
TEST_TEXTS = 250
"""Texts of each language that are never trained on."""

_VOWELS = {"kk": NATIVE_KAZAKH_VOWELS, "ru": "аеиоуыэюя", "en": "aeiou"}
_CONSONANTS = {
    "kk": "бгғджзйкқлмнңпрстуфхһцчшщ",
    "ru": "бвгджзйклмнпрстфхцчшщ",
    "en": "bcdfghjklmnprstvwyz",
}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def library_texts(language: str, count: int, seed: int, works: Path | None = None) -> list[str]:
    """`count` sentences of a language, the same for the same seed and the same dictionaries.

    works: a folder of `*.tsv` with the columns title, author and language; their names join those of texts.toml.
    """
    with (HERE / "texts.toml").open("rb") as file:
        table = tomllib.load(file)[language]
    chance = random.Random(f"{language}{seed}")
    say_number = RbnfEngine.for_language(language)
    words = table["hard"] + list(pair_words(language, chance))
    real = dictionary(language)
    # A third made up, so that every pair of letters is met; the rest as the language has them.
    words += chance.sample(real, min(len(real), 2 * len(words)))
    if works is not None:
        titles, authors = names_of(works, language)
        table = table | {"titles": table["titles"] + titles, "authors": table["authors"] + authors}

    def fill(sentence: str) -> str:
        while "{" in sentence:
            before, name, after = _first_slot(sentence)
            sentence = before + _value(name, table, words, say_number, chance) + after
        return sentence.replace("-", " ").replace("ё", "е")

    return [fill(chance.choice(table["sentences"])) for _ in range(count)]


def dictionary(language: str) -> list[str]:
    """The words of the machine's spelling dictionary of a language; none where it is not installed."""
    path = DICTIONARIES / f"{DICTIONARY[language]}.dic"
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="ignore").splitlines()[1:]
    words = {line.split("/")[0].strip().replace("ё", "е") for line in lines}
    return sorted(word for word in words if 2 < len(word) < 16 and _plain(word, language))


def names_of(works: Path, language: str) -> tuple[list[str], list[str]]:
    """Titles and authors of the works in a language that can be read as they are written."""
    titles, authors = set(), set()
    for path in sorted(works.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["language"] == language:
                    titles.add(_read_aloud(row["title"]))
                    authors.add(_read_aloud(row["author"]))
    return _readable(titles, language), _readable(authors, language)


def _readable(names: Iterable[str], language: str) -> list[str]:
    return sorted(name for name in names if name and all(_plain(word, language) for word in name.split()))


def _read_aloud(name: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", name.lower()).replace("ё", "е").split())


def _plain(word: str, language: str) -> bool:
    if language == "en":
        return re.fullmatch("[a-z]+('[a-z]+)?", word) is not None
    return all(letter in CYRILLIC for letter in word)


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
