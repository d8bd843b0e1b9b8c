"""Announces to every node's search index that records are new, changed or gone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.store.database import Database, take_turns
from catalogue_client.store.schema import changes

log = logging.getLogger(__name__)

CHANNEL = "dauys_changes"
AGAIN_S = 1.0
"""Before a lost connection is made again."""
ALIVE_EVERY_S = 20.0
"""Between questions whether the other side is still there."""
ALIVE_WITHIN_S = 5.0


async def announce(connection: AsyncConnection, record_ids: Iterable[str]) -> None:
    """Note the records in the list that indexes follow; PostgreSQL calls the other nodes when this is kept."""
    rows = [{"record_id": record_id} for record_id in record_ids]
    if not rows:
        return
    # One at a time, so that a follower never sees a number before a lower one.
    await take_turns(connection, "changes")
    await connection.execute(insert(changes), rows)
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"NOTIFY {CHANNEL}"))


async def listen(database: Database, called: Callable[[], object]) -> None:
    """Call `called` whenever another node announces something, until cancelled; PostgreSQL only.

    After an outage it is called once, for whatever was announced meanwhile.
    """
    import asyncpg  # a tenth of a second that a library in one file need not spend

    while True:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(database.dsn, timeout=5)
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(lambda *_, lost=lost: lost.set())
                await connection.add_listener(CHANNEL, lambda *_: called())
                called()
                while not lost.is_set():
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(ALIVE_EVERY_S):
                            await lost.wait()
                    if not lost.is_set():  # a network that was lost says nothing: an answer does
                        await connection.execute("SELECT 1", timeout=ALIVE_WITHIN_S)
                log.warning("the database has gone; looking for it again")
            finally:
                connection.terminate()
        await asyncio.sleep(AGAIN_S)
