"""Follows an outside courier's journal: one reader of it for all deliveries, with its place kept in the store."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Courier, Happening, Trip
from catalogue_client.couriers.errors import CourierSaysNo, CursorLost
from catalogue_client.delivery.books import Books
from catalogue_client.delivery.schema import courier_events, trips
from catalogue_client.delivery.trips import apply
from catalogue_client.store.database import take_turns
from catalogue_client.store.schema import facts

CURSOR = "courier journal"
STALE_ROUNDS = 6
"""How often a trip that is read older than its own news holds up the journal before it goes on without."""


class Journal:
    """Reads pages and applies them, each page and the place after it in one transaction."""

    def __init__(self, books: Books, courier: Courier) -> None:
        self._books = books
        self._courier = courier
        self._stale = 0

    async def read(self) -> int:
        """Apply the next page; answers how many trips had news. Raises Unavailable and BadAnswer: then nothing of the
        page was applied and the next call reads it again."""
        async with self._books.database.reading() as connection:
            cursor = await connection.scalar(select(facts.c.value).where(facts.c.name == CURSOR)) or ""
        try:
            news = await self._courier.news(cursor)
        except CursorLost:
            news = await self._courier.news("")
        async with self._books.database.reading() as connection:
            fresh = await _unknown(connection, news.happenings)
            requests = await _requests(connection, {one.trip_id for one in fresh})
        found: dict[str, Trip] = {}
        for trip_id in requests:
            # An entry says only that something happened: what is so now is read from the trip itself.
            try:
                found[trip_id] = await self._courier.trip(trip_id)
            except CourierSaysNo as error:
                await self._unreadable(trip_id, error.code)
        stale = [one for one in fresh if one.trip_id in found and found[one.trip_id].updated < one.updated]
        self._stale = self._stale + 1 if stale else 0
        hold = bool(stale) and self._stale < STALE_ROUNDS
        held = {one.trip_id for one in stale} if hold else set()
        done = [one for one in fresh if one.trip_id not in held]
        async with self._books.database.writing() as connection:
            await take_turns(connection, CURSOR)
            for trip_id in sorted(requests):
                if trip_id in found and trip_id not in held:
                    await apply(connection, self._books, requests[trip_id], found[trip_id])
            await self._remember(connection, done)
            if not hold:
                await _set_cursor(connection, cursor, news.cursor)
        return len(found)

    async def _unreadable(self, trip_id: str, code: str) -> None:
        async with self._books.database.writing() as connection:
            line = f"The courier does not tell about its order {trip_id} ({code}). Look it up in its cabinet."
            await self._books.tasks.note(connection, "courier", line, about=f"trip:{trip_id[:50]}")

    async def _remember(self, connection: AsyncConnection, happenings: Sequence[Happening]) -> None:
        now = self._books.clock()
        rows = {(one.trip_id, one.operation) for one in happenings}
        if rows:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            values = [{"trip_id": trip_id, "operation": operation, "at": now} for trip_id, operation in sorted(rows)]
            await connection.execute(insert(courier_events).on_conflict_do_nothing(), values)


async def _unknown(connection: AsyncConnection, happenings: Sequence[Happening]) -> list[Happening]:
    """Those that were not applied yet."""
    names = {(one.trip_id, one.operation) for one in happenings}
    if not names:
        return []
    query = select(courier_events.c.trip_id, courier_events.c.operation).where(
        tuple_(courier_events.c.trip_id, courier_events.c.operation).in_(sorted(names))
    )
    known = {(row.trip_id, row.operation) for row in await connection.execute(query)}
    return [one for one in happenings if (one.trip_id, one.operation) not in known]


async def _requests(connection: AsyncConnection, trip_ids: set[str]) -> dict[str, str]:
    """Trip -> request id, for trips that are ours and not over."""
    query = select(trips.c.trip_id, trips.c.request_id).where(trips.c.trip_id.in_(trip_ids), trips.c.closed.is_(False))
    return {row.trip_id: row.request_id for row in await connection.execute(query)}


async def _set_cursor(connection: AsyncConnection, before: str, after: str) -> None:
    """Move on, unless another reader has moved meanwhile."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    await connection.execute(insert(facts).values(name=CURSOR, value="").on_conflict_do_nothing())
    here = (facts.c.name == CURSOR) & (facts.c.value == before)
    await connection.execute(update(facts).where(here).values(value=after))
