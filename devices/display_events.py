"""What a reader does at a display, and what becomes of the display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Connected:
    """A display is there, for the first time, again, or with another size."""

    driver: str
    """BRLTTY's name of the driver, such as Baum."""
    columns: int
    lines: int


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The display or its server has gone. What is shown meanwhile appears when it is back."""


@dataclass(frozen=True, slots=True)
class DisplayRouting:
    """A routing key above a row."""

    region: int | None
    """What the row is about, as the layout said; None for a row about nothing."""
    line: int
    """Which line of the text, 0-based."""
    cell: int
    """0-based cell in the row, status cells not counted."""
    choice: str = ""
    """What these cells choose of their own, as the layout said."""


@dataclass(frozen=True, slots=True)
class CursorSet:
    """A routing key above a line being typed."""

    place: int
    """0-based place in that line; beyond its end for a key behind it."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Perkins keys pressed together."""

    cell: int
    """Dot n in bit n-1; 0 is the space bar."""


@dataclass(frozen=True, slots=True)
class DisplayCommand:
    """A key with a meaning for the program: enter, erase, cancel, help, where, stop, repeat, faster, slower, louder,
    softer, language, capitals, new_visit. See keys.toml."""

    action: str


@dataclass(frozen=True, slots=True)
class Panned:
    """The window moved; whether speech stops is a setting of the reader."""

    edge: Literal["", "start", "end"] = ""
    """Set when it could not move: the text begins or ends here."""


DisplayEvent = Connected | Disconnected | DisplayRouting | CursorSet | Dots | DisplayCommand | Panned
