"""Opens the database and gives out transactions; what goes wrong in it becomes an error of errors.py."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from catalogue_client.errors import LibraryError, OutcomeUnknown, StorageError, Unavailable
from catalogue_client.store.postgres import LIMITS, DatabaseLimits, postgres_engine
from catalogue_client.store.sqlite_errors import storage_error

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])

WAIT_FOR_LOCK_S = 5
PASSING = ("08", "25P0", "40", "53", "55P03", "57")
"""How PostgreSQL's SQLSTATE begins where it passes by itself: no connection, a transaction ended for its silence,
deadlock, no resources, a lock that was not free in time, shutdown or a statement that took too long."""
DISK_FULL = "53100"


class Database:
    """One database. On SQLite writers take turns; on PostgreSQL rows are locked by those who change them.

    On PostgreSQL readers and writers have connections of their own: however many changes wait for one another,
    questions find a place.
    """

    def __init__(self, url: str, limits: DatabaseLimits = LIMITS) -> None:
        """`url` is sqlite+aiosqlite:///file or postgresql://…; `limits` are PostgreSQL's. Nothing is opened yet."""
        self.is_sqlite = url.startswith("sqlite")
        self.limits = limits
        self.dsn = url.replace("postgresql+asyncpg://", "postgresql://")
        if self.is_sqlite:
            self.engine: AsyncEngine = create_async_engine(url, connect_args={"timeout": WAIT_FOR_LOCK_S})
            self.read_engine = self.engine
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        else:
            asynchronous = self.dsn.replace("postgresql://", "postgresql+asyncpg://")
            self.engine = postgres_engine(asynchronous, limits, writes=True)
            self.read_engine = postgres_engine(asynchronous, limits, writes=False)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one moment and changes nothing.

        Raises Unavailable while the database is away, StorageError when its file cannot be read.
        """
        try:
            async with self._transaction(self.read_engine, writes=False) as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise explained(error) from error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is kept whole or not at all.

        Raises what `reading` raises, and OutcomeUnknown when the database went away during the commit.
        """
        try:
            if self.is_sqlite:
                async with self._turn, self._transaction(self.engine, writes=True) as connection:
                    yield connection
            else:
                async with self._transaction(self.engine, writes=True) as connection:
                    yield connection
        except (SQLAlchemyError, OSError) as error:
            raise explained(error) from error

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        async with engine.connect() as connection:
            connection = await connection.execution_options(writes=writes)
            transaction = await connection.begin()
            try:
                yield connection
            except BaseException as error:
                if self._gives_no_answer(error):
                    await _give_up(connection)
                else:
                    await self._undo(connection)
                raise
            try:
                await transaction.commit()
            except BaseException as error:
                lost = self._gives_no_answer(error) or (isinstance(error, DBAPIError) and error.connection_invalidated)
                # Whatever it was, the transaction may still be open, and the pool would hand it to the next.
                await _give_up(connection)
                if lost and writes and not self.is_sqlite and not isinstance(error, asyncio.CancelledError):
                    raise OutcomeUnknown("the database went away during a commit") from error
                raise

    def _gives_no_answer(self, error: BaseException) -> bool:
        """Return whether asking anything more on the same connection would be waiting for nothing, or for long.

        Whoever is cancelled is in a hurry.
        """
        return not self.is_sqlite and isinstance(error, OSError | asyncio.CancelledError)

    async def _undo(self, connection: AsyncConnection) -> None:
        transaction = connection.get_transaction()
        if transaction is None:
            return
        try:
            await transaction.rollback()
        except (OSError, SQLAlchemyError):  # the failure that brought us here is the one to raise
            await _give_up(connection)

    async def close(self) -> None:
        """Close all connections. Transactions have to be over."""
        await self.engine.dispose()
        await self.read_engine.dispose()
        await asyncio.sleep(0)  # sockets are closed in the loop's next round, which may not come any more


async def _give_up(connection: AsyncConnection) -> None:
    """Close a connection without a word to the other side; the server undoes what was not committed."""
    if not connection.invalidated:
        await connection.invalidate()


def for_change(connection: AsyncConnection, query: Query, *, skip_locked: bool = False) -> Query:
    """Return `query` with its rows locked until a transaction that writes ends; as it is in one that only reads."""
    writes = connection.sync_connection is not None and connection.sync_connection.get_execution_options().get("writes")
    return query.with_for_update(skip_locked=skip_locked) if writes else query


async def take_turns(connection: AsyncConnection, name: str) -> None:
    """Let only one transaction at a time go on with `name`, until it ends. SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"dauys:{name}"})


def explained(error: BaseException) -> LibraryError:
    """Return the error of errors.py that says what `error` means for the reader."""
    cause = getattr(error, "orig", error)
    message = str(cause)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Unavailable("the database went away")
    if isinstance(cause, sqlite3.Error):
        return storage_error(cause)
    sqlstate = getattr(cause, "sqlstate", None) or getattr(cause.__cause__, "sqlstate", None) or ""
    if isinstance(cause, OSError | SQLAlchemyError) or (sqlstate.startswith(PASSING) and sqlstate != DISK_FULL):
        return Unavailable(f"the database does not answer: {message}")
    return StorageError(f"the database cannot be used: {message}")


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={WAIT_FOR_LOCK_S * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer asks for the lock at once: one that has read first cannot be let in after another writer.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
