"""The offline copy: every record that a library system has shown, with where its copies stood and when that was true.

Two files in a folder of this node: the records, and a search index that can be rebuilt from them. Nothing personal is
in them.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from catalogue_client.errors import NotFound, StorageError
from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.values.bibliographic import Query, Record, Results
from catalogue_client.works.knowledge_base import knowledge_base, knowledge_edition

MOST = 100_000
"""Records kept; beyond, those not seen for longest go."""
READ_RECORD = TypeAdapter(Record)

Answer = TypeVar("Answer")


class OfflineCatalogue:
    """Made by `OfflineCatalogue.open`; `close` at the end."""

    def __init__(self, records: sqlite3.Connection, index: SearchIndex, clock: Callable[[], datetime]) -> None:
        self._records = records
        self._index = index
        self._finder = JoinedFinder(index)
        self._clock = clock
        self._worker = ThreadPoolExecutor(1, "offline copy")

    @classmethod
    def open(cls, folder: Path, clock: Callable[[], datetime]) -> OfflineCatalogue:
        """Open the copy in `folder`, empty the first time. Raises StorageError."""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            records = sqlite3.connect(folder / "copy.sqlite", timeout=5, isolation_level=None, check_same_thread=False)
            records.executescript(
                """PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
                CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at TEXT NOT NULL, record TEXT NOT NULL);
                CREATE INDEX IF NOT EXISTS seen_at ON seen (at);"""
            )
            index = SearchIndex(folder / "copy-search.sqlite", knowledge_edition())
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"the offline copy in {folder} cannot be used: {error}") from error
        copy = cls(records, index, clock)
        if not len(index):
            copy._take_in([READ_RECORD.validate_json(row[0]) for row in records.execute("SELECT record FROM seen")])
        return copy

    def close(self) -> None:
        """Wait for what is being written, then close both files."""
        self._worker.shutdown()
        self._records.close()
        self._index.close()

    async def keep(self, records: Sequence[Record]) -> None:
        """Remember these as true now."""
        if records:
            await self._alone(lambda: self._keep(records))

    async def search(self, query: Query) -> Results:
        """Return what the embedded catalogue would find; `as_of` is when the oldest of the records found was seen."""
        return await self._alone(lambda: self._search(query))

    async def record(self, record_id: str) -> tuple[Record, datetime]:
        """Return the record and when it was seen. Raises NotFound."""
        found = await self._alone(lambda: self._fetch([record_id]))
        if not found:
            raise NotFound("the offline copy holds no such record")
        return found[0]

    async def _alone(self, act: Callable[[], Answer]) -> Answer:
        """One thread does everything: SQLite and the index want one user at a time."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, act)
        except sqlite3.Error as error:
            raise StorageError(f"the offline copy: {error}") from error

    def _keep(self, records: Sequence[Record]) -> None:
        now = self._clock().isoformat()
        rows = [(record.id, now, READ_RECORD.dump_json(record).decode()) for record in records]
        known = {row[0].id: row[0] for row in self._fetch([record.id for record in records])}
        self._records.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", rows)
        # Where copies stand changes all the time, what is searched for hardly ever.
        self._take_in([record for record in records if _entry(record) != _entry(known.get(record.id))])
        query = "SELECT id FROM seen ORDER BY at DESC LIMIT -1 OFFSET ?"
        if gone := [row[0] for row in self._records.execute(query, (MOST,))]:
            self._records.executemany("DELETE FROM seen WHERE id = ?", ((record_id,) for record_id in gone))
            self._index.update((), gone, self._index.generation + 1)

    def _take_in(self, records: Sequence[Record]) -> None:
        if entries := [entry for entry in map(_entry, records) if entry is not None]:
            self._index.update(entries, (), self._index.generation + 1)

    def _search(self, query: Query) -> Results:
        found = self._finder.find(replace(query, new=False) if query.new else query)
        rows = self._fetch(found.record_ids)
        if query.place_id:
            rows = [row for row in rows if any(shelf.place_id == query.place_id for shelf in row[0].available)]
        records = tuple(record for record, _ in rows)
        total = len(records) if query.place_id else found.total
        meant = records[0].title if records and found.did_you_mean else ""
        as_of = min((at for _, at in rows), default=None)
        by = found.matched_by if records else ""
        return Results(records, total, meant, found.sure and bool(records), as_of, by)

    def _fetch(self, record_ids: Sequence[str]) -> list[tuple[Record, datetime]]:
        """Those that are there, in the order asked for."""
        query = f"SELECT id, at, record FROM seen WHERE id IN ({','.join('?' * len(record_ids))})"
        found = {
            row[0]: (READ_RECORD.validate_json(row[2]), datetime.fromisoformat(row[1]))
            for row in self._records.execute(query, list(record_ids))
        }
        return [found[record_id] for record_id in record_ids if record_id in found]


def _entry(record: Record | None) -> IndexEntry | None:
    """What is searched of a record."""
    if record is None:
        return None
    formats = tuple(form.value for form in record.formats)
    subjects = in_all_languages(record.subjects)
    added, popularity = "1970-01-01", 1 + sum(shelf.copies for shelf in record.available)
    known, mine = knowledge_base().of((record.title,), record.author)
    return IndexEntry(
        record.id, record.title, record.author, record.language, record.year, formats, subjects, (), added, popularity,
        signatures=mine, known=known,
        volume=record.volume,
    )  # fmt: skip
