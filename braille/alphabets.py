"""Changes of alphabet inside a line, marked so that the line can be read back without knowing its text.

In Kazakh and Russian a Latin sign holds until a word that cannot be Latin. liblouis signs the first Latin letter and
nothing more; what it leaves open is closed here: a Cyrillic word that Latin cells could spell gets the Cyrillic sign, a
later Latin word with letters that English lacks gets the Latin sign again (ADR 0130). In English what is not
English stands between the signs of RUEB section 14.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from braille.braille_codes import CYRILLIC, LATIN, Code
from braille.marking import Marked

CAPITAL, SMALL, LATIN_SMALL, LATIN_CAPITAL = "\u2818\u2810\u2820\u2828"
_CYRILLIC_RUN = CYRILLIC.pattern
_RUN = re.compile(f"({_CYRILLIC_RUN}+)|({LATIN.pattern}+)")
_PASSAGE = 3
"""Words in another code from which RUEB 14.3.2 wants a passage instead of a sign a word."""


@functools.cache
def _also_latin(kind: Code) -> frozenset[str]:
    """Cyrillic letters whose cell is a letter of the basic Latin alphabet too."""
    latin = kind.signs["latin"]
    return frozenset(letter for cell, letter in kind.signs["letters"].items() if cell in latin)


def cyrillic_and_latin(text: Marked, kind: Code, *, capitals: bool) -> Marked:
    """The text with the signs that liblouis leaves out. Capitals that it loses are signed here: all after a Latin word
    (kk.utb stands before the detailed table, seen in 3.24 to 3.38), and І (in 3.24; 3.38 knows it)."""
    letters = "".join(character for character, _ in text)
    if not LATIN.search(letters) and not (capitals and "\u0406" in letters):
        return text
    signs: dict[int, str] = {}
    small: set[int] = set()
    latin = False
    end = -1
    for found in _RUN.finditer(letters):
        run, start = found.group(), found.start()
        if found[2]:
            plain = run.isascii()
            if latin and not plain and not (capitals and run[0].isupper()):
                signs[start] = LATIN_CAPITAL if run[0].isupper() else LATIN_SMALL
            latin = True
        else:
            left = latin and start > end
            if capitals and (left or "\u0406" in run):
                for at, sign in _capital_signs(run):
                    signs[start + at] = sign
                small.update(range(start, found.end()))
            if left and start not in signs and all(letter in _also_latin(kind) for letter in run.lower()):
                signs[start] = SMALL
            latin = False
        end = found.end()
    shown: Marked = []
    for index, (character, origin) in enumerate(text):
        shown += [(sign, origin) for sign in signs.get(index, "")]
        shown.append((character.lower() if index in small else character, origin))
    return shown


def _capital_signs(word: str) -> Iterator[tuple[int, str]]:
    """Where ⠘ stands in a Cyrillic word, twice before capitals that follow each other."""
    for found in re.finditer("[A-Z\u0400-\u042f\u0460-\u052f]+", "".join(c if c.isupper() else " " for c in word)):
        yield found.start(), CAPITAL * min(2, len(found.group()))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of an English line that is translated on its own."""

    start: int
    end: int
    opening: str = ""
    """Cells before and after it; both "" for English itself."""
    closing: str = ""


def stretches(text: str, kind: Code) -> list[Stretch]:
    """An English line in parts: English, and Cyrillic between signs (RUEB 14.3), in the order of the text."""
    words = _foreign_words(text)
    found: list[Stretch] = []
    while words:
        count = next((at for at, (one, two) in enumerate(itertools.pairwise(words), 1)
                      if LATIN.search(text[one[1] : two[0]])), len(words))  # fmt: skip
        group, words = words[:count], words[count:]
        if count >= _PASSAGE:
            end = _with_marks(text, group[0][0], group[-1][1])
            found.append(Stretch(group[0][0], end, kind.switch["passage"], kind.switch["end_of_passage"]))
        else:
            found += [_word(text, start, end, kind) for start, end in group]
    whole: list[Stretch] = []
    at = 0
    for stretch in found:
        whole += [Stretch(at, stretch.start)] * (stretch.start > at) + [stretch]
        at = stretch.end
    whole += [Stretch(at, len(text))] * (at < len(text))
    return [part for stretch in whole for part in _numbers_apart(text, stretch)]


def _numbers_apart(text: str, stretch: Stretch) -> Iterator[Stretch]:
    """English cut between two numbers: liblouis 3.24 joins them as if they were one, 3.33 does not."""
    start = stretch.start
    if not stretch.opening:
        for found in re.finditer(r"(?<=[0-9]) (?=[0-9])", text[stretch.start : stretch.end]):
            yield Stretch(start, stretch.start + found.end())
            start = stretch.start + found.end()
    yield Stretch(start, stretch.end, stretch.opening, stretch.closing)


def _foreign_words(text: str) -> list[tuple[int, int]]:
    """(start, end) of the Cyrillic in each word, from its first letter to its last."""
    pattern = f"{_CYRILLIC_RUN}(?:(?![\\s]|{LATIN.pattern}).)*{_CYRILLIC_RUN}|{_CYRILLIC_RUN}"
    return [found.span() for found in re.finditer(pattern, text)]


def _with_marks(text: str, start: int, end: int) -> int:
    """The end of Cyrillic with the brackets that close in it and the marks that both codes write alike."""
    opened = text[start:end].count("(") - text[start:end].count(")")
    while opened > 0 and (found := re.match(rf"(?:(?!{LATIN.pattern})[^()])*\)", text[end:])):
        end += found.end()
        opened -= 1
    marks = re.match(r"[,.;:!]*(?=\s|$)", text[end:])
    return end + marks.end() if marks else end


def _word(text: str, start: int, end: int, kind: Code) -> Stretch:
    """A word's sign holds until the next blank."""
    end = _with_marks(text, start, end)
    goes_on = end < len(text) and not text[end].isspace()
    return Stretch(start, end, kind.switch["word"], kind.switch["end_of_word"] if goes_on else "")
