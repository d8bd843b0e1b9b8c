"""The orders at an outside courier, one row an attempt: what was asked for, and what the courier says of it."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Trip
from catalogue_client.delivery.books import Books
from catalogue_client.delivery.outbox import want
from catalogue_client.delivery.progress import locked, may_become, move, note_courier
from catalogue_client.delivery.schema import trips
from catalogue_client.delivery.telling import ENDED, FREE_TO_CANCEL

COURIER = "courier"
"""Under this name the audit knows what an outside courier told."""


async def latest(connection: AsyncConnection, number: int) -> Row[Any] | None:
    """The last attempt for a delivery."""
    query = select(trips).where(trips.c.number == number).order_by(trips.c.attempt.desc()).limit(1)
    return (await connection.execute(query)).one_or_none()


async def not_over(connection: AsyncConnection, number: int) -> tuple[Row[Any], ...]:
    """Attempts of which the courier has not said that they are over."""
    query = select(trips).where(trips.c.number == number, trips.c.closed.is_(False)).order_by(trips.c.attempt)
    return tuple(await connection.execute(query))


async def begin(connection: AsyncConnection, number: int, attempt: int) -> str:
    """Store the request id of a new attempt, before anything is sent. Only when every earlier attempt is over."""
    request_id = uuid.uuid4().hex
    await connection.execute(insert(trips).values(request_id=request_id, number=number, attempt=attempt))
    return request_id


async def keep(connection: AsyncConnection, request_id: str, trip: Trip) -> bool:
    """Note what the courier says now. False, and nothing is changed, when it is older than what is known."""
    known = (await connection.execute(select(trips).where(trips.c.request_id == request_id).with_for_update())).one()
    if known.closed or trip.updated < known.updated:
        return False
    values = {
        "trip_id": trip.id,
        "status": trip.status[:64],
        "version": trip.version,
        "updated": trip.updated,
        "closed": trip.over,
        "price": trip.price[:20],
    }
    await connection.execute(update(trips).where(trips.c.request_id == request_id).values(values))
    return True


async def apply(connection: AsyncConnection, books: Books, request_id: str, trip: Trip) -> None:
    """Note what the courier says, and let the delivery follow."""
    here = (await connection.execute(select(trips).where(trips.c.request_id == request_id))).one()
    row = await locked(connection, here.number)
    if not await keep(connection, request_id, trip):
        return
    newest = await latest(connection, here.number)
    if newest is None or newest.request_id != request_id:
        return  # an earlier attempt: known to be over, or about to be called off
    if row.status in ENDED:
        if not trip.over:
            await _still_coming(connection, books, row.number, trip)
        return
    await note_courier(connection, books, row, courier=trip.courier or None, expected=trip.expected)
    await _follow(connection, books, await locked(connection, row.number), trip)


async def _follow(connection: AsyncConnection, books: Books, row: Row[Any], trip: Trip) -> None:
    match trip.stage:
        case None | "estimating" | "offered":
            return
        case "lost" if row.status in FREE_TO_CANCEL:
            # Nobody took it, or whoever did gave it back: ask anew, under a new request id.
            if row.status != "requested":
                await move(connection, books, row, "requested", COURIER, trip.status)
            await want(connection, row.number, "trip", books.clock())
        case "refused" | "lost" | "withdrawn" as stage:
            await hand_over(connection, books, row, _why(stage, trip))
        case stage if stage != row.status and may_become(row.status, stage):
            await move(connection, books, row, stage, COURIER, trip.status)


async def hand_over(connection: AsyncConnection, books: Books, row: Row[Any], why: str) -> None:
    """A person goes on with this delivery; no courier shall come of its own."""
    if may_become(row.status, "with_staff"):
        await move(connection, books, row, "with_staff", COURIER, why)
    await want(connection, row.number, "none", books.clock())


async def _still_coming(connection: AsyncConnection, books: Books, number: int, trip: Trip) -> None:
    """A delivery is over for us but not for the courier."""
    if trip.stage not in (None, "estimating", "offered"):
        line = f"Delivery {number} is over, but the courier still has it as {trip.status}: call the courier off."
        await books.tasks.note(connection, "courier", line, about=f"still:{number}", number=number)


def _why(stage: Literal["refused", "lost", "withdrawn"], trip: Trip) -> str:
    if stage == "refused":
        return f"the courier does not accept it ({trip.why or trip.status}). Check the address with the reader."
    if stage == "lost":
        return f"the courier gave it up on the way ({trip.status}). Ask the courier where the books are."
    return f"it was cancelled at the courier ({trip.status}). Call the reader and book it again."
