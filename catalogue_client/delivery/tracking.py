"""After a booking: what a reader hears of it, how to reach the courier, how to take it back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Courier
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, trips
from catalogue_client.delivery.row_mapping import FREE_TO_CANCEL, is_open, to_deliveries
from catalogue_client.delivery.sealed_data import Personal
from catalogue_client.delivery.state_machine import locked, locked_of, move
from catalogue_client.errors import LibraryError, Refused, Unavailable
from catalogue_client.store.encryption import opened
from catalogue_client.store.idempotency import once
from catalogue_client.values.shipments import Delivery

NOTHING = TypeAdapter[None](None)
SHOWN_FOR = timedelta(days=14)
"""How long an ended delivery is still listed."""
COURIER_S = 1.2
"""A reader in a conversation waits no longer for an outside courier."""
COURIER_CALL_S = 3.0
"""A reader who asks for the courier's number waits longer: there is no other answer."""
CALLED_THROUGH = ("preparing", "on_the_way", "arrived", "returning")
"""An outside courier forwards calls from the moment on in which somebody has taken the order."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an outside courier is now; empty where nobody knows."""

    link: str = ""
    """A page with a map."""
    position: tuple[float, float] | None = None
    """Longitude and latitude."""


@dataclass(frozen=True, slots=True)
class RunningTrip:
    """What an outside courier carries now."""

    courier: Courier
    id: str
    """The courier's own."""


class DeliveryTracking:
    """Shows deliveries and takes them back. `couriers` are those outside the library, by their ids of the rules."""

    def __init__(self, books: DeliveryContext, couriers: Mapping[str, Courier]) -> None:
        self._books = books
        self._couriers = couriers

    async def deliveries(self, ticket: str) -> tuple[Delivery, ...]:
        """Return the open deliveries and those that ended in the last fortnight, the newest first."""
        now = self._books.clock()
        async with self._books.database.reading() as connection:
            rows = await self._rows(connection, ticket)
            items = await to_deliveries(connection, rows, self._books.encryption, self._books.delivery_policy, now)
            running = await self._running(connection, [row.number for row in rows if row.status == "on_the_way"])
        return tuple([await self._with_expected(item, running.get(int(item.id))) for item in items])

    async def cancel_delivery(self, ticket: str, delivery_id: str, *, key: str) -> Delivery:
        """Take a booking back; its copies are free again. The same key gives the booking as it stands by then.

        Raises NotFound, Refused("too_late_to_cancel"), and Unavailable when an outside courier who may be on the way
        already cannot be asked: then nothing was changed.
        """
        books, now = self._books, self._books.clock()
        await self._ask_courier(ticket, delivery_id)

        async def act() -> None:
            await books.readers.locked(connection, ticket)
            row = await self._own(connection, ticket, delivery_id)
            if row.status not in FREE_TO_CANCEL:
                raise Refused("too_late_to_cancel")
            await move(connection, books, row, "cancelled", books.readers.pseudonym(ticket))

        async with books.database.writing() as connection:
            request = ("cancel_delivery", books.readers.pseudonym(ticket), delivery_id)
            await once(connection, books.encryption, key, request, NOTHING, act, now)
            row = await self._own(connection, ticket, delivery_id)
            return (await to_deliveries(connection, (row,), books.encryption, books.delivery_policy, now))[0]

    async def courier_phone(self, ticket: str, delivery_id: str) -> str:
        """Return a number that reaches the courier now, E.164; ",123" after it is an extension to dial.

        Raises NotFound and Refused (courier_not_on_the_way, no_courier_phone).
        """
        async with self._books.database.reading() as connection:
            row = await self._own(connection, ticket, delivery_id)
            trip = (await self._running(connection, [row.number])).get(row.number)
        if trip is not None and row.status in CALLED_THROUGH:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COURIER_CALL_S):
                    return await _forwarded(trip)
            raise Refused("no_courier_phone")
        if row.status not in ("on_the_way", "arrived"):
            raise Refused("courier_not_on_the_way")
        carrier = self._books.delivery_policy.courier(row.courier_id)
        phone = opened(self._books.encryption, row.sealed, Personal).courier_phone or (carrier.phone if carrier else "")
        if not phone:
            raise Refused("no_courier_phone")
        return phone

    async def news_heard(self, ticket: str, heard: Mapping[str, str]) -> None:
        """Note that the reader has heard these news (delivery id -> Delivery.news).

        They are not announced again unless something else happens. Raises NotFound.
        """
        reader = self._books.readers.pseudonym(ticket)
        async with self._books.database.writing() as connection:
            for delivery_id, news in heard.items():
                row = await locked(connection, delivery_id)
                if row.reader == reader:
                    here = deliveries.c.number == row.number
                    await connection.execute(update(deliveries).where(here).values(announced=news))

    async def whereabouts(self, delivery_id: str) -> Whereabouts:
        """Return where the courier is, for staff, as far as it can be had at once. Raises NotFound."""
        async with self._books.database.reading() as connection:
            row = await locked(connection, delivery_id)
            trip = (await self._running(connection, [row.number])).get(row.number)
        if trip is None:
            return Whereabouts()
        with contextlib.suppress(LibraryError, TimeoutError):
            async with asyncio.timeout(COURIER_S):
                link = await trip.courier.tracking_link(trip.id)
                return Whereabouts(link, await trip.courier.position(trip.id))
        return Whereabouts()

    async def _ask_courier(self, ticket: str, delivery_id: str) -> None:
        """Before anything is changed: whether an outside courier still lets the order be taken back."""
        if not self._couriers:
            return
        async with self._books.database.reading() as connection:
            row = await self._own(connection, ticket, delivery_id)
            trip = (await self._running(connection, [row.number])).get(row.number)
        if row.status in FREE_TO_CANCEL and trip is not None:
            try:
                async with asyncio.timeout(COURIER_S):
                    free = await trip.courier.may_withdraw(trip.id)
            except TimeoutError as error:
                raise Unavailable("the courier does not answer; nothing was cancelled") from error
            if not free:
                raise Refused("too_late_to_cancel")

    async def _with_expected(self, item: Delivery, trip: RunningTrip | None) -> Delivery:
        """Return `item` with the courier's own expectation, when it can be had at once."""
        if trip is None:
            return item
        try:
            async with asyncio.timeout(COURIER_S):
                expected = await trip.courier.expected(trip.id)
        except (LibraryError, TimeoutError):
            return item
        if expected is None:
            return item
        latest = item.slot.ends + timedelta(minutes=self._books.delivery_policy.limits.late_minutes)
        return replace(item, expected=expected.astimezone(item.slot.ends.tzinfo), late=item.late or expected > latest)

    async def _rows(self, connection: AsyncConnection, ticket: str) -> Sequence[Row[Any]]:
        reader = self._books.readers.pseudonym(ticket)
        since = self._books.clock() - SHOWN_FOR
        query = (
            select(deliveries)
            .where(deliveries.c.reader == reader, or_(is_open(), deliveries.c.ended >= since))
            .order_by(deliveries.c.number.desc())
        )
        return (await connection.execute(query)).all()

    async def _own(self, connection: AsyncConnection, ticket: str, delivery_id: str) -> Row[Any]:
        return await locked_of(connection, delivery_id, self._books.readers.pseudonym(ticket))

    async def _running(self, connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, RunningTrip]:
        """Return, by number, the trip that is made for it now."""
        query = select(trips.c.number, trips.c.courier_id, trips.c.trip_id).where(
            trips.c.number.in_(numbers), trips.c.closed.is_(False), trips.c.trip_id.is_not(None)
        )
        return {
            row.number: RunningTrip(self._couriers[row.courier_id], row.trip_id)
            for row in await connection.execute(query)
            if row.courier_id in self._couriers
        }


async def _forwarded(trip: RunningTrip) -> str:
    """Return the courier's number. Raises Refused when it was asked for twice in vain."""
    for _ in range(2):
        with contextlib.suppress(LibraryError):
            return await trip.courier.phone(trip.id)
    raise Refused("no_courier_phone")
