"""Keeps the display of a desk working: starts its brltty, watches it, starts it again, and says how it is.

async with open_desk(desk, folder) as kept:
    kept.display.show(...)
    print(kept.status())
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from devices.brlapi import KEY_FILE
from devices.brltty import Brltty, free_number, started
from devices.configuration import write_key_file
from devices.desk import DeskSettings
from devices.emulated_baum import EmulatedBaum
from devices.errors import DeviceError
from devices.screen import DisplayRow
from devices.session import DisplaySession, display_session

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_HEALTHY_S = 60.0
"""A brltty that ran for so long is started again at once; one that ends sooner waits longer each time."""
_FULL = 0xFF
_IDENTIFY_TIMES, _IDENTIFY_S = 3, 0.4


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """How a desk is, for staff."""

    columns: int
    """0 while there is no display."""
    lines: int
    starts: int
    """How often brltty has been started; 0 for a server that others run."""
    problem: str
    """What is wrong and what to do, "" when all is well."""


class SupervisedDesk:
    """A desk whose display is looked after. Made by `open_desk`."""

    def __init__(self, desk: DeskSettings, display: DisplaySession, emulated: EmulatedBaum | None) -> None:
        self.desk = desk
        self.display = display
        self.emulated = emulated
        """The display itself where it is an emulated one."""
        self._brltty: Brltty | None = None
        self._starts = 0
        self._problem = ""

    def status(self) -> DeskStatus:
        """How the desk is now."""
        columns = self.display.columns if self.display.there else 0
        problem = self.fault
        if not problem and not columns:
            problem = "No display answers. Check that it is switched on and plugged in."
        elif not problem and self.desk.cells not in (0, columns):
            problem = f"The display has {columns} cells, the desk is set for {self.desk.cells}."
        return DeskStatus(columns, self.display.lines if columns else 0, self._starts, problem)

    @property
    def fault(self) -> str:
        """What brltty itself ended with, or why the server that others run cannot be used; "" while all is well."""
        return self._problem or (self.display.problem if self.desk.server else "")

    def restart(self) -> None:
        """Start brltty again; what is shown comes back by itself. Nothing happens to a server that others run."""
        if self._brltty:
            self._brltty.kill()

    def show_test_line(self) -> None:
        """Raise each dot in turn, cell by cell, then all: a dot that is stuck is felt at once."""
        self.display.show(test_line)

    async def identify(self) -> None:
        """Raise and lower all dots three times, so that staff see which display it is. What was shown comes back."""
        for _ in range(_IDENTIFY_TIMES):
            self.display.message(lambda width: [DisplayRow(bytes([_FULL]) * width)], _IDENTIFY_S)
            await asyncio.sleep(2 * _IDENTIFY_S)

    async def keep(self, driver: str, device: str, number: int, key_file: Path) -> None:
        """Run brltty for ever; one that ends is started again."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE_S
        while True:
            began = loop.time()
            try:
                async with started(
                    driver, device, number=number, key_file=key_file, cursor_blinks=self.desk.cursor_blinks
                ) as self._brltty:
                    self._starts += 1
                    self._problem = ""
                    await self._brltty.process.wait()
                self._problem = "brltty ended and is started again."
            except DeviceError as error:
                self._problem = str(error)
            _log.warning("Desk %s: %s", self.desk.name, self._problem)
            pause = _FIRST_PAUSE_S if loop.time() - began > _HEALTHY_S else min(2 * pause, _LONGEST_PAUSE_S)
            await asyncio.sleep(pause)


def test_line(width: int) -> Sequence[DisplayRow]:
    """Dots 1 to 8 one after the other, then a cell with all of them, over the whole row."""
    pattern = bytes([*(1 << dot for dot in range(8)), _FULL])
    return [DisplayRow((pattern * (width // len(pattern) + 1))[:width])]


@asynccontextmanager
async def open_desk(desk: DeskSettings, folder: Path) -> AsyncIterator[SupervisedDesk]:
    """A desk at work, until the end of the block. `folder` is where the key of its server lies or is made.

    The display may be away, or brltty may not be installed: `status` says so, and it is tried again and again.
    Raises DeskError when the key cannot be written.
    """
    key_file = folder / "brlapi.key"
    async with contextlib.AsyncExitStack() as stack:
        emulated = stack.enter_context(EmulatedBaum(desk.emulated_cells)) if desk.emulated_cells else None
        number = 0
        if not desk.server:
            await asyncio.to_thread(write_key_file, key_file)
            number = free_number()
        display = await stack.enter_async_context(
            display_session(
                desk.server or f"127.0.0.1:{number}",
                key_file=Path(desk.key_file or KEY_FILE) if desk.server else key_file,
                call_key=desk.call_key if desk.server else None,
                tty=(desk.tty,),
                settings=desk.display,
                keys=desk.keys,
            )
        )
        kept = SupervisedDesk(desk, display, emulated)
        if not desk.server:
            driver, device = ("bm", emulated.device) if emulated else (desk.driver, desk.port)
            task = asyncio.create_task(kept.keep(driver, device, number, key_file))
            stack.push_async_callback(_ended, task)
        yield kept


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
