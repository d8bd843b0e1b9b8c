"""Stays connected to a display: finds its server, takes the terminal, starts again after everything that can break.

Two faults of a server of 2022 (BRLTTY 6.5) shape the order of things. When a display of another size is plugged in
while a client holds the terminal, the server keeps the client's old buffer and crashes at the next write: so after
every change the terminal is given back before anything else is done. And it crashes when asked for the model of a
display that is not there: so it is never asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from devices.brlapi import Connection, connect
from devices.errors import DeviceError, DisplayTaken, NotAuthorized, RequestRefused, ServerGone
from devices.keys import DisplayKey, decode

_log = logging.getLogger(__name__)

_RETRY_S = 0.5
_TAKEN = (2, 3)
"""BrlAPI's errors for a terminal and for a display that another program has."""
_PRIORITY = 60
"""A little more than a screen reader's 50: while a reader is at the desk, one that takes the display again is not
shown."""


class Linked(Protocol):
    """Who learns what becomes of the display."""

    def found(self, driver: str, columns: int, lines: int) -> None:
        """A display is there, for the first time, again, or with another size: show on it."""

    def lost(self) -> None:
        """The display or its server has gone."""

    def key(self, key: DisplayKey) -> None:
        """The reader pressed something."""


class BrlapiLink:
    """The way to the display of the server at `address`."""

    def __init__(self, address: str, key_file: Path, tty: Sequence[int], call: int | None = None) -> None:
        self._address = address
        self._key_file = key_file
        self._tty = tty
        self._call = call
        """The key that is heard at rest, where the display is shared; None where it is ours alone."""
        self._resting = False
        self.problem = ""
        """Why there is no connection, for staff; "" while there is one."""
        self._connection: Connection | None = None
        """Set while a display is there and its terminal is ours."""

    def rest(self) -> None:
        """Leave a shared display to the screen reader, and hear only the key that calls."""
        self._turn(resting=self._call is not None)

    def take(self) -> None:
        """Take a shared display again."""
        self._turn(resting=False)

    def _turn(self, *, resting: bool) -> None:
        if resting != self._resting:
            self._resting = resting
            if self._connection is not None:
                self._connection.changed.set()

    def write(self, cells: bytes, cursor: int) -> None:
        """Show cells, see Connection.write. Nothing happens while there is no display."""
        # After a change nothing may be written before the terminal has been taken again.
        if self._connection is not None and not self._connection.changed.is_set() and not self._resting:
            with contextlib.suppress(ServerGone):
                self._connection.write(cells, cursor)

    async def run(self, linked: Linked) -> None:
        """Until cancelled. A display that is away, and a server that is, are looked for twice a second."""
        last = ""
        while True:
            try:
                async with connect(self._address, self._key_file) as connection:
                    await self._serve(connection, linked)
                self._connection = None  # given back: the server forgets what was written only with the connection
                continue
            except DeviceError as error:
                level = (
                    logging.WARNING
                    if isinstance(error, NotAuthorized | DisplayTaken) and str(error) != last
                    else logging.DEBUG
                )
                _log.log(level, "%s", error)
                self.problem = last = str(error)
            except Exception:
                # Whatever it was: a display that stays dark until the next restart would be worse.
                _log.exception("The Braille server at %s is left and looked for again", self._address)
            self._lose(linked)
            await asyncio.sleep(_RETRY_S)

    async def _serve(self, connection: Connection, linked: Linked) -> None:
        """One connection, from the greeting until the server goes."""
        await connection.watch()
        self.problem = ""
        if self._call is not None:
            await connection.prefer(_PRIORITY)
        keys = asyncio.create_task(self._read_keys(connection, linked))
        keys.add_done_callback(lambda _: connection.changed.set())  # who is not heard any more is let go
        taken = False
        try:
            while not keys.done():
                connection.changed.clear()
                if taken:
                    await connection.leave_tty()
                    taken = False
                    if self._resting:
                        return
                columns, lines = await connection.size()
                if await connection.online() and columns and lines:
                    await self._enter(connection)
                    taken = True
                    driver = await connection.driver()
                    if not connection.changed.is_set():
                        self._connection = connection
                        linked.found(driver, columns, lines)
                else:
                    self._lose(linked)
                await connection.changed.wait()
            await keys  # raises what ended it
        finally:
            keys.cancel()
            await asyncio.gather(keys, return_exceptions=True)

    async def _enter(self, connection: Connection) -> None:
        try:
            await connection.enter_tty(self._tty, self._call if self._resting else None)
        except RequestRefused as error:
            if error.code not in _TAKEN:
                raise
            raise DisplayTaken(
                f"Another program has the display of the Braille server at {self._address} for itself. End that "
                "program, or set another tty= for this desk."
            ) from error

    async def _read_keys(self, connection: Connection, linked: Linked) -> None:
        async for code in connection.keys():
            key = decode(code)
            if key is None:
                _log.debug("A key that nobody knows: %#x", code)
            else:
                linked.key(key)

    def _lose(self, linked: Linked) -> None:
        if self._connection is not None:
            self._connection = None
            linked.lost()
