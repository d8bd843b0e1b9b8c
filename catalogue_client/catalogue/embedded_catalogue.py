"""The catalogue of the embedded store: searches the index, reads records and shelves from the state."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.items import ON_SHELF, ItemStore
from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.errors import NotFound, Unavailable
from catalogue_client.search.finder import SearchHits
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.indexer import RECORD, Indexer, record_of
from catalogue_client.search.joined_finder import WORDED, JoinedFinder
from catalogue_client.search.similar import series_of, similar_to
from catalogue_client.store.database import Database
from catalogue_client.store.schema import copies, records
from catalogue_client.store.sqlite_errors import storage_error
from catalogue_client.values.bibliographic import Availability, Expression, Format, Query, Record, Results
from catalogue_client.values.works import BookSeries, Likeness, SeriesVolume, SimilarRecord
from languages.folding import fold, folded_words

MOST = 100
"""Records in one answer."""
AT_PLACE = 400
"""Candidates looked at when only one place's shelves count."""

PATIENCE_S = 2.0
"""For the database's part of a search; half of what a reader waits."""
AWAY_S = 5.0
"""So long a database that did not answer is not asked again for a search."""

SAME_PERSON = 70.0
"""Least likeness, of 100, between a name that was said and an author's."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Author:
    """A person with books in the catalogue."""

    name: str
    records: int
    """How many were found; there may be more."""


class EmbeddedCatalogue:
    """Implements the protocol Catalogue."""

    def __init__(
        self,
        database: Database,
        index: SearchIndex,
        follower: Indexer,
        worker: Executor,
        shelves: ItemStore,
        rules: CirculationPolicy,
        clock: Callable[[], datetime],
    ) -> None:
        """`worker` is the one thread that uses `index`; `follower` keeps it up with the database."""
        self._database = database
        self._index = index
        self._finder = JoinedFinder(index)
        self._follower = follower
        self._away_until = 0.0
        self._worker = worker
        self._shelves = shelves
        self._rules = rules
        self._clock = clock

    async def search(self, query: Query) -> Results:
        """Records that fit, with where they stand; only those on the shelf at `place_id` when that is given."""
        limit = max(1, min(query.limit, MOST))
        if query.place_id and not any(getattr(query, name) for name in WORDED):
            return await self._standing_there(query, limit)
        wide = replace(query, limit=AT_PLACE if query.place_id else limit)
        found = await self._apart(self._finder.find, wide, self._new_since() if query.new else None)
        try:
            async with self._patiently(), self._database.reading() as connection:
                if query.place_id:
                    found = await self._standing_at(connection, found, query.place_id, query.format)
                    found = await self._apart(self._finder.once, found, limit)
                shown = await self._records(connection, found.record_ids[:limit], query.place_id, query.format)
                shown = await self._with_expressions(connection, shown)
        except Unavailable:
            if query.place_id:
                raise  # what stands at a place only the database knows
            shown = await self._from_index(found.record_ids[:limit])
            meant = shown[0].title if shown and found.did_you_mean else ""
            sure, as_of = found.sure and bool(shown), self._follower.as_of
            return Results(tuple(shown), found.total, meant, sure, as_of, found.matched_by if shown else "")
        meant = shown[0].title if shown and found.did_you_mean else ""
        # The index may be a moment older than the state: a record that is gone meanwhile is left out.
        return Results(
            tuple(shown),
            max(found.total, len(shown)),
            meant,
            found.sure and bool(shown),
            matched_by=found.matched_by if shown else "",
        )

    async def expressions(self, record_id: str) -> tuple[Record, ...]:
        """Every record of the work, this one first. Raises NotFound."""
        others = (await self._apart(self._finder.editions, [record_id])).get(record_id, ())
        return await self._all_of(record_id, others)

    async def similar(self, record_id: str, limit: int = 10) -> tuple[SimilarRecord, ...]:
        """Books of other works that share most with this one, the likest first. Raises NotFound."""
        await self.record(record_id)
        like = (await self._apart(similar_to, self._index, record_id))[:limit]
        found = {record.id: record for record in await self._found([other.record_id for other in like])}
        return tuple(
            SimilarRecord(
                record := found[other.record_id],
                other.likeness,
                (("", record.author),) if other.likeness is Likeness.AUTHOR else other.shared,
            )
            for other in like
            if other.record_id in found
        )

    async def series(self, record_id: str) -> BookSeries | None:
        """The series of a record, or the volumes of its work; None when it is in none. Raises NotFound."""
        await self.record(record_id)
        known = await self._apart(series_of, self._index, record_id)
        if known is None:
            return None
        found = {record.id: record for record in await self._found([book for book, _ in known.books])}
        books = (SeriesVolume(place, found[book]) for book, place in known.books if book in found)
        return BookSeries(known.name, tuple(books), known.is_work)

    async def next_in_series(self, record_id: str) -> Record | None:
        """The volume after this one; None at the end, and where the order is not known. Raises NotFound."""
        record = await self.record(record_id)
        following = await self._apart(self._finder.following, record_id, record.language)
        found = await self._found(following[:1])
        return found[0] if found else None

    async def record(self, record_id: str) -> Record:
        """Raises NotFound."""
        try:
            async with self._patiently(), self._database.reading() as connection:
                found = await self._records(connection, [record_id])
        except Unavailable:
            found = await self._from_index([record_id])
        if not found:
            raise NotFound(f"no record {record_id!r}")
        return found[0]

    async def shelves(self, record_id: str, near: str | None = None) -> tuple[Availability, ...]:
        """Raises NotFound for a record that does not exist."""
        async with self._database.reading() as connection:
            if await connection.scalar(select(records.c.id).where(records.c.id == record_id)) is None:
                raise NotFound(f"no record {record_id!r}")
            return (await self._shelves.of_records(connection, [record_id], near)).get(record_id, ())

    async def new_records(self, limit: int = 30, language: str | None = None) -> Results:
        """What was added lately, the newest first."""
        return await self.search(Query(new=True, language=language, limit=limit))

    async def authors(self, name: str, limit: int = 10) -> tuple[Author, ...]:
        """The people whom a spoken name may mean, the likeliest first: "Әуезов" is Мұхтар or Мұрат. A name that is
        written in two ways is one person; the most frequent way is given."""
        found = await self._apart(self._finder.records, Query(author=name, limit=MOST))
        people: dict[str, Counter[str]] = {}
        for record in await self._found(found.record_ids):
            for author in filter(None, record.author.split(", ")):
                people.setdefault(" ".join(sorted(folded_words(author))), Counter())[author] += 1
        asked = fold(name)
        # A book's other authors have come along; those who were not asked for are left out.
        likely = [key for key in people if fuzz.partial_token_sort_ratio(asked, key) >= SAME_PERSON]
        return tuple(Author(people[key].most_common(1)[0][0], people[key].total()) for key in likely[:limit])

    @asynccontextmanager
    async def _patiently(self) -> AsyncIterator[None]:
        """Ask the database for no longer than leaves time for another answer. Raises Unavailable, and at once for a
        while after the database did not answer."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._away_until:
            raise Unavailable("the database did not answer and is left in peace for now")
        try:
            async with asyncio.timeout(PATIENCE_S):
                yield
        except (TimeoutError, Unavailable) as error:
            self._away_until = loop.time() + AWAY_S
            raise Unavailable(f"the database does not answer: {error}") from error

    async def _from_index(self, ids: Sequence[str]) -> list[Record]:
        """Records as this node's index knows them, while the database is away: where copies stand is not known."""
        kept = await self._apart(self._index.shown, ids)
        return [
            replace(RECORD.validate_json(kept[record_id]), standing_known=False)
            for record_id in ids
            if record_id in kept
        ]

    async def _all_of(self, record_id: str, others: Sequence[str]) -> tuple[Record, ...]:
        found = await self._found([record_id, *others])
        if not found or found[0].id != record_id:
            raise NotFound(f"no record {record_id!r}")
        return tuple(found)

    async def _found(self, ids: Sequence[str]) -> list[Record]:
        """Those of the records that there are, from the index while the database is away."""
        try:
            async with self._patiently(), self._database.reading() as connection:
                return await self._records(connection, ids)
        except Unavailable:
            return await self._from_index(ids)

    async def _with_expressions(self, connection: AsyncConnection, shown: list[Record]) -> list[Record]:
        """The records with the others of their works."""
        editions = await self._apart(self._finder.editions, [record.id for record in shown])
        ids = {other for several in editions.values() for other in several}
        query = select(records).where(records.c.id.in_(ids))
        rows = {row.id: row for row in await connection.execute(query)} if ids else {}
        return [
            replace(record, expressions=tuple(_expression(rows[other]) for other in several if other in rows))
            if (several := editions.get(record.id, ()))
            else record
            for record in shown
        ]

    def _new_since(self) -> str:
        since: date = self._clock().date() - timedelta(days=self._rules.new_days)
        return since.isoformat()

    async def _apart(self, act: Callable[..., T], *args: Any) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, act, *args)
        except sqlite3.Error as error:
            raise storage_error(error, "the search index") from error

    async def _standing_there(self, query: Query, limit: int) -> Results:
        """What stands at a place, without words to go by: the newest or the most read first."""
        here = select(copies.c.record_id).where(copies.c.place_id == query.place_id, copies.c.status == ON_SHELF)
        if query.format is not None:
            here = here.where(copies.c.format == query.format.value)
        fitting: list[ColumnElement[bool]] = [records.c.id.in_(here)]
        if query.language:
            fitting.append(records.c.language == query.language)
        if query.years:
            fitting.append(records.c.year.between(*query.years))
        if query.new:
            fitting.append(records.c.added >= date.fromisoformat(self._new_since()))
        first = records.c.added.desc() if query.new else records.c.popularity.desc()
        ids = select(records.c.id).where(*fitting).order_by(first, records.c.id).limit(limit)
        async with self._database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(records).where(*fitting)) or 0
            found = (await connection.scalars(ids)).all()
            return Results(tuple(await self._records(connection, found, query.place_id, query.format)), total)

    async def _standing_at(
        self, connection: AsyncConnection, found: SearchHits, place_id: str, format: Format | None
    ) -> SearchHits:
        query = (
            select(copies.c.record_id)
            .distinct()
            .where(copies.c.record_id.in_(found.record_ids), copies.c.place_id == place_id, copies.c.status == ON_SHELF)
        )
        if format is not None:
            query = query.where(copies.c.format == format.value)
        here = set((await connection.scalars(query)).all())
        ids = tuple(record_id for record_id in found.record_ids if record_id in here)
        return replace(found, record_ids=ids, total=len(ids), sure=found.sure and ids[:1] == found.record_ids[:1])

    async def _records(
        self, connection: AsyncConnection, ids: Sequence[str], near: str | None = None, format: Format | None = None
    ) -> list[Record]:
        """The records with these ids that exist, in this order."""
        rows = {row.id: row for row in await connection.execute(select(records).where(records.c.id.in_(ids)))}
        shelves = await self._shelves.of_records(connection, list(rows), near, format)
        bare = [record_id for record_id in rows if record_id not in shelves]
        away = await self._shelves.why_away(connection, bare) if bare and format is None else {}
        return [
            replace(record_of(rows[record_id], shelves.get(record_id, ())), away=away.get(record_id, ""))
            for record_id in ids
            if record_id in rows
        ]


def _expression(row: Row[Any]) -> Expression:
    record = record_of(row)
    return Expression(record.id, record.title, record.language, record.formats, record.year, record.volume)
