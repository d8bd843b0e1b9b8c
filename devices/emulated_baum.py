"""An emulated Baum VarioConnect on a pseudo-terminal: a display for tests and for the demonstration.

brltty talks to it with its real driver and its real key table. A packet begins with ESC; an ESC inside is doubled.
Source: Drivers/Braille/Baum and Tables/Input/bm/connect.ktb of BRLTTY.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tempfile
import tty
from collections.abc import Callable
from pathlib import Path

from devices.errors import DeviceError

ESC = 0x1B
_CELLS = 0x01
_CELL_COUNT_QUESTION = b"\x01\x00"
_ROUTING_KEYS, _DISPLAY_KEYS, _ENTRY_KEYS = 0x22, 0x24, 0x33
_ROUTING_BYTES = (2, 5, 10)
"""Baum makes bitmaps of routing keys in these lengths only."""
_SPACE_BAR, _SMALL_SPACE_BAR, _SMALL = 0x02, 0x04, 12
"""B10; B11 on a display of 12 cells, which has another keyboard (conny.ktb)."""
_SWITCHED_OFF = 0x17
_BY_ITS_SWITCH = 0x02
_IDENTITY, _SERIAL_NUMBER = 0x84, 0x8A


class EmulatedBaum:
    """A display of `cells` cells, 8 to 80. Use as `with EmulatedBaum(40) as display:` inside a running event loop."""

    def __init__(self, cells: int = 40) -> None:
        self.cells = cells
        self.shown = bytes(cells)
        """The dots that stand up now, one byte a cell."""
        self._updated = asyncio.Event()
        self._packet = bytearray()
        self._escaped = False
        self._plugged = False
        self._ends: tuple[int, ...] = ()
        """The pseudo-terminal's two ends, ours first."""

    def __enter__(self) -> EmulatedBaum:
        self._folder = tempfile.TemporaryDirectory(prefix="dauys-baum-")
        try:
            self.plug_in(self.cells)
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self._folder.cleanup()

    @property
    def device(self) -> str:
        """For brltty's option -d. The same after the display was unplugged and plugged in again."""
        return f"serial:{self._link}"

    @property
    def _link(self) -> Path:
        return Path(self._folder.name) / "display"

    def plug_in(self, cells: int) -> None:
        """Connect the cable, to a display of `cells` cells. brltty looks for it every five seconds."""
        self._close()
        self.cells = cells
        self.shown = bytes(cells)
        self._packet.clear()
        try:
            ours, theirs = self._ends = pty.openpty()
        except OSError as error:
            raise DeviceError(
                f"No emulated display can be had: {error.strerror or error}. Let this system have pseudo-terminals: "
                "mount /dev/pts, or end programs that have them all."
            ) from error
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self._link.symlink_to(os.ttyname(theirs))
        self._plugged = True
        asyncio.get_running_loop().add_reader(ours, self._read)

    def unplug(self) -> None:
        """Switch the display off, of which it tells the host, and draw the cable. Harmless when that is done."""
        if self._plugged:
            self._send(_SWITCHED_OFF, bytes([_BY_ITS_SWITCH]))
            self._plugged = False
            self._link.unlink()
            # The ends stay open for a moment: what was sent is lost once they are closed.
            asyncio.get_running_loop().remove_reader(self._ends[0])

    def _close(self) -> None:
        self.unplug()
        for end in self._ends:
            os.close(end)
        self._ends = ()

    def route(self, cell: int) -> None:
        """Press and release the routing key above `cell`, 0-based."""
        size = next(size for size in _ROUTING_BYTES if self.cells <= 8 * size)
        self._send(_ROUTING_KEYS, (1 << cell).to_bytes(size, "little"))
        self._send(_ROUTING_KEYS, bytes(size))

    def press(self, *keys: int) -> None:
        """Press and release display keys together: 1 to 3 at the left end, 4 to 6 at the right, from top to bottom."""
        self._send(_DISPLAY_KEYS, bytes([sum(1 << (key - 1) for key in keys)]))
        self._send(_DISPLAY_KEYS, bytes([0]))

    def type(self, dots: int) -> None:
        """Press and release Perkins keys together, dot n in bit n-1; 0 is the space bar."""
        space_bar = _SMALL_SPACE_BAR if self.cells == _SMALL else _SPACE_BAR
        self._send(_ENTRY_KEYS, bytes([0 if dots else space_bar, dots]))
        self._send(_ENTRY_KEYS, bytes([0, 0]))

    async def until(self, wanted: Callable[[bytes], bool], timeout: float = 15.0) -> bytes:
        """Wait until `wanted` holds of the cells that stand up, and give them. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not wanted(self.shown):
                self._updated.clear()
                await self._updated.wait()
        return self.shown

    async def shows(self, cells: bytes, timeout: float = 15.0) -> None:
        """Wait until exactly `cells`, filled up with blank ones, stand up. Raises TimeoutError."""
        await self.until(lambda shown: shown == cells.ljust(self.cells, b"\0"), timeout)

    def _send(self, code: int, payload: bytes) -> None:
        if self._plugged:
            data = (bytes([code]) + payload).replace(bytes([ESC]), bytes([ESC, ESC]))
            with contextlib.suppress(BlockingIOError):
                os.write(self._ends[0], bytes([ESC]) + data)

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            for byte in os.read(self._ends[0], 4096):
                self._take(byte)

    def _take(self, byte: int) -> None:
        """One byte from the host: a single ESC begins the next packet."""
        if byte == ESC and not self._escaped:
            self._escaped = True
            return
        if self._escaped and byte != ESC:
            if self._packet == _CELL_COUNT_QUESTION:
                self._send(_CELLS, bytes([self.cells]))
            self._packet.clear()
        self._escaped = False
        self._packet.append(byte)
        if self._packet[0] == _CELLS and len(self._packet) == 1 + self.cells:
            self.shown = bytes(self._packet[1:])
            self._updated.set()
        elif self._packet == bytes([_IDENTITY]):
            self._send(_IDENTITY, f"VarioConnect {self.cells}".encode().ljust(16))
        elif self._packet == bytes([_SERIAL_NUMBER]):
            self._send(_SERIAL_NUMBER, b"00000001")
