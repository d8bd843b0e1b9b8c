"""Makes the store the same as a source: new, changed and deleted records, and the copies of each.

A run reads the source from its beginning. What is kept already is recognised by a digest of its bytes and not read
again, so that a run which was broken off, by a power cut too, goes on quickly where it was. Nothing is deleted before
the source has been read to its end, and what is deleted is only marked: loans and holds still name it, and it comes
back with its next appearance.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.catalogue.marc.description import Description, Undescribed, describe, identity, is_deleted
from catalogue_client.catalogue.sync.place_codes import PlaceCodes
from catalogue_client.catalogue.sync.record_store import RecordStore, key_of
from catalogue_client.catalogue.sync.source import ALWAYS_DELETED, Incoming, Source
from catalogue_client.catalogue.sync.sync_report import Refusal, SyncReport
from catalogue_client.catalogue.sync.sync_schema import catalogue_sources, source_records
from catalogue_client.search.indexer import Indexer
from catalogue_client.store.database import Database, take_turns
from catalogue_client.store.upsert import upsert

BATCH = 500
"""Records that are kept together."""


@dataclass(slots=True)
class _Batch:
    """What some records of a source say, by their keys: the last word of each counts."""

    described: dict[str, tuple[Description, str]] = field(default_factory=dict)
    """Key -> description and digest."""
    deleted: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    """Keys of records that are there and cannot be described."""
    unchanged: set[str] = field(default_factory=set)
    """Keys."""


@dataclass(slots=True)
class _Trial:
    """What a dry run has seen, for want of marks in the store. Keys."""

    there: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)


class Synchroniser:
    """Runs sources into one store."""

    def __init__(
        self,
        database: Database,
        follower: Indexer,
        codes: PlaceCodes,
        kept: RecordStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._follower = follower
        self._codes = codes
        self._kept = kept
        self._clock = clock

    async def run(
        self,
        source: Source,
        stream: Iterable[Incoming],
        *,
        report: SyncReport | None = None,
        dry: bool = False,
        yes: bool = False,
        progress: Callable[[str, int], None] | None = None,
        keep_place: Callable[[], Awaitable[None]] | None = None,
    ) -> SyncReport:
        """Take in what `stream` gives. `report` is the one that the stream writes into, if it does.

        `dry` changes nothing and reads every record. `yes` deletes however many are missing. `progress` gets the file
        and how many records of it were read, `keep_place` is called when these are kept. Raises LibraryError, and what
        the stream raises.
        """
        report = report if report is not None else SyncReport()
        run = await self._begin(source) if not dry else 0
        trial = _Trial() if dry else None
        records, files = iter(stream), set[str]()
        while batch := await asyncio.to_thread(lambda: list(islice(records, BATCH))):
            files |= {record.file for record in batch}
            report.read += sum(incoming.number > 0 for incoming in batch)
            if not await self._take(source, run, batch, report, trial):
                break
            if keep_place:
                await keep_place()
            if progress:
                progress(batch[-1].file, batch[-1].number)
        report.fruitless += sorted(files - report.good - set(report.fruitless))
        if report.overtaken:
            report.refuse_whole(source.name, "another run of this source has begun meanwhile and goes on alone")
        else:
            await self._delete(source, run, report, yes, trial)
            if not dry:
                await self._end(source, run, report)
        if not dry:
            await self._follower.catch_up()
        return report

    async def state(self, name: str) -> dict[str, Any]:
        """Return what was remembered of a source; empty for one that never ran."""
        async with self._database.reading() as connection:
            query = select(catalogue_sources.c.state).where(catalogue_sources.c.name == name)
            found: dict[str, Any] = json.loads(await connection.scalar(query) or "{}")
            return found

    async def remember(self, name: str, **values: str) -> None:
        """Remember where a source goes on."""
        state = await self.state(name) | values
        async with self._database.writing() as connection:
            mine = update(catalogue_sources).where(catalogue_sources.c.name == name)
            await connection.execute(mine.values(state=json.dumps(state, ensure_ascii=False)))

    async def _begin(self, source: Source) -> int:
        now = self._clock()
        async with self._database.writing() as connection:
            await take_turns(connection, "synchronisation")
            last = await connection.scalar(
                select(catalogue_sources.c.run).where(catalogue_sources.c.name == source.name)
            )
            run = (last or 0) + 1
            row = {"name": source.name, "run": run, "begun": now, "alive": now, "ended": None}
            await upsert(connection, catalogue_sources, row | {"state": "{}"}, row)
        return run

    async def _end(self, source: Source, run: int, report: SyncReport) -> None:
        now = self._clock()
        state = await self.state(source.name) | {"report": report.summary()}
        async with self._database.writing() as connection:
            mine = update(catalogue_sources).where(
                catalogue_sources.c.name == source.name, catalogue_sources.c.run == run
            )
            values = {"ended": now, "alive": now, "state": json.dumps(state, ensure_ascii=False)}
            await connection.execute(mine.values(values))

    async def _take(
        self, source: Source, run: int, incoming: list[Incoming], report: SyncReport, trial: _Trial | None
    ) -> bool:
        """Keep what some records say. Return False, and keep nothing, once a newer run of the source has begun."""
        known = (
            await self._known(source, [record.digest for record in incoming if record.digest]) if trial is None else {}
        )
        batch = _Batch()
        for record in incoming:
            if record.cut:
                report.cut.append(record.file)
            if key := known.get(record.digest):
                _forget(key, batch)
                batch.deleted.discard(key)
                batch.unchanged.add(key)
                report.unchanged += 1
                report.good.add(record.file)
            else:
                _understand(record, batch, report)
        if trial is not None:
            trial.there |= batch.seen | batch.described.keys()
            trial.there -= batch.deleted
            trial.deleted -= trial.there
            trial.deleted |= batch.deleted
        async with self._database.writing() if trial is None else self._database.reading() as connection:
            await take_turns(connection, "synchronisation")
            if trial is None and await self._is_overtaken(connection, source, run):
                report.overtaken = True
                return False
            place_of = await self._codes.place_of(connection)
            if trial is None:
                await self._mark(connection, source, run, batch)
            await self._kept.keep(
                connection, source.name, run, batch.described, place_of, report, dry=trial is not None
            )
        return True

    async def _is_overtaken(self, connection: AsyncConnection, source: Source, run: int) -> bool:
        latest = select(catalogue_sources.c.run).where(catalogue_sources.c.name == source.name)
        return (await connection.scalar(latest) or 0) != run

    async def _known(self, source: Source, digests: list[str]) -> dict[str, str]:
        """Digest -> key of records that are kept just so."""
        mine = select(source_records.c.digest, source_records.c.key).where(
            source_records.c.source == source.name,
            source_records.c.digest.in_(digests),
            source_records.c.gone != "done",
        )
        async with self._database.reading() as connection:
            return {row.digest: row.key for row in await connection.execute(mine)}

    async def _mark(self, connection: AsyncConnection, source: Source, run: int, batch: _Batch) -> None:
        """Note which known records the source still has, and which it calls deleted."""
        mine = (source_records.c.source == source.name) & (source_records.c.run <= run)
        there = {"run": run, "gone": ""}
        for keys, what in (
            (batch.unchanged | batch.seen, there),
            (batch.deleted, {"run": run, "gone": "asked"}),
        ):
            if keys:
                these = source_records.c.key.in_(sorted(keys))
                change = update(source_records).where(mine, these, source_records.c.gone != "done")
                await connection.execute(change.values(what))
        alive = update(catalogue_sources).where(catalogue_sources.c.name == source.name)
        await connection.execute(alive.values(alive=self._clock()))

    async def _delete(self, source: Source, run: int, report: SyncReport, yes: bool, trial: _Trial | None) -> None:
        columns = select(source_records.c.key, source_records.c.run, source_records.c.gone)
        mine = columns.where(source_records.c.source == source.name, source_records.c.gone != "done")
        asked, missing, total = set[str](), set[str](), 0
        async with self._database.reading() as connection:
            for key, last, gone in await connection.execute(mine):
                total += 1
                if trial is None:
                    is_missing = last < run
                else:
                    is_missing, gone = key not in trial.there, key in trial.deleted or (gone and key not in trial.there)
                if gone:
                    asked.add(key)
                elif source.complete and is_missing:
                    missing.add(key)
        if missing and report.is_partial and not yes:
            report.held_back = len(missing)
            report.why_held_back = "part of the source could not be read"
            missing = set()
        leaving = asked | missing
        if len(leaving) > max(ALWAYS_DELETED, source.max_deleted_share * total) and not yes:
            report.held_back += len(leaving)
            report.why_held_back = f"that is {len(leaving) / total:.0%} of all records of this source"
            return
        report.deleted += len(leaving)
        if trial is None:
            for batch in _batches(sorted(leaving)):
                async with self._database.writing() as connection:
                    await take_turns(connection, "synchronisation")
                    if await self._is_overtaken(connection, source, run):
                        return
                    await self._kept.delete(connection, source.name, run, batch, report)


def _understand(one: Incoming, batch: _Batch, report: SyncReport) -> None:
    """Put what one record says into `batch`, or why it says nothing into `report`."""
    key = key_of(one.identifier) if one.identifier else ""
    if one.deleted:
        report.good.add(one.file)
        _forget(key, batch)
        return
    piece = one.read()
    key = key or (identity(piece.record) if piece.record is not None else "")
    try:
        if piece.record is None:
            raise Undescribed(piece.problem)
        if is_deleted(piece.record):
            if not key:
                raise Undescribed("deleted, but without a number that says which record")
            report.good.add(one.file)
            _forget(key, batch)
            return
        described = describe(piece.record)
    except Undescribed as error:
        report.refusals.append(Refusal(one.file, one.number, str(error)))
        if key:
            batch.seen.add(key)
        elif piece.record is None and one.number:
            report.unidentified += 1
        return
    key = key or described.id
    batch.deleted.discard(key)
    batch.unchanged.discard(key)
    batch.described[key] = (described, one.digest)
    report.good.add(one.file)
    report.quality.note(one.file, piece, described)


def _forget(key: str, batch: _Batch) -> None:
    batch.deleted.add(key)
    batch.described.pop(key, None)
    batch.seen.discard(key)
    batch.unchanged.discard(key)


def _batches(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
