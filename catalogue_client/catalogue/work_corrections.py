"""What staff say about which records are one work. It is kept apart from the records: an import changes none of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import NotFound
from catalogue_client.search.indexer import Indexer
from catalogue_client.store.change_feed import announce
from catalogue_client.store.database import Database
from catalogue_client.store.schema import records, work_corrections


class WorkCorrections:
    """Joins records into one work and parts them; the search index takes it in at once."""

    def __init__(self, database: Database, follower: Indexer, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._follower = follower
        self._clock = clock

    async def join(self, record_ids: Sequence[str], *, actor: str) -> None:
        """Make these records one work, with everything that is of one work with any of them. Raises NotFound."""
        async with self._database.writing() as connection:
            await self._all_there(connection, record_ids)
            kept = select(work_corrections).where(work_corrections.c.record_id.in_(record_ids))
            works = {row.work for row in await connection.execute(kept) if not row.apart}
            # Records that were joined to one of these before come along.
            before = select(work_corrections.c.record_id).where(
                work_corrections.c.work.in_(works), work_corrections.c.apart.is_(False)
            )
            together = sorted({*record_ids, *(await connection.scalars(before)).all()})
            await self._store(connection, together, secrets.token_hex(8), False, actor)
        await self._follower.catch_up()

    async def part(self, record_id: str, *, actor: str) -> None:
        """Make a record a work of its own, whatever its fields say. Raises NotFound."""
        async with self._database.writing() as connection:
            await self._all_there(connection, [record_id])
            await self._store(connection, [record_id], secrets.token_hex(8), True, actor)
        await self._follower.catch_up()

    async def forget(self, record_id: str) -> None:
        """Let the rules decide again about a record."""
        async with self._database.writing() as connection:
            await connection.execute(delete(work_corrections).where(work_corrections.c.record_id == record_id))
            await announce(connection, [record_id])
        await self._follower.catch_up()

    async def _all_there(self, connection: AsyncConnection, record_ids: Sequence[str]) -> None:
        query = select(records.c.id).where(records.c.id.in_(record_ids))
        if missing := set(record_ids) - set((await connection.scalars(query)).all()):
            raise NotFound(f"no record {', '.join(sorted(missing))}")

    async def _store(
        self, connection: AsyncConnection, record_ids: Sequence[str], work: str, apart: bool, actor: str
    ) -> None:
        now = self._clock()
        await connection.execute(delete(work_corrections).where(work_corrections.c.record_id.in_(record_ids)))
        rows = [
            {"record_id": record_id, "work": work, "apart": apart, "made": now, "actor": actor}
            for record_id in record_ids
        ]
        await connection.execute(insert(work_corrections), rows)
        await announce(connection, record_ids)
