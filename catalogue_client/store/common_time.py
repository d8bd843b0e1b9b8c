"""One time for all nodes of a database: what one node has promised for ten minutes no other one's clock cuts short.

The database's clock is asked now and then; in between its time goes on with this machine's time since boot, which no
hand and no time server sets. The difference to this machine's own clock is added wherever the library asks for the
time. A file has one machine: there is no difference.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from catalogue_client.errors import LibraryError
from catalogue_client.store.database import Database

log = logging.getLogger(__name__)

EVERY_S = 15.0
NOTHING = timedelta(seconds=0.5)
"""Less than this is what asking takes."""
WORTH_SAYING = timedelta(seconds=5)


def own_clock() -> datetime:
    """Return what this machine takes the time to be."""
    return datetime.now(UTC)


def since_boot() -> float:
    """Return seconds since the start; a machine that sleeps or is paused does not stop them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class CommonTime:
    """How far this machine's clock is from the database's."""

    def __init__(
        self,
        database: Database,
        system: Callable[[], datetime] = own_clock,
        running: Callable[[], float] = since_boot,
    ) -> None:
        self._database = database
        self._system = system
        self._running = running
        self._known: tuple[datetime, float] | None = None
        self._said = False

    @property
    def drift(self) -> timedelta:
        """To add to this machine's time."""
        if self._known is None:
            return timedelta(0)
        then, at = self._known
        drift = then + timedelta(seconds=self._running() - at) - self._system()
        return timedelta(0) if abs(drift) < NOTHING else drift

    async def measure(self) -> None:
        """Ask the database. Raises LibraryError."""
        if self._database.is_sqlite:
            return
        async with self._database.reading() as connection:
            before = self._running()
            moment = await connection.scalar(text("SELECT clock_timestamp()"))
            after = self._running()
        if isinstance(moment, datetime):
            self._known = (moment, (before + after) / 2)
        far = abs(self.drift) > WORTH_SAYING
        if far and not self._said:
            log.warning("this machine's clock is %s from the database's, whose time is taken", self.drift)
        self._said = far

    async def follow(self) -> None:
        """Ask again and again until cancelled; while the database is away its time goes on."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.measure()
            except LibraryError as error:
                log.debug("the database's clock cannot be asked for now: %s", error)
