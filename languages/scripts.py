"""Kazakh in Arabic letters (төте жазу) or in Latin ones (2018, 2021), written in Cyrillic: for Braille and for speech.

Neither way of writing says everything: Arabic leaves out whether ا is а or ә, Latin 2021 writes и and й alike. So a
word has candidates, best first, and a vocabulary of known words chooses; without one the first candidate stands.
Sources: MediaWiki's KkConverter.php, the letter tables of 2018 (decree of 19 February 2018) and of January 2021.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files

_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d5\ufb50-\ufdff\ufe70-\ufeff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_WORD = re.compile(r"[\w\u0674\u0640]+")
_DAYEKSHE = "\u0674"
_LOAN = "\u06c6"
_MOST_CANDIDATES = 64


class Script(StrEnum):
    """How a Kazakh text is written."""

    CYRILLIC = "cyrillic"
    ARABIC = "arabic"
    LATIN_2018 = "latin_2018"
    LATIN_2021 = "latin_2021"


@dataclass(frozen=True, slots=True)
class Converted:
    """Text in Cyrillic that was written otherwise; worth saying so to whoever compares it with the book."""

    text: str
    origins: tuple[int, ...]
    """For each character of `text` the 0-based position in the given text."""
    unsure: tuple[str, ...] = ()
    """Words that had several candidates, none of them in the vocabulary; as they stand in `text`."""


@dataclass(frozen=True, slots=True)
class _Rules:
    letters: dict[str, list[str]]
    after_vowel: dict[str, list[str]]
    after_consonant: dict[str, list[str]]
    vowels: str
    glide: str
    """The letter of и and й: й at the start of a word only before a vowel."""
    spellings: dict[str, str] = field(default_factory=dict)
    back: dict[str, list[str]] = field(default_factory=dict)
    front: dict[str, list[str]] = field(default_factory=dict)
    front_by: str = ""
    back_by: str = ""


@functools.cache
def _rules(script: Script) -> _Rules:
    data = tomllib.loads(files("languages").joinpath("scripts.toml").read_text(encoding="utf-8"))
    return _Rules(**data[script.value])


def script_of(text: str) -> Script:
    """The script of a text known to be Kazakh: Arabic if it holds any Arabic letter, since `convert` leaves the others.

    Latin only on letters that no neighbour's alphabet has together, and where there is no Cyrillic.
    """
    if text.isascii():
        return Script.CYRILLIC
    if _ARABIC.search(text):
        return Script.ARABIC
    if _CYRILLIC.search(text):
        return Script.CYRILLIC
    letters = set(unicodedata.normalize("NFC", text).lower())
    if letters & set("ǵń") or (len(letters & set("áóúýı")) > 1 and not letters & set("éíñüöç")):
        return Script.LATIN_2018
    if letters & set("ğū") or len(letters & set("äöüşñıq")) > 1:
        return Script.LATIN_2021
    return Script.CYRILLIC


def convert(text: str, script: Script, vocabulary: Collection[str] = frozenset()) -> Converted:
    """`text` in Cyrillic. `vocabulary` holds known Kazakh words in lower case.

    A word with a letter that its script does not have, such as a foreign name, stays as it is.
    """
    if script is Script.CYRILLIC:
        return Converted(text, tuple(range(len(text))))
    shown: list[str] = []
    origins: list[int] = []
    unsure: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        start = found.start()
        shown += [_punctuation(sign, script) for sign in text[end:start]]
        origins += range(end, start)
        pieces, sure = _choose(_readings(found.group(), script), vocabulary)
        for piece, offset in pieces:
            shown += piece
            origins += [start + offset] * len(piece)
        if not sure:
            unsure.append("".join(piece for piece, _ in pieces))
        end = found.end()
    shown += [_punctuation(sign, script) for sign in text[end:]]
    origins += range(end, len(text))
    return Converted("".join(shown), tuple(origins), tuple(unsure))


def candidates(word: str, script: Script) -> tuple[str, ...]:
    """What one word can be in Cyrillic, best first, without repeats; at most a few dozen."""
    words = ("".join(piece for piece, _ in reading) for reading in _readings(word, script))
    return tuple(dict.fromkeys(words))


_Reading = tuple[tuple[str, int], ...]
"""A word as pieces of Cyrillic, each with the 0-based position in the word that it comes from."""


def _choose(readings: list[_Reading], vocabulary: Collection[str]) -> tuple[_Reading, bool]:
    words = ["".join(piece for piece, _ in reading) for reading in readings]
    for word, reading in zip(words, readings, strict=True):
        if word.lower() in vocabulary:
            return reading, True
    return readings[0], len(set(words)) == 1


def _punctuation(sign: str, script: Script) -> str:
    return _rules(script).letters.get(sign, [sign])[0]


def _readings(word: str, script: Script) -> list[_Reading]:
    rules = _rules(script)
    pieces = _unified(word, rules)
    letters = "".join(letter for letter, _ in pieces)
    if script is not Script.ARABIC:
        return _combined(_spell(pieces, rules, {}, word))
    dayekshe = _DAYEKSHE in letters
    by_back, by_front = (any(letter in letters for letter in by) for by in (rules.back_by, rules.front_by))
    front = dayekshe or (by_front and not by_back)
    pieces = [piece for piece in pieces if piece[0] != _DAYEKSHE]
    # Without a dayekshe a front word has ا for а more often than for ә: кітап, мектептегі балалар.
    alef = {} if dayekshe else {"ا": ["а", "ә"]}
    # Only loans and surnames have в, and no loan has ө: Ахметов.
    loan = {letter: rules.back[letter] for letter in "و" if _LOAN in letters}
    first, second = ({**rules.front, **alef, **loan}, rules.back)
    if not front:
        first, second = second, first
    if dayekshe:
        return _combined(_spell(pieces, rules, first, word))
    either = {letter: first[letter] + second[letter] for letter in first}
    return [reading for vowels in (first, second, either) for reading in _combined(_spell(pieces, rules, vowels, word))]


def _unified(word: str, rules: _Rules) -> list[tuple[str, int]]:
    """Letters in one spelling each, with positions: no presentation forms, old or foreign letters, vowel marks."""
    pieces = []
    for position, character in enumerate(word):
        known = rules.spellings.get(character)
        plain = known if known is not None else unicodedata.normalize("NFKC", character)
        for letter in plain:
            if not rules.spellings or not unicodedata.combining(letter):
                pieces += [(part, position) for part in rules.spellings.get(letter, letter)]
    return pieces


def _spell(
    pieces: list[tuple[str, int]], rules: _Rules, vowels: dict[str, list[str]], word: str
) -> list[tuple[list[str], int]]:
    """For each letter or pair of letters what it can be, with its position. The word itself when one is unknown."""
    spelled: list[tuple[list[str], int]] = []
    text = "".join(letter for letter, _ in pieces).replace("İ", "i").replace("I", "ı" if "ş" in rules.letters else "i")
    lower = text.lower()
    index = 0
    while index < len(lower):
        if index == 0:
            after_consonant = lower[0] == rules.glide and lower[1:2] not in rules.vowels
        else:
            after_consonant = lower[index - 1] not in rules.vowels
        pairs = rules.after_consonant if after_consonant else rules.after_vowel
        for length in (2, 1):
            piece = lower[index : index + length]
            options = pairs.get(piece) or vowels.get(piece) or rules.letters.get(piece)
            if options:
                break
        else:
            if not lower[index].isdigit():
                return [([letter], position) for position, letter in enumerate(word)]
            options, length = [str(unicodedata.digit(lower[index]))], 1
        origin = pieces[index][1]
        capital = word[origin].isupper()
        spelled.append(([option.capitalize() for option in options] if capital else options, origin))
        index += length
    return spelled


def _combined(spelled: list[tuple[list[str], int]]) -> list[_Reading]:
    """Every reading, the first choice of every letter first, at most _MOST_CANDIDATES."""
    origins = [origin for _, origin in spelled]
    products = itertools.product(*(options for options, _ in spelled))
    return [tuple(zip(choice, origins, strict=True)) for choice in itertools.islice(products, _MOST_CANDIDATES)]
