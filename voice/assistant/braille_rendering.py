"""Spoken lines as rows of a Braille display, for desks and for `dauys converse` alike, and what routing keys choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from braille import Passage, Wrap, lay_out, to_unicode, translate
from catalogue_client.values.accounts import Preferences
from devices import DisplayRow
from voice.values.lines import Line


def layout(
    lines: Sequence[Line], preferences: Preferences, wrap: Wrap = Wrap.WORDS
) -> Callable[[int], list[DisplayRow]]:
    """Return what lays `lines` out for a display of any width in cells, in the grade and with the capitals of
    `preferences`. The region of a row is the 0-based result that it is about."""
    passages = [
        Passage(tuple((span.text, span.language) for span in line.spans), line.record, line.short) for line in lines
    ]
    render = partial(translate, capitals=bool(preferences.capitals), grade=preferences.grade or 1)

    def rows(width: int) -> list[DisplayRow]:
        return [
            DisplayRow(row.cells, row.region, row.passage) for row in lay_out(passages, width, wrap=wrap, render=render)
        ]

    return rows


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
