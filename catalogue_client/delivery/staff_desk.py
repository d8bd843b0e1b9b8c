"""The delivery desk of the staff: what is on the way, what comes next, what a parcel needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, trips
from catalogue_client.delivery.kept_items import items_of
from catalogue_client.delivery.outbox import errors
from catalogue_client.delivery.row_mapping import is_open, to_deliveries
from catalogue_client.delivery.sealed_data import KeptItem, Personal
from catalogue_client.delivery.staff_messages import StaffLine, words
from catalogue_client.delivery.state_machine import locked, may_become, move, next_step, note_courier
from catalogue_client.errors import Refused
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.store.encryption import opened
from catalogue_client.values.shipments import Delivery, DeliveryStatus

FIRST_DAY, LAST_DAY = date(1999, 12, 31), date(2200, 1, 1)
"""Nothing is before the one or after the other; beyond them no calendar can count on or back."""


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """A book of a delivery, as staff look for it."""

    copy_id: int
    title: str
    author: str
    place: str
    """Where it stood when it was booked; to be brought to the branch where the parcel is packed."""
    elsewhere: bool
    """It must be brought there first."""
    due: date | None = None
    """When it is to be back: for a delivery, if it is lent on the day of its window."""


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery as staff see it. Holds personal data: shown to staff only, never logged."""

    delivery: Delivery
    items: tuple[ParcelLine, ...]
    packed_at: str
    """The branch where the parcel is gathered, or brought back to."""
    district: str
    grams: int
    name: str
    phone: str
    address: str
    note: str
    signs: bool
    """A new reader, who signs the form at the door."""
    trip: str = ""
    """The outside courier's id and word for where it is; "" on the library's own route."""
    price: str = ""
    """What the outside courier takes for it, decimal: for the library's ledger, never read to a reader."""
    problem: str = ""
    """What went wrong with the outside courier the last time; "" when nothing did."""


class StaffDesk:
    """Lists, shows and advances. Every change is audited under the name of who made it."""

    def __init__(self, books: DeliveryContext) -> None:
        self._books = books

    async def jobs(self, day: date | None = None, district: str | None = None) -> tuple[Job, ...]:
        """Return all open deliveries, or all of one day, the earliest window first, then by district.

        A day at an end of the calendar, FIRST_DAY and LAST_DAY excluded, has none.
        """
        if day is not None and not FIRST_DAY < day < LAST_DAY:
            return ()
        query = select(deliveries).order_by(deliveries.c.starts, deliveries.c.district, deliveries.c.number)
        if day is None:
            query = query.where(is_open())
        else:
            begin = datetime.combine(day, time.min, self._books.clock().tzinfo)
            query = query.where(deliveries.c.starts >= begin, deliveries.c.starts < begin + timedelta(days=1))
        if district is not None:
            query = query.where(deliveries.c.district == district)
        async with self._books.database.reading() as connection:
            return await self._jobs(connection, (await connection.execute(query)).all())

    async def job(self, delivery_id: str) -> Job:
        """Return one delivery. Raises NotFound."""
        async with self._books.database.reading() as connection:
            return (await self._jobs(connection, [await locked(connection, delivery_id)]))[0]

    async def advance(
        self,
        delivery_id: str,
        status: DeliveryStatus | None = None,
        *,
        actor: str,
        courier: str | None = None,
        phone: str | None = None,
        expected: datetime | None = None,
        why: str = "",
    ) -> Job:
        """Set a status, or the next one of a delivery that goes well; and who comes, when, and their number.

        Raises NotFound, and Refused("too_late_to_cancel") when a delivery cannot go there from where it is.
        """
        async with self._books.database.writing() as connection:
            row = await locked(connection, delivery_id)
            step = status or next_step(row.status)
            if step is None or not (step == row.status or may_become(row.status, step)):
                raise Refused("too_late_to_cancel")
            await note_courier(connection, self._books, row, courier=courier, phone=phone, expected=expected)
            if step != row.status:
                await move(connection, self._books, await locked(connection, row.number), step, actor, _why(step, why))
            return (await self._jobs(connection, [await locked(connection, row.number)]))[0]

    async def _jobs(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> tuple[Job, ...]:
        numbers = [row.number for row in rows]
        items = await items_of(connection, rows, self._books.encryption)
        values = await to_deliveries(
            connection, rows, self._books.encryption, self._books.delivery_policy, self._books.clock()
        )
        query = select(trips).where(trips.c.number.in_(numbers)).order_by(trips.c.attempt)
        running = {row.number: row for row in await connection.execute(query)}
        problems = await errors(connection, numbers)
        return tuple(
            self._job(row, items[row.number], value, running.get(row.number), problems.get(row.number, ""))
            for row, value in zip(rows, values, strict=True)
        )

    def _job(
        self, row: Row[Any], items: Sequence[KeptItem], delivery: Delivery, trip: Row[Any] | None, problem: str
    ) -> Job:
        personal = opened(self._books.encryption, row.sealed, Personal)
        lent = row.kind == "delivery"
        days = timedelta(days=self._books.policy.category("adult").loan_days)
        due = delivery.slot.starts.date() + days if lent else None
        return Job(
            delivery=delivery,
            items=tuple(_item(item, row.place_id, self._books.places, due) for item in items),
            packed_at=self._books.places.name(row.place_id),
            district=row.district,
            grams=row.grams,
            name=personal.name,
            phone=personal.phone,
            address=personal.address,
            note=personal.note,
            signs=row.signs,
            trip="" if trip is None else f"{trip.trip_id or '?'} {trip.status}",
            price="" if trip is None else trip.price,
            problem=problem,
        )


def _item(row: KeptItem, packed_at: str, places: PlaceDirectory, due: date | None) -> ParcelLine:
    elsewhere = row.loan_id is None and row.place_id != packed_at
    return ParcelLine(row.copy_id, row.title, row.author, places.name(row.place_id), elsewhere, due)


def _why(step: DeliveryStatus, why: str) -> StaffLine | None:
    if step == "with_staff":
        return StaffLine("staff_took_it", {"why": words(why)})
    return words(why) if why else None
