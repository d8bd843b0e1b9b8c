"""Codes of places in the library's own systems: which mean a place of ours, which none yet, and mapping one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.catalogue.sync.sync_schema import place_codes
from catalogue_client.circulation.items import GONE, IN_TRANSIT, KEPT, UNPLACED, ItemStore
from catalogue_client.errors import NotFound
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.store.database import Database
from catalogue_client.store.schema import copies, loans
from catalogue_client.store.upsert import upsert

PlaceOf = Callable[[str], str | None]
CODE_LENGTH = 96
"""Letters of the longest code that is kept."""


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A code, and how many copies a synchronisation brought that stand there."""

    code: str
    """"" for copies whose records name no place."""
    place_id: str | None
    """None while nobody knows which place it is."""
    place: str
    """Its name; "" while it is not known."""
    copies: int


class PlaceCodes:
    """Reads and changes the mapping. What staff map is believed before a place's own id and names."""

    def __init__(
        self, database: Database, items: ItemStore, places: PlaceDirectory, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._items = items
        self._places = places
        self._clock = clock

    async def uses(self) -> tuple[CodeUse, ...]:
        """Return every code of a copy, those that are not mapped first, the most copies first."""
        counted = select(copies.c.code, func.count().label("number")).where(
            copies.c.reported != "", copies.c.status != GONE
        )
        async with self._database.reading() as connection:
            place_of = await self.place_of(connection)
            rows = (await connection.execute(counted.group_by(copies.c.code))).all()
        found = [
            CodeUse(row.code, place_id, self._places.name(place_id) if place_id else "", row.number)
            for row in rows
            for place_id in (place_of(row.code),)
        ]
        return tuple(sorted(found, key=lambda use: (use.place_id is not None, -use.copies, use.code)))

    async def place_of(self, connection: AsyncConnection) -> PlaceOf:
        """Return what gives the place id of a code, None for an unknown one. It sees one moment."""
        rows = await connection.execute(select(place_codes.c.code, place_codes.c.place_id))
        return self._resolver({row.code: row.place_id for row in rows})

    def _resolver(self, mapped: dict[str, str]) -> PlaceOf:
        known: dict[str, str | None] = {}

        def one(code: str) -> str | None:
            return mapped.get(code) or self._places.by_code(code)

        def place_of(code: str) -> str | None:
            if code not in known:
                known[code] = _of_parts(code, one) if code or "" in mapped else None
            return known[code]

        return place_of

    async def map_code(self, code: str, place_id: str | None, *, actor: str) -> int:
        """Say which place a code means, None to forget that; its copies are there at once.

        `place_id` may be a name of the place too. Return how many copies have come to a place or moved. Raises NotFound
        for a place that does not exist, for a code longer than any copy's, and to forget one that is not mapped.
        """
        if place_id is not None and (place_id := self._places.by_code(name := place_id)) is None:
            raise NotFound(f"no place {name!r}")
        if len(code) > CODE_LENGTH:
            raise NotFound(f"no copy has a code of {len(code)} letters")
        now = self._clock()
        async with self._database.writing() as connection:
            before = await self.place_of(connection)
            if place_id is None:
                gone = await connection.execute(delete(place_codes).where(place_codes.c.code == code))
                if not gone.rowcount:
                    raise NotFound(f"the code {code!r} is not mapped")
            else:
                await upsert(connection, place_codes, {"code": code, "place_id": place_id, "actor": actor, "made": now})
            return await self._follow(connection, before, now)

    async def _follow(self, connection: AsyncConnection, before: PlaceOf, now: datetime) -> int:
        """Bring the copies of codes that mean another place than `before` there. Those that a reader has, or that are
        set aside, come with the next change of theirs."""
        after = await self.place_of(connection)
        codes = (await connection.scalars(select(copies.c.code).where(copies.c.reported != "").distinct())).all()
        moved = 0
        for code in codes:
            if before(code) == after(code):
                continue
            at_readers = select(loans.c.copy_id).where(loans.c.returned.is_(None))
            free = (
                (copies.c.code == code)
                & (copies.c.reported != "")
                & copies.c.status.not_in((KEPT, IN_TRANSIT, GONE))
                & copies.c.id.not_in(at_readers)
            )
            place_id = after(code)
            come = case((copies.c.status == UNPLACED, copies.c.reported), else_=copies.c.status)
            values = {"place_id": place_id or "", "status": come if place_id else UNPLACED}
            records_of = select(copies.c.record_id).where(copies.c.code == code).distinct()
            result = await connection.execute(update(copies).where(free).values(values))
            moved += result.rowcount
            if place_id:
                ids = (await connection.scalars(records_of)).all()
                for start in range(0, len(ids), 500):
                    await self._items.give_to_waiting(connection, ids[start : start + 500], now.date())
        return moved


def _of_parts(code: str, place_of: PlaceOf) -> str | None:
    """The place of a code; of "ORGANISATION/BRANCH" also that of the branch alone, then of the organisation."""
    whole = place_of(code)
    if whole is not None or "/" not in code:
        return whole
    organisation, _, branch = code.partition("/")
    return place_of(branch) or place_of(organisation)
