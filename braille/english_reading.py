"""Unified English Braille read back, contracted or not, with passages in other codes.

liblouis reads a word well and a line badly: it carries what it learnt of one word into the next. So a line is cut into
words first; a contracted word is also read in pieces, and the reading counts that gives the same cells again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from braille import liblouis
from braille.braille_codes import code
from braille.cells import from_unicode
from braille.cyrillic_reading import cyrillic_text
from braille.liblouis import UNDEFINED

BLANK = "\u2800"
_CAPITALS_PASSAGE, _CAPITALS_END = "⠠⠠⠠", "⠠⠄"
_DIGITS = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚"
_NUMERIC_SPACE = re.compile(f"(?<=⠼)[{_DIGITS}⠂⠲]+(?:⠐[{_DIGITS}][{_DIGITS}⠂⠲]*)+")
"""Numbers with spaces between them, which one number sign serves (RUEB 6.3)."""
_LONGEST_WORD = 40
"""Cells of a word that is also read in pieces; every one of its cells costs two calls of liblouis."""
_TYPEFORMS = re.compile("[⠨⠘⠸⠈][⠆⠂⠶⠄]")
"""Italics, bold, underlining and script, for a letter, word or passage, and their ends (RUEB 9.1): no text."""
_OPENING = "(?:⠐⠣|⠨⠣|⠸⠣|⠘⠦|⠠⠦|⠸⠦|⠦)"
_CLOSING = "(?:⠐⠜|⠨⠜|⠸⠜|⠘⠴|⠠⠴|⠸⠴|⠠⠤|[⠴⠂⠆⠒⠲⠦⠖])"
_MARKS = re.compile(f"(?P<before>{_OPENING}*)(?P<word>.*?)(?P<after>{_CLOSING}*)")
_MARK = re.compile("[⠐⠨⠸⠘⠠]?.")
_SIGNS = re.compile("(⠸⠌|⠒(?=⠸)|⠈⠁|⠐⠣|⠐⠜|⠲|⠤|⠄)")
"""What keeps the parts of an address, of a compound or of a bracketed ending from contracting together."""


def english_text(cells: str, grade: int) -> str:
    """What a line of Unicode Braille, blanks as U+2800, stands for in English Braille of `grade` 1 or 2.

    Raises LiblouisMissing.
    """
    return "".join(_cyrillic(part) if foreign else _english(part, grade) for part, foreign in _codes(cells))


def _codes(cells: str) -> Iterator[tuple[str, bool]]:
    """The line in parts, with whether each is in the code of another language; its signs are taken off (RUEB 14.3)."""
    switch = code("ueb").switch
    passage = f"{switch['passage']}(.*?)(?:{switch['end_of_passage']}|$)"
    word = f"{switch['word']}([^{BLANK}]*?)(?:{switch['end_of_word']}|(?={BLANK})|$)"
    end = 0
    for found in re.finditer(f"{passage}|{word}", cells):
        yield cells[end : found.start()], False
        yield (found[1] or found[2] or "").replace(switch["passage"], ""), True
        end = found.end()
    yield cells[end:], False


def _cyrillic(cells: str) -> str:
    return cyrillic_text(cells, code("kazakh"))


def _english(cells: str, grade: int) -> str:
    cells = _TYPEFORMS.sub("", cells)
    spaced = _NUMERIC_SPACE.sub(lambda found: found.group().replace("⠐", BLANK + "⠼"), cells)
    shown = []
    capitals = False
    for word in spaced.split(BLANK):
        capitals = capitals or _CAPITALS_PASSAGE in word
        bare = word.replace(_CAPITALS_PASSAGE, "").replace(_CAPITALS_END, "") if capitals else word
        text = _word(bare, grade) if bare else ""
        shown.append(text.upper() if capitals else text)
        capitals = capitals and _CAPITALS_END not in word
    return " ".join(shown)


def _word(word: str, grade: int) -> str:
    """One word: the first of its readings that is written with the same cells, else liblouis's own."""
    whole = _liblouis(word, grade)
    if grade == 1 or len(word) > _LONGEST_WORD:
        return whole
    for text in (*_lower_words(word), whole, *_in_pieces(word, grade)):
        if _cells(text, grade) == word:
            return text
    return whole


def _around(word: str) -> tuple[str, str, str]:
    """The marks before a word as text, its cells, the marks after it as text."""
    found = _MARKS.fullmatch(word)
    assert found is not None  # every part of the pattern may be empty
    return _marks(found["before"], "“"), found["word"], _marks(found["after"], "?")


def _lower_words(word: str) -> Iterator[str]:
    """A word of one lower cell, alone or with marks around it."""
    known = code("ueb").signs["lower_words"]
    for before, inside, after in (("", word, ""), _around(word)):
        if lower := known.get(inside.removeprefix("⠠")):
            yield before + (lower.capitalize() if inside[0] == "⠠" else lower) + after
    found = re.fullmatch(f"({_OPENING}*)(⠠?)(.)((?:{_CLOSING}|⠤.+)*)", word)
    if found and found[3] in known:
        lower = known[found[3]].capitalize() if found[2] else known[found[3]]
        rest = "-" + _word(found[4][1:], 2) if found[4].startswith("⠤") else _marks(found[4], "?")
        yield _marks(found[1], "“") + lower + rest


def _in_pieces(word: str, grade: int) -> Iterator[str]:
    """Readings of the parts of a word: without the marks around it, and cut at signs inside it."""
    before, inside, after = _around(word)
    lower = code("ueb").signs["lower_words"]
    for first in range(len(word)):
        if word[first].lstrip("⠠") in lower:
            # A lower word looks like a mark: was) is ⠴⠐⠜.
            yield _liblouis(word[:first], grade) + lower[word[first]] + _liblouis(word[first + 1 :], grade)
    yield before + _liblouis(inside, grade) + after
    yield before + "".join(_liblouis(part, grade) for part in _SIGNS.split(inside)) + after
    for at in range(1, len(word)):
        yield _liblouis(word[:at], grade) + _liblouis(word[at:], grade)


def _marks(cells: str, question: str) -> str:
    """Marks by their own table; ⠦ opens before a word and asks after it."""
    known = code("ueb").signs["marks"]
    return "".join(question if sign == "⠦" else known.get(sign, "") for sign in _MARK.findall(cells))


def _liblouis(cells: str, grade: int) -> str:
    if not cells:
        return ""
    text = UNDEFINED.sub("", liblouis.backward(_tables(grade), from_unicode(cells)))
    return text.replace("\u2019", "'")  # 3.24 reads the apostrophe as a quote


def _cells(text: str, grade: int) -> str:
    return "".join(chr(0x2800 | cell) for cell in liblouis.forward(_tables(grade), text)[0]) if text else ""


def _tables(grade: int) -> tuple[str, ...]:
    return code("ueb").tables_contracted if grade == 2 else code("ueb").tables


def is_garbled(cells: str, grade: int) -> bool:
    """Whether a cell of the line means nothing where it stands."""
    return any(
        UNDEFINED.search(liblouis.backward(_tables(grade), from_unicode(part)))
        for part, foreign in _codes(_TYPEFORMS.sub("", cells))
        if part and not foreign
    )
