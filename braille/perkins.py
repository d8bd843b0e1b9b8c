"""What a reader types on Perkins keys, as text.

liblouis cannot do it for Kazakh: kk.utb goes one way only. But every letter has a cell of its own, so the way back is a
table and four signs: ⠼ a number follows, ⠘ a capital, ⠠ or ⠨ a Latin word, ⠐ Cyrillic again. Kazakh and Russian are
typed alike and mixed freely. English goes back through liblouis.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from braille import liblouis
from braille.cells import SIX_DOTS, from_unicode, to_unicode
from braille.tables import english_tables

_NUMBER, _CAPITAL, _CYRILLIC, _LATIN, _LATIN_CAPITAL = "⠼⠘⠐⠠⠨"
_BRACKET, _OPEN_NUMBER, _CLOSE_NUMBER = "⠶⠣⠜"


@functools.cache
def _signs() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("braille").joinpath("alphabets.toml").read_text(encoding="utf-8"))


def back(cells: bytes, language: str, *, grade: int = 1) -> str:
    """The text that `cells` stand for; cells that mean nothing are left out, dots 7 and 8 are not looked at.

    `language` is "en" for English Braille of `grade` 1 or 2; anything else is Cyrillic with Latin words in it.
    """
    six = bytes(cell & SIX_DOTS for cell in cells)
    if language == "en":
        return liblouis.backward(english_tables(grade), six) if six else ""
    words = to_unicode(six).split("\u2800")
    return _joined([_word(word, language) for word in words])


@dataclass(frozen=True, slots=True)
class Typed:
    """A line being typed: each press gives a new value, so that the caller may show and speak the difference."""

    language: str
    cells: bytes = b""
    grade: int = 1

    @property
    def text(self) -> str:
        return back(self.cells, self.language, grade=self.grade)

    def press(self, cell: int) -> Typed:
        """Add one cell, the dots pressed together; 0 is the space bar."""
        return Typed(self.language, self.cells + bytes([cell & SIX_DOTS]), self.grade)

    def erase(self) -> Typed:
        """Take the last cell away; nothing happens to an empty line."""
        return Typed(self.language, self.cells[:-1], self.grade)

    def echo(self, before: Typed) -> str:
        """What to speak after a press: the letters that came, or "" when a sign waits for its letter."""
        old, new = before.text, self.text
        same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        return new[same:].strip()


def _joined(words: list[str]) -> str:
    """Words with spaces between them. A hyphen at the end of a word is the dash, which takes no space before it."""
    text = words[0]
    for word in words[1:]:
        if word and text.endswith("-") and (text.endswith(", -") or not text.endswith((" -", "--"))):
            text = text[:-1].rstrip() + " —"
        text += " " + word
    return text


def _word(word: str, language: str) -> str:
    """One word, the cells between two blanks."""
    if language == "ru" and len(word) > 2 and word[0] == _OPEN_NUMBER and word[-1] == _CLOSE_NUMBER:
        return f"({_word(word[1:-1], language)})"
    signs = _signs()
    text = ""
    letters = signs["cyrillic"]
    number = brackets = number_brackets = False
    capitals = 0
    at = 0
    while at < len(word):
        sign, pair, rest = word[at], word[at : at + 2], word[at + 1 :]
        at += 1
        if number and sign in signs["digits"]:
            text += signs["digits"][sign]
        elif number and sign == "⠂" and rest[:1] in signs["digits"]:
            text += ","
        elif number and sign == _CLOSE_NUMBER:
            text, number, number_brackets = text + ")", False, False
        elif number and sign == "⠖" and rest[:1] == _NUMBER:
            text, number = text + "+", False
        elif pair in signs["pairs"]:
            text, number, at = text + signs["pairs"][pair], False, at + 1
        elif sign == _NUMBER:
            number = True
            text = "№" if text == "н" else text
        elif sign == _CYRILLIC:
            letters, number = signs["cyrillic"], False
        elif sign == _CAPITAL:
            capitals = capitals + 1
        elif sign in (_LATIN, _LATIN_CAPITAL):
            number = False
            if rest[:1] in signs["latin"]:
                letters, capitals = signs["latin"], int(sign == _LATIN_CAPITAL)
        elif sign == _OPEN_NUMBER and rest[:1] == _NUMBER and _CLOSE_NUMBER in rest:
            text, number_brackets = text + "(", True
        elif sign == _CLOSE_NUMBER and number_brackets:
            text, number_brackets = text + ")", False
        elif sign == _BRACKET:
            text, brackets = text + (")" if brackets or text else "("), not brackets
        elif sign in signs["punctuation"]:
            number = False
            if sign == "⠤" and any(later not in signs["latin"] for later in rest):
                letters = signs["cyrillic"]
            text += signs["punctuation"][sign]
            if sign == "⠂" and rest and rest[0] not in "⠴⠶⠂⠲":  # the table leaves out the space after a comma
                text += " "
        else:
            number = False
            letter = letters.get(sign) or signs["cyrillic"].get(sign, "")
            text += letter.upper() if capitals else letter
            capitals = capitals if capitals > 1 else 0
    return text


def letter_cell(letter: str) -> int:
    """The cell of one Cyrillic letter, for practice and for help. Raises KeyError for anything else."""
    return _letter_cells()[letter.lower()]


@functools.cache
def _letter_cells() -> dict[str, int]:
    return {letter: from_unicode(cell)[0] for cell, letter in _signs()["cyrillic"].items()}
