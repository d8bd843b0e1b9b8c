"""Letters and languages are listed once; the alphabets agree with Unicode and with each other."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from languages import letters
from languages.codes import LANGUAGES

ROOT = Path(__file__).parents[2]
PACKAGES = ("languages", "audio_models", "braille", "catalogue_client", "devices", "voice")
SPELLED_OUT = re.compile(r"[әғқңөұүһі]{5,}|аәб.{0,2}вгғд|абв.{0,2}гд.{0,2}е|[аәоөұүыіеиэюя]{7,}", re.IGNORECASE)
"""The letters that only Kazakh has, the beginning of an alphabet, or a row of vowels."""
LANGUAGES_LISTED = re.compile(r"""(?:\(|\[|Literal\[)["']kk["'], ["']ru["'], ["']en["'][)\]]""")
PREFERENCES = 'LETTERS_OF = {"kk": ("kk", "ru", "en")'
"""Not the list of languages, but whose letters are looked up first."""


def lines_with(pattern: re.Pattern[str], suffixes: tuple[str, ...], apart_from: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in suffixes and path != ROOT / "languages" / apart_from
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_only_one_module_spells_the_letters_out() -> None:
    assert lines_with(SPELLED_OUT, (".py", ".toml"), "letters.py") == []


def test_only_one_module_lists_the_languages() -> None:
    found = lines_with(LANGUAGES_LISTED, (".py",), "codes.py")
    assert [line for line in found if PREFERENCES not in line] == []
    assert LANGUAGES == ("kk", "ru", "en")


def test_the_kazakh_alphabet_is_the_russian_one_and_nine_letters() -> None:
    assert len(letters.KAZAKH_ALPHABET) == 42
    assert set(letters.KAZAKH_ALPHABET) == set(letters.RUSSIAN_ALPHABET) | set(letters.KAZAKH_ONLY)
    assert all(unicodedata.name(letter).startswith("CYRILLIC SMALL LETTER") for letter in letters.KAZAKH_ALPHABET)


def test_vowels_are_back_front_or_glides_and_all_of_the_alphabet() -> None:
    classes = (letters.BACK_VOWELS, letters.FRONT_VOWELS, letters.GLIDES)
    assert sum(map(len, classes)) == len(letters.VOWEL_LETTERS)
    assert set(letters.KAZAKH_ALPHABET) > letters.VOWEL_LETTERS
    consonants = (letters.FINALLY_VOICELESS, letters.NASAL, letters.BUZZING)
    assert not letters.VOWEL_LETTERS & frozenset().union(*consonants)


@pytest.mark.parametrize("alphabet", [letters.RUSSIAN_ALPHABET, letters.KAZAKH_ALPHABET])
def test_a_character_class_takes_every_letter(alphabet: str) -> None:
    assert re.fullmatch(f"[{letters.ANY_CYRILLIC}]+", alphabet)
    assert re.fullmatch(f"[{letters.ANY_CYRILLIC_CAPITAL}]+", alphabet.upper())
    assert not set(alphabet.translate(letters.IN_RUSSIAN_LETTERS)) - set(letters.RUSSIAN_ALPHABET)
