"""Keeps a node's index up with the state: reads the changes it has not seen, at the start and then every moment."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import LibraryError
from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.store.database import Database
from catalogue_client.store.schema import changes, records, work_corrections
from catalogue_client.store.sqlite_errors import storage_error
from catalogue_client.values.bibliographic import Availability, Format, Record
from catalogue_client.works.identity import BY_STAFF
from catalogue_client.works.knowledge_base import knowledge_base
from catalogue_client.works.known_work import series_place

T = TypeVar("T")

log = logging.getLogger(__name__)

RECORD = TypeAdapter(Record)
BATCH = 5_000
EVERY_S = 2.0
"""Between looks when nobody calls."""


class Indexer:
    """Brings changes from the state into the index. `worker` is the one thread that uses the index."""

    def __init__(
        self, database: Database, index: SearchIndex, worker: Executor, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._database = database
        self._clock = clock or datetime.now
        self.as_of: datetime | None = None
        """When the index last was what the state is; None before that."""
        self._index = index
        self._worker = worker
        self.called = asyncio.Event()
        """Set to look at once."""

    async def catch_up(self) -> int:
        """Take in every change there is. Return the number of records looked at.

        Raises StorageError or Unavailable when the state cannot be read or the index not be written for now.
        """
        seen = 0
        while True:
            generation = await self._indexing(lambda: self._index.generation)
            async with self._database.reading() as connection:
                newest = await connection.scalar(select(func.max(changes.c.number))) or 0
                if newest < generation:  # another state than the index was made from
                    await self._indexing(self._index.start_again)
                    continue
                batch = select(changes).where(changes.c.number > generation).order_by(changes.c.number).limit(BATCH)
                rows = (await connection.execute(batch)).all()
                if not rows:
                    self.as_of = self._clock()
                    return seen
                ids = {row.record_id for row in rows}
                entries = await _entries(connection, ids)
            gone = ids - {entry.record_id for entry in entries}
            await self._indexing(partial(self._index.update, entries, gone, rows[-1].number))
            seen += len(ids)

    async def _indexing(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except sqlite3.Error as error:
            raise storage_error(error, "the search index") from error

    async def follow(self) -> None:
        """Catch up again and again until cancelled; while the state is away, search goes on with what is known."""
        while True:
            try:
                async with asyncio.timeout(EVERY_S):
                    await self.called.wait()
            except TimeoutError:
                pass
            self.called.clear()
            try:
                await self.catch_up()
            except LibraryError as error:
                log.warning("the search index cannot follow for now: %s", error)


def record_of(row: Row[Any], available: tuple[Availability, ...] = ()) -> Record:
    """A row of `records` as a record."""
    return Record(
        id=row.id,
        title=row.title,
        author=row.author,
        language=row.language,
        year=row.year,
        formats=tuple(Format(format) for format in row.formats.split(";") if format),
        subjects=tuple(row.subjects.split(";")) if row.subjects else (),
        annotation=row.annotation,
        reading_room_only=row.reading_room_only,
        available=available,
        volume=row.volume,
        narrator=row.narrator,
    )


async def _entries(connection: AsyncConnection, ids: set[str]) -> list[IndexEntry]:
    found: list[IndexEntry] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        batch = wanted[start : start + 500]
        corrected = select(work_corrections).where(work_corrections.c.record_id.in_(batch))
        corrections = {row.record_id: row for row in await connection.execute(corrected)}
        for row in await connection.execute(select(records).where(records.c.id.in_(batch), ~records.c.gone)):
            found.append(_entry(row, corrections.get(row.id)))
    return found


def _entry(row: Row[Any], correction: Row[Any] | None) -> IndexEntry:
    known, mine = knowledge_base().of((row.title, *_parts(row.work_titles)), row.author, _parts(row.isbns))
    if correction is not None:
        mine = (BY_STAFF + correction.work, *(() if correction.apart else mine))
    return IndexEntry(
        record_id=row.id,
        title=row.title,
        author=row.author,
        language=row.language,
        year=row.year,
        formats=_parts(row.formats),
        subjects=in_all_languages(_parts(row.subjects)),
        aliases=tuple(dict.fromkeys((*_parts(row.aliases), *_parts(row.work_titles)))),
        added=row.added.isoformat(),
        popularity=row.popularity,
        annotation=row.annotation,
        record=RECORD.dump_json(record_of(row)).decode(),
        signatures=mine,
        known=known,
        series=tuple(series_place(part) for part in _parts(row.series)),
        volume=row.volume,
    )


def _parts(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(";")) if joined else ()
