"""Lays lines of text out in rows of cells, for a display or for paper of any width.

A passage is one line of a reply: it begins a row of its own, so that every cell of a row belongs to one passage and a
routing key on any of them means the same result.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from braille.braille_codes import LATIN
from braille.cells import BLANK, Cells, from_unicode
from braille.errors import BadSize
from braille.syllables import breaks
from braille.translation import Languages, translate

HYPHEN = 0b100100
"""Dots 3-6."""
COMMA = 0b10
CONTINUES = 0b11000000
"""Dots 7-8 under nothing: the word goes on in the next row. For displays; paper has no such dots and gets a hyphen."""
_NEVER_AT_A_CUT = frozenset(from_unicode("⠂⠆⠒⠖⠶⠰⠨"))
"""ea, bb, cc, ff, gg and what begins a final groupsign; in Cyrillic none of them is a letter."""
NARROWEST = 2
NARROWEST_WITH_SIGNS = 8
"""In fewer cells a sign would take the place of the word."""
SHORT_BELOW = 30
"""Displays of fewer cells get the short wording of a passage that does not fit in a row."""


class Render(Protocol):
    """`translate` with a reader's settings filled in."""

    def __call__(self, text: str, language: str, *, languages: Languages = ()) -> Cells: ...


class Wrap(StrEnum):
    """What happens at the end of a row."""

    WORDS = "words"
    """Whole words move to the next row; only a word longer than a row is cut, and marked."""
    SYLLABLES = "syllables"
    """Words are cut between syllables with a hyphen, which saves cells."""
    MARKED = "marked"
    """Rows are filled; a cut word is marked."""
    ANYWHERE = "anywhere"
    """Rows are filled to the last cell and nothing is marked."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a reply."""

    spans: tuple[tuple[str, str], ...]
    """(text, language) of each stretch; joined without anything between them."""
    region: int | None = None
    """What a routing key on this line chooses, such as a 0-based result; None when it chooses nothing."""
    short: str = ""
    """A shorter wording in the language of the first span, for narrow displays."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells, without the blank cells that fill it up."""

    cells: bytes
    region: int | None = None
    positions: tuple[int, ...] = ()
    """For each cell the 0-based position in the passage's text; -1 for a mark or an indent."""
    passage: int = 0
    """0-based: which of the passages laid out together this row is of."""


def passage(text: str, language: str, region: int | None = None, short: str = "") -> Passage:
    """A passage in one language."""
    return Passage(((text, language),), region, short)


def lay_out(
    passages: Iterable[Passage],
    width: int,
    *,
    wrap: Wrap = Wrap.WORDS,
    first: int = 0,
    runover: int = 0,
    mark: int = CONTINUES,
    render: Render = translate,
    reader: str | None = None,
) -> list[Row]:
    """Rows of at most `width` cells. The first row of a passage is indented by `first` cells and later ones by
    `runover`, where the width allows it.

    `reader` is the language of the line in which the spans stand, by default that of the first span: another language
    is marked as its code marks it, and a row that begins inside it repeats the sign. `mark` is the cell that shows a
    cut word. A passage without cells makes no row. Raises BadSize, LiblouisMissing.
    """
    if width < NARROWEST:
        raise BadSize(f"A row of {width} cells holds no text: give at least {NARROWEST}.")
    first, runover = (indent if width >= 4 * indent else 0 for indent in (first, runover))
    rows: list[Row] = []
    for number, one in enumerate(passages):
        spans = one.spans
        whole = _whole(spans, render, reader)
        if one.short and width < SHORT_BELOW and len(whole.cells) > width:
            spans = ((one.short, spans[0][1] if spans else "kk"),)
            whole = _whole(spans, render, reader)
        for row, (start, end, marked) in enumerate(_cuts(whole, spans, width, (first, runover), wrap)):
            indent = runover if row else first
            at, sign = whole.sign_of_row(start, end) if width >= NARROWEST_WITH_SIGNS else (start, b"")
            tail = bytes([HYPHEN if wrap is Wrap.SYLLABLES else mark] * marked)
            cells = bytes(indent) + whole.cells[start:at] + sign + whole.cells[at:end] + tail
            inputs = whole.input_positions
            positions = (-1,) * indent + inputs[start:at] + (-1,) * len(sign) + inputs[at:end] + (-1,) * marked
            rows.append(Row(cells, one.region, positions, number))
    return rows


def line_cells(spans: Sequence[tuple[str, str]], render: Render = translate) -> bytes:
    """The spans of a line as cells, of any length. Raises LiblouisMissing."""
    return _whole(spans, render, None).cells


def _whole(spans: Sequence[tuple[str, str]], render: Render, reader: str | None) -> Cells:
    """The spans as one line: the rules of a code look across words."""
    text = "".join(part for part, _ in spans)
    languages: list[tuple[int, str]] = []
    at = 0
    for part, language in spans:
        languages.append((at, language))
        at += len(part)
    line = reader or (spans[0][1] if spans else "kk")
    alike = len(languages) < 2 and all(language == line for _, language in languages)
    return render(text, line) if alike else render(text, line, languages=languages)


def _cuts(
    whole: Cells, spans: Sequence[tuple[str, str]], width: int, indents: tuple[int, int], wrap: Wrap
) -> Iterable[tuple[int, int, bool]]:
    """(start, end, whether the cut is marked) of each row, in cells; blank cells at both ends of a row are left out."""
    cells = whole.cells
    length = len(cells.rstrip(b"\0"))
    start = length - len(cells[:length].lstrip(b"\0"))
    syllables = _syllable_cells(whole, spans) if wrap is Wrap.SYLLABLES else set()
    soft = sorted(_after_commas(whole) | syllables)
    room = width - indents[0]
    while start < length:
        sign = whole.sign_of_row(start, min(length, start + room))[1] if width >= NARROWEST_WITH_SIGNS else b""
        end, marked = _row_end(cells, start, length, room - len(sign), wrap, soft)
        yield start, len(cells[:end].rstrip(b"\0")), marked
        start = end
        while start < length and cells[start] == BLANK:
            start += 1
        room = width - indents[1]


def _row_end(cells: bytes, start: int, length: int, room: int, wrap: Wrap, soft: Sequence[int]) -> tuple[int, bool]:
    """The cell before which the next row begins, and whether a mark is to be set."""
    if length - start <= room:
        return length, False
    full = start + room
    if wrap is Wrap.ANYWHERE or BLANK in (cells[full], cells[full - 1]):
        return full, False
    if wrap is Wrap.MARKED:
        return full - 1, cells[full - 2] != BLANK
    word = cells.rfind(b"\0", start, full) + 1
    # A syllable needs a cell for its hyphen, a comma none.
    last = bisect_left(soft, full + (cells[full - 1] == COMMA))
    inside = soft[last - 1] if last and soft[last - 1] > max(start, word) else 0
    if inside:
        return inside, cells[inside - 1] != COMMA
    return (word, False) if word > start else (full - 1, True)


def _after_commas(whole: Cells) -> set[int]:
    """Cells after a comma whose space the Russian and Kazakh rule leaves out: a row may begin there."""
    found = []
    for at in range(1, len(whole.cells)):
        if (
            whole.cells[at - 1] == COMMA
            and " " in whole.text[whole.input_positions[at - 1] : whole.input_positions[at]]
        ):
            found.append(at)
    return set(found)


def _syllable_cells(whole: Cells, spans: Sequence[tuple[str, str]]) -> set[int]:
    """Cells before which a syllable begins. A contraction is never cut, nor cut off from the letters that it needs:
    RUEB 10.6.5 and 10.8 (lower groupsigns stand between letters, final ones at the end of theirs)."""
    found = set()
    at = 0
    for part, language in spans:
        for word in re.finditer(r"\S+", part):
            for position in breaks(word.group(), language):
                letter = at + word.start() + position
                cell = whole.output_positions[letter]
                if 0 < cell < len(whole.cells) and whole.input_positions[cell] == letter:
                    found.add(cell)
        at += len(part)
    if LATIN.search(whole.text):
        found = {cell for cell in found if not {whole.cells[cell - 1], whole.cells[cell]} & _NEVER_AT_A_CUT}
    return found
