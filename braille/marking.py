"""What liblouis is given instead of print signs that mean two things: quotes and brackets by pairs, corrected signs as
cells, the signs of a change of alphabet. Unicode Braille passes through every table unchanged.

A text is a list of characters, each with the 0-based position in the given text that it comes from.
"""

from __future__ import annotations

import functools
import re

from braille.braille_codes import LATIN, Code

Marked = list[tuple[str, int]]

_CLOSED_BY = {
    "\u00ab": "\u00bb\u201d",
    "\u201e": "\u201c\u201d\u201f",
    "\u201c": "\u201d",
    "\u201d": "\u201d",
    "\u201f": "\u201d",
    '"': '"\u201d',
    "\u2039": "\u203a",
    "\u2018": "\u2019",
    "\u201a": "\u2018\u2019",
}
"""Opening quotes, and what ends each. The same sign opens in one language and closes in another."""
_QUOTES = frozenset("".join(_CLOSED_BY) + "".join(_CLOSED_BY.values())) - {"\u2019"}
_OPENS_AFTER = " (\u00ab[\u2013\u2014-/"
_RAISED = dict(zip("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789", strict=True))
_LOWERED = dict(zip("\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089", "0123456789", strict=True))


def quotes_in_pairs(text: Marked) -> Marked:
    """Every quote as \u00ab or \u00bb by the one that opened it: liblouis takes \u201c and " for opening ones."""
    if not any(character in _QUOTES or character == "\u2019" for character, _ in text):
        return text
    shown = list(text)
    opened: list[str] = []
    for index, (character, origin) in enumerate(text):
        if character == "\u2019":
            closes = bool(opened) and "\u2019" in _CLOSED_BY[opened[-1]]
        elif character not in _QUOTES:
            continue
        else:
            begins = index == 0 or text[index - 1][0] in _OPENS_AFTER
            ended = bool(opened) and character in _CLOSED_BY[opened[-1]]
            closes = ended or character in "\u00bb\u203a" or (character in '"\u201c\u201d\u201f' and not begins)
            if not closes:
                opened.append(character)
                shown[index] = ("\u00ab", origin)
                continue
        if closes and opened:
            opened.pop()
        shown[index] = ("\u00bb" if closes else "'", origin)
    return shown


def english_quotes(text: Marked) -> Marked:
    """„a“ as “a”: in English \u201c always opens."""
    shown = list(text)
    low = False
    for index, (character, origin) in enumerate(text):
        if low and character == "\u201c":
            shown[index] = ("\u201d", origin)
        low = character == "\u201e" or (low and character != "\u201c")
    return shown


def brackets_in_pairs(text: Marked, kind: Code) -> Marked:
    """Round brackets as cells, both of a pair as the opening one needs them. kk.utb chooses each by its own
    neighbour (seen in 3.24 to 3.38), so that one pair could end as an ә."""
    if kind.brackets == kind.number_brackets:
        return text  # its table is right
    shown = list(text)
    opened: list[int] = []
    for index, (character, origin) in enumerate(text):
        if character == "(":
            opened.append(index)
        elif character == ")":
            start = opened.pop() if opened else -1
            pair = _bracket_pair(text, start, index, kind)
            shown[index] = (pair[1], origin)
            if start >= 0:
                shown[start] = (pair[0], text[start][1])
    for start in opened:
        shown[start] = (_bracket_pair(text, start, len(text), kind)[0], text[start][1])
    return shown


def _bracket_pair(text: Marked, start: int, end: int, kind: Code) -> tuple[str, str]:
    if start < 0:
        return kind.number_brackets if end and text[end - 1][0].isdigit() else kind.brackets
    beside = [text[at][0] for at in (start - 1, start + 1) if 0 <= at < len(text)]
    if not any(character.isdigit() or character in "+\u2212=<>\u00d7\u00f7" for character in beside):
        return kind.brackets
    # A word that ends with the letter of the closing bracket would be read as its end.
    letter = kind.signs["letters"].get(kind.number_brackets[1], "")
    words = "".join(character for character, _ in text[start + 1 : end]).lower()
    ends = letter and re.search(rf"{letter}(?!\w)", words)
    return kind.brackets if ends else kind.number_brackets


@functools.cache
def _corrected_signs(kind: Code) -> frozenset[str]:
    return frozenset({*kind.corrections, *_RAISED, *_LOWERED, "+"})


def corrected(text: Marked, kind: Code) -> Marked:
    """Signs that the tables of the code do not write rightly, as the cells or words of its rules."""
    if not any(character in _corrected_signs(kind) for character, _ in text):
        return text
    shown: Marked = []
    for index, (character, origin) in enumerate(text):
        start = index
        while start and text[start - 1][0] == "+":
            start -= 1
        before = text[start - 1][0] if start else ""
        after = text[index + 1][0] if index + 1 < len(text) else ""
        shown += [(part, origin) for part in _sign(character, before, after, kind)]
    return shown


def _sign(character: str, before: str, after: str, kind: Code) -> str:
    for levels, sign in ((_RAISED, kind.raised), (_LOWERED, kind.lowered)):
        if character in levels:
            digit = levels[character]
            if not sign or kind.name == "ueb":
                return digit if before in levels else sign + digit
            lowered = next(cell for cell, known in kind.signs["lowered_digits"].items() if known == digit)
            return lowered if before in levels else sign + lowered
    if character == "+" and kind.plus_after_letter and LATIN.match(before) and not after.isdigit():
        return kind.plus_after_letter
    return kind.corrections.get(character, character)
