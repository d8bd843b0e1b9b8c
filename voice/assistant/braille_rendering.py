"""Spoken lines as rows of a Braille display, for desks and for `dauys converse` alike, and what routing keys choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from braille import Passage, Wrap, lay_out, to_unicode, translate
from catalogue_client.values.accounts import Preferences
from devices import CellChoice, DisplayRow
from voice.dialogue.prompts import text_of
from voice.values.lines import Line

MARK = 0b11000000
"""Dots 7 and 8."""
ANSWERS = ("yes", "no")
NARROWEST = 2
"""Cells that a row of text takes; a display of one cell shows the first of them."""
BETWEEN = 2
"""Blank cells between two answers of one row."""


def layout(
    lines: Sequence[Line],
    preferences: Preferences,
    wrap: Wrap = Wrap.WORDS,
    *,
    marks: bool = False,
    answers: str | None = None,
) -> Callable[[int], list[DisplayRow]]:
    """Return what lays `lines` out for a display of any width in cells, in the grade and with the capitals of
    `preferences`. The region of a row is the 0-based result that it is about. With `marks`, dots 7 and 8 stand under
    the first word of what can be chosen. `answers` is the language of a yes and a no in a row at the end; None: none.
    """
    passages = [
        Passage(tuple((span.text, span.language) for span in line.spans), line.record, line.short) for line in lines
    ]
    render = partial(translate, capitals=bool(preferences.capitals), grade=preferences.grade or 1)

    def rows(width: int) -> list[DisplayRow]:
        rows_of_text = lay_out(passages, max(width, NARROWEST), wrap=wrap, render=render)
        laid = [DisplayRow(row.cells, row.region, row.passage) for row in rows_of_text]
        if marks:
            laid = [_marked(row, n == 0 or laid[n - 1].line != row.line) for n, row in enumerate(laid)]
        if answers:
            words = [render(text_of(answers, f"desk.{answer}"), answers).cells for answer in ANSWERS]
            laid += _answer_rows(words, width, len(passages), marks)
        return laid

    return rows


def _marked(row: DisplayRow, is_first: bool) -> DisplayRow:
    """Return the row with its first word marked, where that begins something that can be chosen."""
    if not is_first or row.region is None:
        return row
    end = row.cells.find(0, 1)
    end = len(row.cells) if end < 0 else end
    return replace(row, cells=bytes(cell | MARK for cell in row.cells[:end]) + row.cells[end:])


def _answer_rows(words: Sequence[bytes], width: int, line: int, marks: bool) -> list[DisplayRow]:
    """Return a choice for each of ANSWERS: in one row where it has room, else a row for each."""
    rows: list[DisplayRow] = []
    cells, choices = b"", list[CellChoice]()
    for name, word in zip(ANSWERS, words, strict=True):
        if cells and len(cells) + BETWEEN + len(word) > width:
            rows.append(DisplayRow(cells, line=line, choices=tuple(choices)))
            cells, choices = b"", []
        cells += bytes(BETWEEN if cells else 0)
        choices.append(CellChoice(len(cells), len(cells) + len(word), name))
        cells += bytes(cell | MARK for cell in word) if marks else word
    return [*rows, DisplayRow(cells, line=line, choices=tuple(choices))]


class BrailleRendering:
    """What a display of `width` cells shows of the last reply."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows: list[DisplayRow] = []

    def show(self, lines: Sequence[Line], preferences: Preferences) -> tuple[str, ...]:
        """Lay a reply out and return its rows in Unicode Braille; an empty one leaves the display as it is."""
        if lines:
            self._rows = layout(lines, preferences)(self._width)
        return self.rows

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows of the last reply, in Unicode Braille."""
        return tuple(to_unicode(row.cells) for row in self._rows)

    def record_under(self, cell: int) -> int | None:
        """Return the result (0-based) that the row under a routing key is about, the cell counted from 0 through all
        rows; None when it is about none, or there is no such row."""
        row = cell // self._width
        return self._rows[row].region if row < len(self._rows) else None
