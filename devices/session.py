"""One display for one reader: shows rows, moves the window, tells the program what the reader did, and stays connected.

    async with display_session("127.0.0.1:0") as display:
        display.show(lambda width: [Row(cells, region=0), ...])
        async for event in display.events(): ...

The display may be unplugged, come back with another number of cells, or lose its server: what was shown comes back by
itself, laid out again for the new width, within two seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from devices.brlapi import KEY_FILE
from devices.brlapi_link import BrlapiLink
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
from devices.keys import Chord, DisplayKey, RoutingKey, bindings, code_of
from devices.screen import DisplayRow, Layout, Screen, window
from devices.status import Mode, status_cells

_MOVES = {
    "pan_back": Screen.back,
    "pan_forward": Screen.forward,
    "line_up": Screen.line_up,
    "line_down": Screen.line_down,
    "start": Screen.start,
    "end": Screen.end,
}
_TO_START = ("pan_back", "line_up", "start")
_FASTER = 1.25


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """How a reader wants the display to behave."""

    status_cells: int = 0
    """0 to 4, see status.py."""
    message_s: float | None = 4.0
    """Seconds that a message stays; 0 shows none, None keeps it until a key is pressed."""
    scroll_cells_per_s: float = 10.0
    """Speed of automatic scrolling."""
    pan_stops_speech: bool = False
    """Whether moving the window stops what is being said; the program does it, see Panned."""


class DisplaySession:
    """Made by `display_session`. The methods may be called whether a display is there or not."""

    def __init__(self, link: BrlapiLink, settings: DisplaySettings, keys: Mapping[str, str] | None) -> None:
        self._link = link
        self.settings = settings
        self.mode = Mode.NONE
        self.columns = 0
        """Cells in a row; 0 until a display has been there."""
        self.lines = 0
        self.there = False
        """A display is connected now; `columns` and `lines` are those of the last one."""
        self._bindings = bindings(keys)
        self._events: asyncio.Queue[DisplayEvent] = asyncio.Queue()
        self._layout: Layout = lambda width: ()
        self._screen = window(self._layout, 0, 0)
        self._message: Screen | None = None
        self._message_layout: Layout = self._layout
        self._message_s: float | None = None
        self._message_ends: asyncio.TimerHandle | None = None
        self._scrolling: asyncio.TimerHandle | None = None

    def show(self, layout: Layout, *, keep_place: bool = False) -> None:
        """Show a text from its start, or from the row where the window was. A message that is up goes."""
        self._layout = layout
        top = self._screen.top if keep_place else 0
        self._screen = self._window(layout)
        self._screen = replace(self._screen, top=min(top, max(0, len(self._screen.rows) - 1)))
        self._end_message()

    def message(self, layout: Layout, seconds: float | None = None) -> None:
        """Show a text for some seconds, those that the reader has set where none are given, then what was there before.

        Moving the window begins the time again; a routing key or a key with a meaning ends it. Typing and erasing leave
        it, so that the line being typed can be such a message: the window is where its cursor is.
        """
        if seconds is None and self.settings.message_s == 0:
            return
        self._message_layout = layout
        self._message = self._window(layout).at_cursor()
        self._message_s = self.settings.message_s if seconds is None else seconds
        self._time_message()
        self._draw()

    @property
    def problem(self) -> str:
        """Why the server cannot be used, and what to do; "" while it can, whether a display is there or not."""
        return self._link.problem

    def dismiss(self) -> None:
        """End the message that is up, if there is one."""
        self._end_message()

    def forget(self) -> None:
        """Forget what is shown and what was pressed and not yet taken: for the end of a visit."""
        self._stop_scrolling()
        while not self._events.empty():
            self._events.get_nowait()
        self.show(lambda width: ())

    def rest(self) -> None:
        """Nobody is at the desk. A display that is shared with a screen reader is given back to it until `take`."""
        self._link.rest()

    def take(self) -> None:
        """Somebody is at the desk: take the display again."""
        self._link.take()

    def set_mode(self, mode: Mode) -> None:
        """Show what Dauys is doing in the status cells."""
        self.mode = mode
        self._draw()

    def shown(self) -> bytes:
        """The cells as they are or would be on the display."""
        screen = self._message or self._screen
        count = len(screen.status)

        def status_of(number: int, row: DisplayRow) -> bytes:
            """What Dauys does stands on the first row, the number of a result on each that begins one."""
            return status_cells(count, self.mode if number == 0 else Mode.NONE, row.region)

        return screen.cells(status_of)

    async def next_event(self) -> DisplayEvent:
        """What happens next. May be cancelled and called again; nothing is lost."""
        return await self._events.get()

    async def events(self) -> AsyncIterator[DisplayEvent]:
        """Everything that happens, in order, for ever."""
        while True:
            yield await self.next_event()

    def _window(self, layout: Layout) -> Screen:
        return window(layout, self.columns, self.lines, bytes(self.settings.status_cells))

    def _draw(self) -> None:
        self._link.write(self.shown(), (self._message or self._screen).cursor())

    def _time_message(self) -> None:
        if self._message_ends:
            self._message_ends.cancel()
        if self._message_s is not None:
            self._message_ends = asyncio.get_running_loop().call_later(self._message_s, self._end_message)

    def _end_message(self) -> None:
        if self._message_ends:
            self._message_ends.cancel()
        self._message_ends = self._message = None
        self._draw()

    def key(self, key: DisplayKey) -> None:
        """The reader pressed something. Called by the link."""
        if isinstance(key, RoutingKey):
            self._route(key.cell)
        elif isinstance(key, Chord):
            self._events.put_nowait(Dots(key.dots))
        else:
            action = self._bindings.get(key.name, "nothing")
            if action in _MOVES:
                self._move(action)
            elif action == "auto_scroll":
                self._stop_scrolling() if self._scrolling else self._scroll_later()
            elif action in ("scroll_faster", "scroll_slower"):
                factor = _FASTER if action == "scroll_faster" else 1 / _FASTER
                speed = min(max(self.settings.scroll_cells_per_s * factor, 1.0), 80.0)
                self.settings = replace(self.settings, scroll_cells_per_s=speed)
            elif action != "nothing":
                self._stop_scrolling()
                if action != "erase":
                    self._end_message()
                self._events.put_nowait(DisplayCommand(action))

    def _route(self, cell: int) -> None:
        found = (self._message or self._screen).row_at(cell)
        if self._message is not None:
            if found and found[0].typed_from is not None:
                self._events.put_nowait(CursorSet(found[0].typed_from + found[1]))
            else:
                self._end_message()
                self._events.put_nowait(Panned())
            return
        self._stop_scrolling()
        if found is None:
            self._events.put_nowait(DisplayCommand("where"))
        else:
            row, column = found
            self._events.put_nowait(DisplayRouting(row.region, row.line, column, row.choice_at(column)))

    def _move(self, action: str) -> None:
        before = self._message or self._screen
        after = _MOVES[action](before)
        if self._message is not None:
            self._message = after
            self._time_message()
        else:
            self._screen = after
        if self._scrolling:
            self._stop_scrolling()
            self._scroll_later()
        self._draw()
        if after.top != before.top:
            self._events.put_nowait(Panned())
        else:
            self._events.put_nowait(Panned("start" if action in _TO_START else "end"))

    def _scroll_later(self) -> None:
        wait = max(1, self._screen.width) * self._screen.lines / self.settings.scroll_cells_per_s
        self._scrolling = asyncio.get_running_loop().call_later(wait, self._scroll)

    def _scroll(self) -> None:
        self._screen = self._screen.forward()
        self._draw()
        self._scrolling = None
        if not self._screen.at_end:
            self._scroll_later()

    def _stop_scrolling(self) -> None:
        if self._scrolling:
            self._scrolling.cancel()
            self._scrolling = None

    def found(self, driver: str, columns: int, lines: int) -> None:
        """A display is there: lay out again if its size is another, and show. Called by the link."""
        new = not self.there or (columns, lines) != (self.columns, self.lines)
        self.there = True
        if (columns, lines) != (self.columns, self.lines):
            line = self._screen.row.line if self._screen.row else 0
            self.columns, self.lines = columns, lines
            self._screen = self._window(self._layout).at_line(line)
            if self._message is not None:
                self._message = self._window(self._message_layout).at_cursor()
        self._draw()
        if new:
            self._events.put_nowait(Connected(driver, columns, lines))

    def lost(self) -> None:
        """The display has gone. Called by the link."""
        self.there = False
        self._events.put_nowait(Disconnected())


@asynccontextmanager
async def display_session(
    address: str = ":0",
    *,
    key_file: Path = KEY_FILE,
    tty: Sequence[int] = (1,),
    settings: DisplaySettings | None = None,
    keys: Mapping[str, str] | None = None,
    call_key: str | None = None,
) -> AsyncIterator[DisplaySession]:
    """A session with the display of the server at `address`; it looks for the display for as long as it lives.

    While it is open it covers what a screen reader shows on the same terminal `tty`; at its end the screen reader is
    back. `keys` are a desk's changes to the bindings. With `call_key`, the name of a key, the display is the screen
    reader's also between `rest` and `take`, where only this key is heard. Raises DeskError when they are wrong.
    """
    link = BrlapiLink(address, key_file, tty, code_of(call_key) if call_key else None)
    session = DisplaySession(link, settings or DisplaySettings(), keys)
    task = asyncio.create_task(link.run(session))
    try:
        yield session
    finally:
        session._stop_scrolling()
        if session._message_ends:
            session._message_ends.cancel()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
