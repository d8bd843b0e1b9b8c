"""What a reader types on Perkins keys, as text.

Whatever `translate` writes is read back, by the same rules. Cells do not say which alphabet was meant: `readings` gives
all that they can stand for.
"""

from __future__ import annotations

from dataclasses import dataclass

from braille.braille_codes import code
from braille.cells import SIX_DOTS, to_unicode
from braille.cyrillic_reading import cyrillic_text
from braille.english_reading import english_text, is_garbled
from languages.letters import KAZAKH_ONLY

_SURELY_KAZAKH = frozenset(KAZAKH_ONLY) - frozenset("әө")
"""Letters whose cells are no sign of Russian Braille: a line with one of them is written in the Kazakh code."""
_AMONG_DIGITS = "⠼⠤\u2800"


def back(cells: bytes, language: str, *, grade: int = 1) -> str:
    """The text that `cells` stand for; cells that mean nothing are left out, dots 7 and 8 are not looked at.

    `language` is "en" for English Braille of `grade` 1 or 2; anything else is Cyrillic with Latin words in it.
    """
    signs = _six_dots(cells)
    if language == "en":
        return english_text(signs, grade)
    if language == "ru":
        text = cyrillic_text(signs, code("russian"))
        if not set(text.lower()) & _SURELY_KAZAKH:
            return text
    return cyrillic_text(signs, code("kazakh"))


def readings(cells: bytes, language: str, *, grade: int = 1) -> tuple[str, ...]:
    """What `cells` may stand for in the alphabets of Kazakh, Russian and English, that of `language` first and each
    text once. Readings in which a cell has no meaning are left out, unless it is the only one."""
    english = [("en", grade), ("en", 1)]
    cyrillic = [(language if language != "en" else "kk", 1), ("ru", 1)]
    ways = english + cyrillic if language == "en" else cyrillic + english
    found = [(back(cells, name, grade=each), name == "en" and _garbled(cells, each)) for name, each in ways]
    # Whoever types seldom writes that Latin has ended.
    found.append((cyrillic_text(_six_dots(cells), code("kazakh"), latin_by_word=True), False))
    clean = [text for text, garbled in found if text and not garbled]
    return tuple(dict.fromkeys(clean or [text for text, _ in found[:1]]))


def _garbled(cells: bytes, grade: int) -> bool:
    return is_garbled(_six_dots(cells), grade)


def _six_dots(cells: bytes) -> str:
    """Unicode Braille without dots 7 and 8."""
    return to_unicode(bytes(cell & SIX_DOTS for cell in cells))


def is_number(cells: bytes) -> bool:
    """Whether the whole line can be digits: the signs of digits, number signs, blanks and hyphens, and nothing else."""
    signs = _six_dots(cells)
    known = code("kazakh").signs["digits"]
    return any(sign in known for sign in signs) and all(sign in known or sign in _AMONG_DIGITS for sign in signs)


def digits(cells: bytes) -> str:
    """The digits among `cells`, where a number is asked for and the number sign may be left out."""
    known = code("kazakh").signs["digits"]
    return "".join(known.get(sign, "") for sign in _six_dots(cells))


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
