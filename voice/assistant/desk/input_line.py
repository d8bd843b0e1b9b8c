"""A line being typed on Braille keys: cells with a cursor among them, without any I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from braille import digits, is_number
from devices import DisplayRow

HIDDEN_CELL = 0b00111111
"""Stands for a digit that nobody else may read."""
SIX_DOTS = 0b00111111


@dataclass(frozen=True, slots=True)
class InputLine:
    """Every key gives a new value."""

    cells: bytes = b""
    """Dot n in bit n-1."""
    place: int = 0
    """0-based place of the cursor: the next cell comes before the one that stands there."""

    def press(self, cell: int) -> InputLine:
        """Put in one cell, the dots pressed together; 0 is the space bar."""
        typed = bytes([cell & SIX_DOTS])
        return InputLine(self.cells[: self.place] + typed + self.cells[self.place :], self.place + 1)

    def erase(self) -> InputLine:
        """Take away the cell before the cursor; nothing happens at the start."""
        if not self.place:
            return self
        return InputLine(self.cells[: self.place - 1] + self.cells[self.place :], self.place - 1)

    def at(self, place: int) -> InputLine:
        """Set the cursor; beyond the end it stands behind the last cell."""
        return replace(self, place=max(0, min(place, len(self.cells))))

    def shown(self, *, hidden: bool) -> InputLine:
        """Return what stands on the display: `hidden`, as many full cells as there are digits, number signs left out,
        because a display can be read by the neighbour."""
        if not hidden:
            return self
        if is_number(self.cells):
            before = self.cells[: self.place]
            count = len(digits(before)) if is_number(before) else 0
            return InputLine(bytes([HIDDEN_CELL]) * len(digits(self.cells)), count)
        return InputLine(bytes([HIDDEN_CELL]) * len(self.cells), self.place)

    def layout(
        self, question: Callable[[int], Sequence[DisplayRow]] = lambda width: ()
    ) -> Callable[[int], list[DisplayRow]]:
        """Return what lays the line out below its question: on one row of cells the question is a key away, on many
        both stand there."""

        def rows(width: int) -> list[DisplayRow]:
            asked = [replace(row, region=None, choices=()) for row in question(width)]
            line = asked[-1].line + 1 if asked else 0
            starts = range(0, len(self.cells) + 1, width)
            return asked + [self._row(start, width, line) for start in starts]

        return rows

    def _row(self, start: int, width: int, line: int) -> DisplayRow:
        column = self.place - start
        cursor = column if 0 <= column < width else None
        return DisplayRow(self.cells[start : start + width], line=line, cursor=cursor, typed_from=start)
