"""SQLite without its thread: the real database on a file in memory, each of whose awaits may fail."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import aiosqlite
import aiosqlite.core

from tests.simulation.faults import Died, Faults


class _OnTheSpot:
    """Stands where the queue to the thread was: does what is put into it at once."""

    def put_nowait(self, job: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, work = job
        try:
            result = work()
        except Exception as error:
            if future is not None:
                future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


class Disk:
    """All connections of one process. `committed` is called after each commit that changed the file."""

    def __init__(self, faults: Faults, committed: Callable[[], None]) -> None:
        self.faults = faults
        self.committed = committed
        self.open: set[InlineConnection] = set()

    def connect(self, database: Any, *, iter_chunk_size: int = 64, **more: Any) -> InlineConnection:
        """Take the place of aiosqlite.connect."""
        return InlineConnection(partial(sqlite3.connect, str(database), **more), iter_chunk_size, disk=self)

    def lost(self) -> None:
        """The process is dead: what was not committed is not there."""
        for connection in list(self.open):
            connection.abandon()


class InlineConnection(aiosqlite.core.Connection):
    """A connection whose statements run where they are awaited."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int, *, disk: Disk) -> None:
        super().__init__(connector, iter_chunk_size)
        self._tx: Any = _OnTheSpot()
        self._disk = disk
        self._changes = 0

    def __await__(self) -> Any:
        return self._begin().__await__()

    async def _begin(self) -> aiosqlite.core.Connection:
        await self._disk.faults.at("connect", sqlite3.OperationalError("unable to open database file"))
        connection = await self._connect()
        self._disk.open.add(self)
        return connection

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        name = getattr(fn, "__name__", "")
        if self._disk.faults.is_dead:
            raise Died
        if not self._running or self._connection is None:
            raise ValueError("Connection closed")
        if name in ("fetchall", "fetchone", "cursor", "close", "rollback"):  # nothing leaves the process
            return fn(*args, **kwargs)
        try:
            await self._disk.faults.at(
                name,
                sqlite3.OperationalError("disk I/O error"),
                sqlite3.OperationalError("database or disk is full"),
                sqlite3.OperationalError("database is locked"),
            )
        except asyncio.CancelledError:
            # A thread does not know that nobody waits any more: what it was given is done all the same.
            if self._connection is not None and not self._disk.faults.is_dead:
                fn(*args, **kwargs)
                if name == "commit":
                    self._told()
            raise
        if self._connection is None:
            raise ValueError("Connection closed")
        result = fn(*args, **kwargs)
        if name == "commit":
            self._told()
        return result

    def _told(self) -> None:
        if self._connection is not None and self._connection.total_changes != self._changes:
            self._changes = self._connection.total_changes
            self._disk.committed()

    async def close(self) -> None:
        """Close without a fault: the file is closed by the kernel, whatever happens."""
        self.abandon()

    def abandon(self) -> None:
        """End the connection; SQLite undoes what was not committed."""
        self._disk.open.discard(self)
        self._running = False
        if self._connection is not None:
            # Cursors that somebody still holds would keep a closed connection, and its lock, alive.
            self._connection.rollback()
            self._connection.close()
            self._connection = None

    def stop(self) -> Any:
        """Take the place of aiosqlite's end of a thread."""
        self.abandon()
        return None
