"""Opens the data base and gives out transactions; what goes wrong in it becomes an error of errors.py."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from catalogue_client.errors import LibraryError, OutcomeUnknown, StorageError, Unavailable
from catalogue_client.store.trouble import storage_error

WAIT_FOR_LOCK_S = 5
PASSING = ("08", "40", "53", "57")
"""Classes of PostgreSQL's SQLSTATE that pass by themselves: no connection, deadlock, no resources, shutdown."""
DISK_FULL = "53100"


class Database:
    """One data base. On SQLite writers take turns; on PostgreSQL rows are locked by those who change them."""

    def __init__(self, url: str) -> None:
        """`url` is sqlite+aiosqlite:///file or postgresql://…. Nothing is opened yet."""
        self.is_sqlite = url.startswith("sqlite")
        self.dsn = url.replace("postgresql+asyncpg://", "postgresql://")
        if self.is_sqlite:
            self.engine: AsyncEngine = create_async_engine(url, connect_args={"timeout": WAIT_FOR_LOCK_S})
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        else:
            self.engine = create_async_engine(
                self.dsn.replace("postgresql://", "postgresql+asyncpg://"),
                pool_size=10,
                max_overflow=10,
                pool_timeout=WAIT_FOR_LOCK_S,
                pool_pre_ping=True,
            )
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one moment and changes nothing.

        Raises Unavailable while the data base is away, StorageError when its file cannot be read.
        """
        try:
            async with self.engine.connect() as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise explained(error) from error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is kept whole or not at all.

        Raises what `reading` raises, and OutcomeUnknown when the data base went away during the commit.
        """
        try:
            if self.is_sqlite:
                async with self._turn, self._transaction() as connection:
                    yield connection
            else:
                async with self._transaction() as connection:
                    yield connection
        except (SQLAlchemyError, OSError) as error:
            raise explained(error) from error

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            connection = await connection.execution_options(writes=True)
            transaction = await connection.begin()
            try:
                yield connection
            except BaseException:
                await transaction.rollback()
                raise
            try:
                await transaction.commit()
            except (DBAPIError, OSError) as error:
                if isinstance(error, DBAPIError) and error.connection_invalidated and not self.is_sqlite:
                    raise OutcomeUnknown("the data base went away during a commit") from error
                raise

    async def close(self) -> None:
        await self.engine.dispose()


async def take_turns(connection: AsyncConnection, name: str) -> None:
    """Let only one transaction at a time go on with `name`, until it ends. SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"dauys:{name}"})


def explained(error: BaseException) -> LibraryError:
    """The error of errors.py that says what `error` means for the reader."""
    cause = getattr(error, "orig", error)
    message = str(cause)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Unavailable("the data base went away")
    if isinstance(cause, sqlite3.Error):
        return storage_error(cause)
    sqlstate = getattr(cause, "sqlstate", None) or getattr(cause.__cause__, "sqlstate", None) or ""
    if isinstance(cause, OSError | SQLAlchemyError) or (sqlstate.startswith(PASSING) and sqlstate != DISK_FULL):
        return Unavailable(f"the data base does not answer: {message}")
    return StorageError(f"the data base cannot be used: {message}")


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={WAIT_FOR_LOCK_S * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer asks for the lock at once: one that has read first cannot be let in after another writer.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
