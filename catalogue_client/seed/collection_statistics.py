"""The stock as a whole: how much there is, and making a city's worth of it for measuring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from catalogue_client.circulation.items import ON_LOAN, ON_SHELF
from catalogue_client.errors import StorageError
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.search.indexer import Indexer
from catalogue_client.seed.synthetic import copies_of_each, generated_copies, generated_records
from catalogue_client.seed.works import read_works, tsv_files
from catalogue_client.store.change_feed import announce
from catalogue_client.store.database import Database
from catalogue_client.store.schema import copies, readers, records

FIRST_TICKET = 5_000_000
"""Of the made-up readers."""


class CollectionStatistics:
    """Counts and makes records and copies."""

    def __init__(
        self, database: Database, follower: Indexer, places: PlaceDirectory, works: Path, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._follower = follower
        self._places = places
        self._works = works
        self._clock = clock

    async def counts(self) -> dict[str, int]:
        """What is counted -> how many."""
        async with self._database.reading() as connection:
            by_language = select(records.c.language, func.count()).group_by(records.c.language)
            by_status = select(copies.c.status, func.count()).group_by(copies.c.status)
            languages = {language: number for language, number in await connection.execute(by_language)}
            statuses = {status: number for status, number in await connection.execute(by_status)}
        by_number = sorted(languages.items(), key=lambda pair: -pair[1])
        return {
            "titles": sum(languages.values()),
            **{f"titles in {language}": number for language, number in by_number},
            "copies": sum(statuses.values()),
            "copies on a shelf": statuses.get(ON_SHELF, 0),
            "copies on loan": statuses.get(ON_LOAN, 0),
            "places": len(await self._places.places(self._clock())),
        }

    async def generate(self, titles: int, copies_in_all: int, readers_in_all: int = 0) -> None:
        """Add a made-up catalogue, the same every time, and readers without a PIN; the search index takes it in.

        Raises StorageError when the store holds one already, ValueError for fewer copies than titles.
        """
        today = self._clock().date()
        works = [work for path in tsv_files(self._works) for work in read_works(path)]
        counts = copies_of_each(titles, copies_in_all)
        rows = [
            row | {"popularity": int(count)}
            for row, count in zip(generated_records(works, titles, today), counts, strict=True)
        ]
        ids = [row["id"] for row in rows]
        async with self._database.writing() as connection:
            if await connection.scalar(select(records.c.id).where(records.c.id == ids[0])):
                raise StorageError("this store holds a made-up catalogue already: choose another folder")
            await connection.execute(insert(records), rows)
            for batch in generated_copies(ids, counts, self._places.stock_weights(today)):
                await connection.execute(insert(copies), batch)
            if readers_in_all:
                tickets = range(FIRST_TICKET, FIRST_TICKET + readers_in_all)
                await connection.execute(
                    insert(readers), [{"ticket": str(ticket), "pin_hash": "", "since": today} for ticket in tickets]
                )
            await announce(connection, ids)
        await self._follower.catch_up()
