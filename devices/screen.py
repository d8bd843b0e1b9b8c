"""What a display shows of a text that is longer than it: a window on rows, without any I/O.

Every move gives a new value, so that "forward, then back is where I was" can be proved over any text and any display.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class CellChoice:
    """Cells of a row that choose something of their own, such as the yes and the no of one row."""

    first: int
    """0-based cell in the row."""
    end: int
    """The cell after the last."""
    name: str
    """What is chosen."""


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """One row of cells, laid out for the width of the display."""

    cells: bytes
    """Dot n in bit n-1 (ISO 11548-1). Blank cells at the end may be left out."""
    region: int | None = None
    """What a routing key on any cell of this row chooses; None when it chooses nothing."""
    line: int = 0
    """Which line of the text this row is of; a line may take several rows."""
    cursor: int | None = None
    """0-based cell at which to show a cursor."""
    choices: tuple[CellChoice, ...] = ()
    """Cells that choose something of their own."""
    typed_from: int | None = None
    """In a row of a line being typed: the 0-based place in that line of the row's first cell."""

    def choice_at(self, cell: int) -> str:
        """Return what the key above a cell of this row chooses of its own; "" for nothing."""
        return next((choice.name for choice in self.choices if choice.first <= cell < choice.end), "")


Layout = Callable[[int], Sequence[DisplayRow]]
"""Width in cells -> rows. Called again when a display of another width is plugged in."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A window of `columns` x `lines` cells on `rows`."""

    rows: tuple[DisplayRow, ...]
    columns: int
    lines: int
    top: int = 0
    """0-based row at the top of the window."""
    status: bytes = b""
    """Cells at the left of the first row, taken off `columns`."""

    @property
    def width(self) -> int:
        """Cells that a row may have."""
        return self.columns - len(self.status)

    @property
    def at_end(self) -> bool:
        """Whether the last row is in the window."""
        return self.top + self.lines >= len(self.rows)

    @property
    def row(self) -> DisplayRow | None:
        """The row at the top of the window."""
        return self.rows[self.top] if self.top < len(self.rows) else None

    def forward(self) -> Screen:
        """The next window; the same one at the end."""
        return self if self.at_end else replace(self, top=self.top + self.lines)

    def back(self) -> Screen:
        """The window before; the same one at the start."""
        return replace(self, top=max(0, self.top - self.lines))

    def line_down(self) -> Screen:
        """The first row of the next line; the same window on the last line."""
        if self.row is None:
            return self
        tops = range(self.top + 1, len(self.rows))
        return replace(self, top=next((top for top in tops if self._starts(top)), self.top))

    def line_up(self) -> Screen:
        """The first row of this line, or of the line before when it is there already."""
        tops = range(self.top - 1, -1, -1)
        return replace(self, top=next((top for top in tops if self._starts(top)), 0))

    def start(self) -> Screen:
        """Return the window on the first row."""
        return replace(self, top=0)

    def end(self) -> Screen:
        """The last window that `forward` reaches from the start."""
        return replace(self, top=max(0, (len(self.rows) - 1) // self.lines * self.lines))

    def at_line(self, line: int) -> Screen:
        """The window that begins with this line of the text, or with the last one before it."""
        tops = [top for top, row in enumerate(self.rows) if row.line <= line and self._starts(top)]
        return replace(self, top=tops[-1] if tops else 0)

    def at_cursor(self) -> Screen:
        """The window in which the cursor stands, with as much of what is before it as there is room for."""
        row = next((n for n, row in enumerate(self.rows) if row.cursor is not None), None)
        return self if row is None else replace(self, top=max(0, row - self.lines + 1))

    def cells(self, status_of: Callable[[int, DisplayRow], bytes] | None = None) -> bytes:
        """All cells of the display, row after row, exactly `columns` x `lines` of them. `status_of` gives the status
        cells of a row, the 0-based one on the display; without it they stand on the first row alone."""
        shown = bytearray()
        for number in range(self.lines):
            left = self.status if number == 0 else bytes(len(self.status))
            row = self.rows[self.top + number] if self.top + number < len(self.rows) else DisplayRow(b"")
            if status_of and self.status:
                first = number == 0 or self._starts(min(self.top + number, len(self.rows) - 1))
                left = status_of(number, row if first else replace(row, region=None))
            shown += (left + row.cells[: self.width]).ljust(self.columns, b"\0")
        return bytes(shown)

    def cursor(self) -> int:
        """The 1-BASED cell of the cursor as BrlAPI wants it, 0 when none is in the window."""
        for number, row in enumerate(self.rows[self.top : self.top + self.lines]):
            if row.cursor is not None and row.cursor < self.width:
                return number * self.columns + len(self.status) + row.cursor + 1
        return 0

    def row_at(self, cell: int) -> tuple[DisplayRow, int] | None:
        """The row under a routing key (0-based cell of the display), and the 0-based cell in it.

        None on status cells and where there is no row. A key beyond a row's last cell still means that row.
        """
        number, column = divmod(cell, self.columns) if self.columns else (self.lines, 0)
        if number >= self.lines or column < len(self.status) or self.top + number >= len(self.rows):
            return None
        return self.rows[self.top + number], column - len(self.status)

    def _starts(self, top: int) -> bool:
        """A line begins with this row."""
        return top == 0 or self.rows[top].line != self.rows[top - 1].line


def window(layout: Layout, columns: int, lines: int, status: bytes = b"") -> Screen:
    """The first window on a text. A display too narrow for the status cells shows none of them."""
    status = status if columns - len(status) >= 8 else b""
    width = columns - len(status)
    rows = tuple(layout(width)) if width > 0 and lines > 0 else ()
    return Screen(rows, columns, max(lines, 1), status=status)
