"""Kazakh and Russian Braille read back as text.

liblouis cannot do it for Kazakh: kk.utb goes one way only. Every letter has a cell of its own, so the way back is a
table and a few signs: ⠼ a number follows, ⠘ a capital, ⠠ or ⠨ Latin, ⠐ Cyrillic again. A Latin sign holds until
a word that cannot be Latin (ADR 0130). Capitals and spaces that the code does not write are not there to be read.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from itertools import pairwise

from braille.braille_codes import Code, code

NUMBER, CAPITAL, CYRILLIC, LATIN, LATIN_CAPITAL, ACCENT = "⠼⠘⠐⠠⠨⠈"
BLANK = "\u2800"
_GREEK, _GREEK_CAPITAL = "⠰⠸"
_COMMA, _SEMICOLON, _POINT, _HYPHEN, _PLUS, _TIMES, _PRIME = "⠂⠆⠲⠤⠖⠄⠔"
_SPACE_LEFT_OUT = _COMMA + _SEMICOLON
_NO_SPACE_BEFORE = "⠴⠶⠂⠲⠆⠒⠢⠖"
_ENDS = frozenset("⠂⠆⠒⠲⠢⠖⠴⠤⠠⠼\u2800")
"""What may follow a closing bracket."""
_BEGINS = frozenset("⠦⠤⠠⠨⠘⠐\u2800")
"""What may stand before an opening bracket."""
_BEFORE_NUMBER = frozenset("⠂⠆⠣⠶⠦\u2800")
"""What may stand before №, or before a sign of arithmetic that belongs to the number after it."""
_FRACTIONS = dict(zip("⠆⠒⠲⠢⠖⠦", "234568", strict=True))
_AT = "⠩"
_FAR = 40
"""Cells to look ahead inside a word: longer than any part of one."""


@functools.cache
def _letter_cells(kind: Code) -> frozenset[str]:
    """Every cell that can be a letter, in whichever alphabet."""
    return frozenset(code("kazakh").signs["letters"]) | frozenset(kind.signs["latin_accented"])


def cyrillic_text(cells: str, kind: Code, *, latin_by_word: bool = False) -> str:
    """What a line of Unicode Braille, blanks as U+2800, stands for in the Kazakh or the Russian code.

    `latin_by_word` lets a Latin sign hold for its word alone, as liblouis's own tables read Russian.
    """
    return _Line(cells, kind, latin_by_word).read()


def _round_brackets(cells: str, kind: Code) -> dict[int, str]:
    """0-based positions of cells that are round brackets, and which."""
    found: dict[int, str] = {}
    opened: list[int] = []
    last = max(cells.rfind("⠜"), cells.rfind("⠶"))
    for at, sign in enumerate(cells):
        before, after = cells[at - 1 : at] or BLANK, cells[at + 1 : at + 2] or BLANK
        if sign == "⠶":
            begins = (
                before in _BEGINS
                or found.get(at - 1) == "("
                or (before in _SPACE_LEFT_OUT and after not in _ENDS - {NUMBER, LATIN})
            )
            if begins and after != BLANK and (after != NUMBER or _ends_later(cells, at)):
                found[at] = "("
                opened.append(at)
            elif not begins:
                found[at] = ")"
                if opened:
                    opened.pop()
        elif sign == "⠣" and at < last and _opens(cells, at, kind):
            found[at] = "("
            opened.append(at)
        elif sign == "⠜" and (after in _ENDS or after in "⠜⠶") and any(cells[start] == "⠣" for start in opened):
            found[at] = ")"
            while cells[opened.pop()] != "⠣":
                pass
    for at in opened:
        if cells[at] == "⠣":
            del found[at]
    return found


def _opens(cells: str, at: int, kind: Code) -> bool:
    if kind.brackets[0] == "⠣":
        return True
    rest = cells[at + 1 : at + 3]
    return rest[:1] == NUMBER or rest in ("⠖⠼", "⠤⠼") or (rest[:1] == "⠣" and _opens(cells, at + 1, kind))


def _ends_later(cells: str, at: int) -> bool:
    """Whether the ⠶ before a number is a bracket, which it is only around a word with ә at its end; else it is "="."""
    end = cells.find("⠶", at + 1)
    closes = end > 0 and cells[end - 1] not in _BEGINS
    return closes and any(sign == "⠜" and after in _ENDS | {"⠶"} for sign, after in pairwise(cells[at + 1 : end + 1]))


class _Line:
    """Reads a line cell by cell. The methods try to take the next cells, and say whether they did."""

    def __init__(self, cells: str, kind: Code, latin_by_word: bool) -> None:
        self._latin_by_word = latin_by_word
        self._cells = cells
        self._kind = kind
        self._signs = kind.signs
        self._brackets = _round_brackets(cells, kind)
        self._at = 0
        self._text: list[str] = []
        self._latin = False
        """Latin holds until a word that cannot be Latin."""
        self._signed = False
        """The next letters come directly after a Latin sign."""
        self._number = False
        """A number sign is in force."""
        self._capitals = 0
        """1 for the next letter, 2 for the rest of the word."""
        self._accent = False

    def read(self) -> str:
        """Return the text of the line."""
        ways = (
            self._blank, self._word_of_one_sign, self._digit, self._pair, self._mark, self._bracket, self._operator,
            self._punctuation, self._letters,
        )  # fmt: skip
        while self._at < len(self._cells):
            if not any(way() for way in ways):
                self._at += 1
        return unicodedata.normalize("NFC", "".join(self._text))

    def _rest(self, count: int) -> str:
        return self._cells[self._at : self._at + count]

    def _before(self) -> str:
        return self._cells[self._at - 1] if self._at else BLANK

    def _after(self, count: int = 1) -> str:
        return self._cells[self._at + count : self._at + count + 1] or BLANK

    def _take(self, text: str, cells: int = 1, *, number: bool = False) -> bool:
        self._text.append(text)
        self._at += cells
        self._number = number
        return True

    def _ends_with(self, sign: str) -> bool:
        return "".join(self._text[-2:]).endswith(sign)

    def _blank(self) -> bool:
        if self._rest(1) != BLANK:
            return False
        self._capitals = 0
        self._signed = False
        self._latin = self._latin and not self._latin_by_word
        return self._take("" if self._ends_with(" ") and self._after() != BLANK and self._before() != BLANK else " ")

    def _word_of_one_sign(self) -> bool:
        """A sign between two blanks."""
        if self._before() != BLANK:
            return False
        word = self._cells[self._at : self._at + _FAR].partition(BLANK)[0]
        sign = self._signs["alone"].get(word)
        return sign is not None and self._at not in self._brackets and self._take(sign, len(word))

    def _digit(self) -> bool:
        """What may follow a number sign: digits, a fraction, the comma of a decimal, an operator, a bracket."""
        if not self._number:
            return False
        sign, after = self._rest(1), self._after()
        digits = self._signs["digits"]
        if sign in digits:
            return self._take(digits[sign], number=True)
        if sign == _COMMA and after in digits:
            return self._take(",", number=True)
        if sign in "⠣⠜" and self._at not in self._brackets:
            return self._take("(" if sign == "⠣" else ")")
        if sign == _PRIME:
            return self._take("″", 2) if after == _PRIME else self._take("′")
        if sign == _TIMES and after == NUMBER:
            return self._take(" × ")
        if sign in _FRACTIONS and after != NUMBER and not (sign == _POINT and self._first_number()):
            return self._at not in self._brackets and self._take(_fraction(self._text, _FRACTIONS[sign]))
        return sign == _PLUS and after == NUMBER and self._take("+")

    def _first_number(self) -> bool:
        """Whether nothing but a number was read so far: a point after it makes it that of a list."""
        return "".join(self._text).strip().isdigit()

    def _pair(self) -> bool:
        pair = self._rest(2)
        beside = self._number or (self._after(2) in (NUMBER, *_ENDS) and self._before() in (BLANK, "⠣", "⠶"))
        text = self._signs["pairs"].get(pair) or (self._signs["currency"].get(pair) if beside else None)
        if pair == "⠠⠷" and "⠠⠾" not in self._cells[self._at :]:
            text = None
        return text is not None and self._take(text, 2)

    def _mark(self) -> bool:
        """Signs that stand for nothing themselves and change what follows."""
        sign, after = self._rest(1), self._after()
        if sign == NUMBER:
            if self._text[-1:] in (["н"], ["n"]) and (BLANK + self._cells)[self._at - 1] in _BEFORE_NUMBER:
                self._text[-1] = "№"
            return self._take("", number=True)
        if sign in (CYRILLIC, CAPITAL):
            self._latin = self._signed = False
            self._capitals += sign == CAPITAL
        elif sign in (LATIN, LATIN_CAPITAL):
            # Before anything but a letter, dot 6 only says that the number has ended.
            if after in self._signs["latin"] or after in self._signs["latin_accented"] or after == ACCENT:
                self._latin = self._signed = True
                self._capitals = int(sign == LATIN_CAPITAL)
        elif sign == ACCENT:
            self._accent = True
        elif sign in (_GREEK, _GREEK_CAPITAL) and after in self._signs["greek"]:
            letter = self._signs["greek"][after]
            return self._take(letter.upper() if sign == _GREEK_CAPITAL else letter, 2)
        else:
            return False
        return self._take("")

    def _bracket(self) -> bool:
        bracket = self._brackets.get(self._at)
        return bracket is not None and self._take(bracket)

    def _operator(self) -> bool:
        """Plus, minus, equals and the sign of division, whose spaces the code moves."""
        if self._after() != NUMBER or self._before() not in _BEFORE_NUMBER:
            return False
        sign = {_PLUS: "+", "⠶": "=", _POINT: "÷", _HYPHEN: "-", "⠬": "§ "}.get(self._rest(1))
        if sign == "-" and re.search(r"[\d)] $", "".join(self._text[-3:])):
            sign = "−"
        return sign is not None and self._take(sign)

    def _punctuation(self) -> bool:
        sign, after = self._rest(1), self._after()
        text = self._signs["punctuation"].get(sign)
        if text is None:
            return False
        self._signed = False
        if sign == _HYPHEN:
            return self._dash(after)
        plus = after == _PLUS and self._after(2) == NUMBER
        space = sign in _SPACE_LEFT_OUT and after != BLANK and (plus or after not in _NO_SPACE_BEFORE)
        return self._take(text + " " if space and self._brackets.get(self._at + 1) != ")" else text)

    def _dash(self, after: str) -> bool:
        """A hyphen inside a word; a dash at its end or its beginning."""
        if after == BLANK and self._at + 1 < len(self._cells):
            self._text = ["".join(self._text).rstrip()]
            return self._take(" — " if self._text[0] else "— ", 2)
        if self._before() == BLANK and after != BLANK:
            return self._take("— ")
        self._capitals = 0
        return self._take("-")

    def _letters(self) -> bool:
        """A run of letters in one alphabet."""
        end = self._at
        while end < len(self._cells) and self._cells[end] in _letter_cells(self._kind) and end not in self._brackets:
            end += 1
        run = self._cells[self._at : end]
        if not run:
            return False
        latin = self._signs["latin"]
        if _AT in run and self._is_address(end):
            if run[0] == _AT:
                return self._take("@")
            run = run[: run.index(_AT)]
        self._latin = self._latin and (self._signed or all(sign in latin for sign in run))
        known = {**self._signs["latin_accented"], **latin} if self._latin else {**code("kazakh").signs["letters"]}
        for sign in run:
            self._letter(known.get(sign, ""))
        self._signed = False
        return True

    def _is_address(self, end: int) -> bool:
        """Whether ⠩ is the sign of an electronic address: in Latin with a point after it, or before a Latin sign."""
        if self._rest(1) == _AT:
            return self._after() in (LATIN, LATIN_CAPITAL) or (self._latin and self._before() != BLANK)
        host = self._cells[end : end + _FAR].partition(BLANK)[0].partition(_POINT)[2]
        before = self._cells[self._at : end].replace(_AT, "")
        return self._latin and host[:1] in self._signs["latin"] and all(sign in self._signs["latin"] for sign in before)

    def _letter(self, letter: str) -> None:
        shown = letter.upper() if self._capitals else letter
        self._capitals = self._capitals if self._capitals > 1 else 0
        self._take(shown + "\u0301" if self._accent and shown else shown)
        self._accent = False


def _fraction(text: list[str], below: str) -> str:
    """The print sign of a fraction; its numerator is taken out of the text."""
    above = text.pop() if text else ""
    whole = {"12": "½", "13": "⅓", "14": "¼", "15": "⅕", "16": "⅙", "18": "⅛", "23": "⅔", "25": "⅖", "34": "¾",
             "35": "⅗", "38": "⅜", "45": "⅘", "56": "⅚", "58": "⅝", "78": "⅞"}  # fmt: skip
    return whole.get(above + below, f"{above}/{below}")
