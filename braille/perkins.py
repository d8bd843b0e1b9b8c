"""What a reader types on Perkins keys, as text.

liblouis cannot do it for Kazakh: kk.utb goes one way only. But every letter has a cell of its own, so the way back is a
table and four signs: ⠼ a number follows, ⠘ a capital, ⠠ or ⠨ a Latin word, ⠐ Cyrillic again. Kazakh and Russian are
typed alike and mixed freely. English goes back through liblouis.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from braille import liblouis
from braille.cells import SIX_DOTS, to_unicode
from braille.tables import english_tables

_NUMBER, _CAPITAL, _CYRILLIC, _LATIN, _LATIN_CAPITAL = "⠼⠘⠐⠠⠨"
_BRACKET, _OPEN_NUMBER, _CLOSE_NUMBER = "⠶⠣⠜"
_COMMA, _PLUS, _HYPHEN = "⠂⠖⠤"
_NO_SPACE_BEFORE = "⠴⠶⠂⠲"
_OPENS_AFTER = "⠦⠤"
_AMONG_DIGITS = "⠼⠤\u2800"
_FAR = 40
"""Cells to look ahead: longer than any number in brackets and any part of a word."""


@functools.cache
def _signs() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("braille").joinpath("alphabets.toml").read_text(encoding="utf-8"))


_UNDEFINED = re.compile(r"\\\d+/")
"""How liblouis writes a cell that has no meaning where it stands: the numbers of its dots."""


def back(cells: bytes, language: str, *, grade: int = 1) -> str:
    """The text that `cells` stand for; cells that mean nothing are left out, dots 7 and 8 are not looked at.

    `language` is "en" for English Braille of `grade` 1 or 2; anything else is Cyrillic with Latin words in it.
    """
    six = bytes(cell & SIX_DOTS for cell in cells)
    if language == "en":
        return _UNDEFINED.sub("", liblouis.backward(english_tables(grade), six)) if six else ""
    words = to_unicode(six).split("\u2800")
    return _joined([_word(word, language) for word in words])


def readings(cells: bytes, language: str, *, grade: int = 1) -> tuple[str, ...]:
    """What `cells` may stand for in the alphabets of Kazakh, Russian and English, that of `language` first and each
    text once. Readings in which a cell has no meaning are left out, unless it is the only one."""
    english = [("en", grade), ("en", 1)]
    cyrillic = [(language if language != "en" else "kk", 1), ("ru", 1)]
    ways = english + cyrillic if language == "en" else cyrillic + english
    found = [(back(cells, name, grade=each), name == "en" and _garbled(cells, each)) for name, each in ways]
    clean = [text for text, garbled in found if text and not garbled]
    return tuple(dict.fromkeys(clean or [text for text, _ in found[:1]]))


def _garbled(cells: bytes, grade: int) -> bool:
    six = bytes(cell & SIX_DOTS for cell in cells)
    return bool(six and _UNDEFINED.search(liblouis.backward(english_tables(grade), six)))


def is_number(cells: bytes) -> bool:
    """Whether the whole line can be digits: the signs of digits, number signs, blanks and hyphens, and nothing else."""
    signs = to_unicode(bytes(cell & SIX_DOTS for cell in cells))
    known = _signs()["digits"]
    return any(sign in known for sign in signs) and all(sign in known or sign in _AMONG_DIGITS for sign in signs)


def digits(cells: bytes) -> str:
    """The digits among `cells`, where a number is asked for and the number sign may be left out."""
    known = _signs()["digits"]
    return "".join(known.get(sign, "") for sign in to_unicode(bytes(cell & SIX_DOTS for cell in cells)))


@dataclass(frozen=True, slots=True)
class Typed:
    """A line being typed: each press gives a new value, so that the caller may show and speak the difference."""

    language: str
    cells: bytes = b""
    grade: int = 1

    @property
    def text(self) -> str:
        """What was typed, as text."""
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
    return _WordReader(word).read()


class _WordReader:
    """Reads a word cell by cell. The methods try to take the next cells, and say whether they did."""

    def __init__(self, word: str) -> None:
        self._signs = _signs()
        self._word = word
        self._at = 0
        self._text: list[str] = []
        self._letters = self._signs["cyrillic"]
        self._number = False
        """A number sign is in force."""
        self._capitals = 0
        """1 for the next letter, 2 for the rest of the word."""
        self._open = 0
        """Brackets that are open."""

    def read(self) -> str:
        while self._at < len(self._word):
            _ = (
                self._digit()
                or self._pair()
                or self._mark()
                or self._bracket()
                or self._punctuation()
                or self._letter()
            )
        return "".join(self._text)

    def _next(self) -> tuple[str, str]:
        """The cell to be read, and the one after it; "" at the end of the word."""
        return self._word[self._at], self._word[self._at + 1 : self._at + 2]

    def _take(self, text: str, cells: int = 1, *, number: bool = False) -> bool:
        self._text.append(text)
        self._at += cells
        self._number = number
        return True

    def _digit(self) -> bool:
        """What may follow a number sign: digits, the comma of a fraction, the plus before another number."""
        if not self._number:
            return False
        (sign, after), digits = self._next(), self._signs["digits"]
        if sign in digits:
            return self._take(digits[sign], number=True)
        if sign == _COMMA and after in digits:
            return self._take(",", number=True)
        return sign == _PLUS and after == _NUMBER and self._take("+")

    def _pair(self) -> bool:
        pair = self._signs["pairs"].get(self._word[self._at : self._at + 2])
        return pair is not None and self._take(pair, 2)

    def _mark(self) -> bool:
        """Signs that stand for nothing themselves and change what follows."""
        sign, after = self._next()
        if sign == _NUMBER:
            if self._text == ["н"]:
                self._text = ["№"]
            return self._take("", number=True)
        if sign == _CYRILLIC:
            self._letters = self._signs["cyrillic"]
        elif sign == _CAPITAL:
            self._capitals += 1
        elif sign in (_LATIN, _LATIN_CAPITAL):
            # Before anything but a letter, dot 6 only says that the number has ended.
            if after in self._signs["latin"]:
                self._letters, self._capitals = self._signs["latin"], int(sign == _LATIN_CAPITAL)
        else:
            return False
        return self._take("")

    def _bracket(self) -> bool:
        """⠶ around words, ⠣ and ⠜ around numbers, where they would otherwise be ө and ә."""
        sign, after = self._next()
        opens = (
            sign == _OPEN_NUMBER and after == _NUMBER and self._word.find(_CLOSE_NUMBER, self._at, self._at + _FAR) > 0
        )
        closes = sign == _CLOSE_NUMBER and (self._number or self._open > 0)
        if sign == _BRACKET:
            opens = not self._open and (self._at == 0 or self._word[self._at - 1] in _OPENS_AFTER)
            closes = not opens
        if opens:
            self._open += 1
            return self._take("(")
        self._open -= closes and self._open > 0
        return closes and self._take(")")

    def _punctuation(self) -> bool:
        sign, after = self._next()
        text = self._signs["punctuation"].get(sign)
        if text is None:
            return False
        if sign == _HYPHEN:
            part = self._word[self._at + 1 : self._at + _FAR].partition(_HYPHEN)[0]
            if any(later not in self._signs["latin"] for later in part):
                self._letters = self._signs["cyrillic"]
        # The table leaves out the space after a comma.
        return self._take(text + " " if sign == _COMMA and after and after not in _NO_SPACE_BEFORE else text)

    def _letter(self) -> bool:
        sign, _ = self._next()
        letter = self._letters.get(sign) or self._signs["cyrillic"].get(sign, "")
        shown = letter.upper() if self._capitals else letter
        self._capitals = self._capitals if self._capitals > 1 else 0
        return self._take(shown)
