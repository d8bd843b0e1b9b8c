"""Refreshable Braille displays through BRLTTY, their keys, and the desks they stand on.

Cells come in as bytes, dot n in bit n-1 (ISO 11548-1), and go out to the display; this package knows nothing of text.

    brlapi.connect(address)           a BrlAPI client for asyncio, usable alone
    display_session(address)          shows rows, moves the window, tells what the reader does, stays connected
    emulated_baum.EmulatedBaum(40)    a display without hardware
    brltty.started("bm", device)      a brltty of our own
"""

from devices.display_events import (
    Connected,
    CursorSet,
    Disconnected,
    DisplayCommand,
    DisplayEvent,
    DisplayRouting,
    Dots,
    Panned,
)
from devices.screen import CellChoice, DisplayRow, Layout, Screen
from devices.session import DisplaySession, DisplaySettings, display_session
from devices.status import Mode

__all__ = [
    "CellChoice",
    "Connected",
    "CursorSet",
    "Disconnected",
    "DisplayCommand",
    "DisplayEvent",
    "DisplayRouting",
    "DisplayRow",
    "DisplaySession",
    "DisplaySettings",
    "Dots",
    "Layout",
    "Mode",
    "Panned",
    "Screen",
    "display_session",
]
