"""Spelling: letters by name with an example word, digits one by one."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from languages.numerals import cardinal
from voice.values.lines import Span

LETTERS_OF = {"kk": ("kk", "ru", "en"), "ru": ("ru", "kk", "en"), "en": ("en", "kk", "ru")}
"""In which alphabets a letter is looked for, the language of the text first."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("voice.synthesis") / "letters.toml").read_text(encoding="utf-8"))


def letter_name(sign: str, language: str) -> str:
    """How one letter is called; the letter itself when no alphabet here has it."""
    for alphabet in LETTERS_OF[language]:
        if named := _table()[alphabet].get(sign.lower()):
            return str(named[0])
    return sign


def spell(text: str, language: str, *, examples: bool = True) -> tuple[Span, ...]:
    """Every letter, digit and sign of `text` as a span of its own, in the language that has a name for it.

    Digits stand alone: "5" is "бес", never part of a number. A letter that no alphabet here has is left to the voice.
    """
    return tuple(_spelled(sign, language, examples) for sign in unicodedata.normalize("NFC", text.strip().lower()))


def _spelled(sign: str, language: str, examples: bool) -> Span:
    if sign.isdecimal():
        return Span(f"{cardinal(int(sign), language)}, ", language)
    if named := _table()["signs"][language].get(sign):
        return Span(f"{named}, ", language)
    for alphabet in LETTERS_OF[language]:
        if sign in _table()[alphabet]:
            name, word = _table()[alphabet][sign]
            return Span(f"{name} — {word}, " if word and examples else f"{name}, ", alphabet)
    return Span(f"{sign}, ", language)
