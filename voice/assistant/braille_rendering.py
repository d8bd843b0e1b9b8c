"""A reply's lines as rows of a Braille display, and what the keys under them mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from braille import Passage, Row, lay_out, to_unicode, translate
from catalogue_client.values.accounts import Preferences
from voice.values.lines import Line


def passages(lines: Sequence[Line]) -> list[Passage]:
    """The lines as the Braille part lays them out; their region is the 0-based result they are about."""
    return [
        Passage(tuple((span.text, span.language) for span in line.spans), line.record, line.short) for line in lines
    ]


class BrailleRendering:
    """What a display of `width` cells shows of the last reply."""

    def __init__(self, width: int, preferences: Preferences | None = None) -> None:
        self._width = width
        self.preferences = preferences or Preferences()
        self._rows: list[Row] = []

    def show(self, lines: Sequence[Line]) -> tuple[str, ...]:
        """Lay a reply out; an empty one leaves the display as it is. Rows in Unicode Braille."""
        if lines:
            render = partial(translate, capitals=bool(self.preferences.capitals), grade=self.preferences.grade or 1)
            self._rows = lay_out(passages(lines), self._width, render=render)
        return self.rows

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows of the last reply, in Unicode Braille."""
        return tuple(to_unicode(row.cells) for row in self._rows)

    def record_under(self, cell: int) -> int | None:
        """The result (0-based) that the row under a routing key is about, counted from 0 through all rows; None when it
        is about none, or there is no such row."""
        row = cell // self._width
        return self._rows[row].region if row < len(self._rows) else None
