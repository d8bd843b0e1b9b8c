"""Follows an outside courier's journal: one reader of it for all its deliveries, with its place kept in the store."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Courier, CourierEvent, Trip
from catalogue_client.couriers.errors import CourierSaysNo, CursorLost, StateChanged
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import courier_events, trips
from catalogue_client.delivery.dispatch.courier_orders import Attempt, apply
from catalogue_client.delivery.staff_messages import StaffLine, words
from catalogue_client.errors import BadAnswer, Unavailable
from catalogue_client.store.database import take_turns
from catalogue_client.store.schema import facts
from catalogue_client.store.upsert import insert_if_absent

CURSOR = "courier journal {}"
"""Under this name, with the courier's id, the store keeps the place."""
TOGETHER = 100
"""Trips asked for in one request."""
MOST_FAILURES = 5
"""After so many trips that cannot be asked for, the courier counts as away until the next call."""
ODD_ROUNDS = 6
"""How often a trip whose answer makes no sense, or is older than its own news, holds the place in the journal."""


class CourierEventReader:
    """Reads pages and applies them. The place moves on with the transaction that applies the last of its page."""

    def __init__(self, books: DeliveryContext, courier_id: str, courier: Courier) -> None:
        self._books = books
        self._courier_id = courier_id
        self._courier = courier
        self._name = CURSOR.format(courier_id)
        self._odd_rounds = 0

    async def read(self) -> int:
        """Apply the next page. Return how much of it is done with: 0 when there is nothing new, or nothing that can be
        read now. Trips that cannot be read hold the place, the others are applied. Raises Unavailable and BadAnswer
        when there is no page."""
        async with self._books.database.reading() as connection:
            cursor = await connection.scalar(select(facts.c.value).where(facts.c.name == self._name)) or ""
        try:
            news = await self._courier.news(cursor)
        except CursorLost:
            news = await self._courier.news("")
        async with self._books.database.reading() as connection:
            fresh = await _unknown(connection, news.happenings)
            attempts = await _attempts(connection, self._courier_id, {event.trip_id for event in fresh})
        if not fresh and news.cursor == cursor:
            return 0
        found, odd = await self._look(attempts)
        odd |= {event.trip_id for event in fresh if (trip := found.get(event.trip_id)) and trip.updated < event.updated}
        self._odd_rounds = self._odd_rounds + 1 if odd else 0
        held = attempts.keys() - found.keys()
        if self._odd_rounds < ODD_ROUNDS:
            held |= odd
        for trip_id in odd - held:
            await self._unreadable(trip_id, StaffLine("odd"))
        done = [event for event in fresh if event.trip_id not in held]
        async with self._books.database.writing() as connection:
            await take_turns(connection, self._name)
            news_of = ((attempt, found.get(trip_id)) for trip_id, attempt in attempts.items() if trip_id not in held)
            await apply(connection, self._books, [(attempt, trip) for attempt, trip in news_of if trip is not None])
            await self._remember(connection, done)
            if not held:
                await _set_cursor(connection, self._name, cursor, news.cursor)
        return len(done) or int(not held)

    async def _look(self, trip_ids: Iterable[str]) -> tuple[dict[str, Trip | None], set[str]]:
        """Return what each trip is now, None for one that the courier says nothing of, and the ids of those with an
        answer that makes no sense.

        Trips that could not be asked for are left out. An entry of the journal says only that something happened: what
        is so is read from the trip. All are asked for together, one by one only where that fails.
        """
        wanted = sorted(trip_ids)
        found: dict[str, Trip | None] = {}
        for first in range(0, len(wanted), TOGETHER):
            with contextlib.suppress(BadAnswer, CourierSaysNo, StateChanged, Unavailable):
                found |= await self._courier.trips(wanted[first : first + TOGETHER])
        odd: set[str] = set()
        failures = 0
        for trip_id in wanted:
            if trip_id in found:
                continue
            try:
                found[trip_id] = await self._courier.trip(trip_id)
            except (CourierSaysNo, StateChanged) as error:
                found[trip_id] = None
                await self._unreadable(trip_id, words(str(error)))
            except BadAnswer:
                found[trip_id] = None
                odd.add(trip_id)
            except Unavailable:
                failures += 1
                if failures == MOST_FAILURES:
                    break  # the courier is away: no need to ask for the rest
        return found, odd

    async def _unreadable(self, trip_id: str, why: StaffLine) -> None:
        async with self._books.database.writing() as connection:
            line = StaffLine("unreadable", {"trip": trip_id, "code": why})
            await self._books.tasks.note(connection, "courier", line, about=f"trip:{trip_id[:50]}")

    async def _remember(self, connection: AsyncConnection, happenings: Sequence[CourierEvent]) -> None:
        now = self._books.clock()
        rows = {(event.trip_id, event.operation) for event in happenings}
        if rows:
            values = [{"trip_id": trip_id, "operation": operation, "at": now} for trip_id, operation in sorted(rows)]
            await insert_if_absent(connection, courier_events, *values)


async def _unknown(connection: AsyncConnection, happenings: Sequence[CourierEvent]) -> list[CourierEvent]:
    """Return those that were not applied yet."""
    names = {(event.trip_id, event.operation) for event in happenings}
    if not names:
        return []
    query = select(courier_events.c.trip_id, courier_events.c.operation).where(
        tuple_(courier_events.c.trip_id, courier_events.c.operation).in_(sorted(names))
    )
    known = {(row.trip_id, row.operation) for row in await connection.execute(query)}
    return [event for event in happenings if (event.trip_id, event.operation) not in known]


async def _attempts(connection: AsyncConnection, courier_id: str, trip_ids: set[str]) -> dict[str, Attempt]:
    """Return, by the courier's trip id, the attempt that it is, for trips that are ours and not over."""
    query = select(trips.c.trip_id, trips.c.number, trips.c.courier_id, trips.c.request_id)
    at_courier = (trips.c.courier_id == courier_id) & trips.c.trip_id.in_(trip_ids)
    rows = await connection.execute(query.where(at_courier, trips.c.closed.is_(False)))
    return {row.trip_id: Attempt(row.number, row.courier_id, row.request_id, row.trip_id, sent=True) for row in rows}


async def _set_cursor(connection: AsyncConnection, name: str, before: str, after: str) -> None:
    """Move on, unless another reader has moved meanwhile."""
    await insert_if_absent(connection, facts, {"name": name, "value": ""})
    here = (facts.c.name == name) & (facts.c.value == before)
    await connection.execute(update(facts).where(here).values(value=after))
