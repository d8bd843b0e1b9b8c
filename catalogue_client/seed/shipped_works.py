"""Fills the store with the works that ship: records, and copies spread over real places.

Everything that chance decides is drawn from the work's own id, so the shipped catalogue is the same on every machine
and stays when works are added. Dates count back from the day of the first start.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.items import ON_LOAN, ON_SHELF
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.seed.works import Work, digest, read_works, tsv_files
from catalogue_client.store.change_feed import announce
from catalogue_client.store.schema import copies, facts, records
from catalogue_client.values.bibliographic import Format

STATUSES = (ON_SHELF, ON_LOAN, "transit", "lost", "repair")
STATUS_WEIGHTS = (86, 11, 1, 1, 1)
SPREAD = (1.6, 0.8)
"""Copies of a work are lognormal: mu and sigma; half of the works have five or more."""
MOST_COPIES = 60
NEWEST_DAYS = 900
"""Shipped records were added at most this long ago."""


async def stock_shipped(connection: AsyncConnection, folder: Path, places: PlaceDirectory, today: date) -> int:
    """Add the works of the TSV files in `folder` that the store does not have yet; return their number."""
    files = tsv_files(folder)
    now = digest(files)
    if await connection.scalar(select(facts.c.value).where(facts.c.name == "works")) == now:
        return 0
    known = set((await connection.scalars(select(records.c.id))).all())
    new = {work.id: work for path in files for work in read_works(path) if work.id not in known}
    await add_works(connection, new.values(), places.stock_weights(today), today)
    await connection.execute(facts.delete().where(facts.c.name == "works"))
    await connection.execute(insert(facts).values(name="works", value=now))
    return len(new)


async def add_works(connection: AsyncConnection, works: Iterable[Work], weights: dict[str, float], today: date) -> None:
    """Add records with their copies, and tell the search indexes."""
    rows: list[dict[str, Any]] = []
    shelved: list[dict[str, Any]] = []
    for work in works:
        chance = random.Random(work.id)
        mine = list(_copies(work, weights, chance))
        shelved += mine
        rows.append(_record(work, len(mine), chance, today))
    if rows:
        await connection.execute(insert(records), rows)
        await connection.execute(insert(copies), shelved)
        await announce(connection, [row["id"] for row in rows])


def _record(work: Work, owned: int, chance: random.Random, today: date) -> dict[str, Any]:
    return {
        "id": work.id,
        "title": work.title,
        "author": work.author,
        "language": work.language,
        "year": work.year,
        "formats": ";".join(work.formats),
        "subjects": ";".join(work.subjects),
        "aliases": ";".join(work.aliases),
        "annotation": work.annotation,
        "popularity": owned * chance.randint(2, 9),
        "added": today - timedelta(days=chance.randrange(NEWEST_DAYS)),
    }


def _copies(work: Work, weights: dict[str, float], chance: random.Random) -> Iterator[dict[str, Any]]:
    places, shares = tuple(weights), tuple(weights.values())
    number = min(MOST_COPIES, max(len(work.formats), round(chance.lognormvariate(*SPREAD))))
    for count in range(number):
        # One of each format at least; the rest is print where there is print.
        plain = Format.PRINT.value if Format.PRINT.value in work.formats else work.formats[0]
        yield {
            "record_id": work.id,
            "place_id": chance.choices(places, shares)[0],
            "format": work.formats[count] if count < len(work.formats) else plain,
            "status": chance.choices(STATUSES, STATUS_WEIGHTS)[0],
        }
