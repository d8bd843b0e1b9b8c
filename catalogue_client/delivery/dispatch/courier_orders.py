"""The orders at an outside courier, one row an attempt: what was asked for, and what the courier says of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Trip
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, trips
from catalogue_client.delivery.outbox import want
from catalogue_client.delivery.row_mapping import ENDED, FREE_TO_CANCEL
from catalogue_client.delivery.sealed_data import Personal, new_code
from catalogue_client.delivery.staff_messages import StaffLine, words
from catalogue_client.delivery.state_machine import hand_over, may_become, move, note_courier
from catalogue_client.store.encryption import opened, sealed

COURIER = "courier"
"""Under this name the audit knows what an outside courier reports."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One order for a delivery, before or after the courier knows of it."""

    number: int
    courier_id: str
    """Of the rules: who was asked."""
    request_id: str
    trip_id: str | None = None
    """The courier's id; None until an answer with it was kept."""
    sent: bool = False
    """A request may have gone out already."""


async def locked_rows(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, Row[Any]]:
    """Return the rows of deliveries by number, locked for a change, always in the same order: nobody waits for ever."""
    query = select(deliveries).where(deliveries.c.number.in_(numbers)).order_by(deliveries.c.number).with_for_update()
    return {row.number: row for row in await connection.execute(query)}


async def attempts_of(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return the attempts of each delivery by its number, the first first. The caller has locked the deliveries."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    query = select(trips).where(trips.c.number.in_(numbers)).order_by(trips.c.number, trips.c.attempt)
    for row in await connection.execute(query):
        found[row.number].append(row)
    return found


async def begin(connection: AsyncConnection, attempts: Sequence[tuple[Row[Any], int]]) -> list[Attempt]:
    """Store request ids for new (delivery, attempt), before anything is sent; only when earlier attempts are over."""
    new = [(Attempt(row.number, row.courier_id, uuid.uuid4().hex), n) for row, n in attempts]
    if new:
        rows = [
            {
                "request_id": attempt.request_id,
                "number": attempt.number,
                "attempt": n,
                "courier_id": attempt.courier_id,
            }
            for attempt, n in new
        ]
        await connection.execute(insert(trips), rows)
    return [attempt for attempt, _ in new]


async def close(connection: AsyncConnection, attempt: Attempt, code: str) -> None:
    """The courier has refused to make an order of it: nobody will come."""
    here = trips.c.request_id == attempt.request_id
    await connection.execute(update(trips).where(here).values(closed=True, status=code[:64]))


async def pass_on(connection: AsyncConnection, books: DeliveryContext, row: Row[Any], why: StaffLine) -> None:
    """Give a delivery that its courier does not bring to the next one of the rules, else to staff.

    Only before its window and when nobody has taken it: every attempt is over, or nobody can say that it is not.
    """
    now, heir = books.clock(), books.delivery_policy.courier_after(row.courier_id, row.district)
    known = (await attempts_of(connection, [row.number]))[row.number]
    if heir is None or row.status != "requested" or now >= row.starts or not all(attempt.closed for attempt in known):
        await hand_over(connection, books, row, COURIER, why)
        return
    values: dict[str, object] = {"courier_id": heir.id}
    if heir.is_library:
        personal = opened(books.encryption, row.sealed, Personal)
        values["sealed"] = sealed(books.encryption, replace(personal, code=new_code(row.kind)))
    await connection.execute(update(deliveries).where(deliveries.c.number == row.number).values(values))
    if heir.is_library:
        await move(connection, books, row, "confirmed", COURIER, why)
        line = StaffLine("own_round", {"number": row.number, "why": why})
        await books.tasks.note(connection, "delivery", line, about=f"own_round:{row.number}", number=row.number)
    await want(connection, row.number, "trip" if books.is_outside(heir.id) else "none", now)


async def apply(connection: AsyncConnection, books: DeliveryContext, reports: Sequence[tuple[Attempt, Trip]]) -> None:
    """Note what the courier says, and let the deliveries follow. What is older than what is known changes nothing."""
    numbers = sorted({attempt.number for attempt, _ in reports})
    rows = await locked_rows(connection, numbers)
    known = await attempts_of(connection, numbers)
    news = []
    for attempt, trip in reports:
        kept = next(row for row in known[attempt.number] if row.request_id == attempt.request_id)
        if not kept.closed and trip.updated >= kept.updated:
            news.append((attempt, trip))
    await _keep(connection, news)
    for attempt, trip in news:
        row = rows[attempt.number]
        if known[attempt.number][-1].request_id != attempt.request_id:
            continue  # an earlier attempt: known to be over, or about to be called off
        if row.status in ENDED:
            await _after_the_end(connection, books, row, trip)
        else:
            await note_courier(connection, books, row, courier=trip.courier or None, expected=trip.expected)
            await _follow(connection, books, row, trip)


async def _keep(connection: AsyncConnection, news: Sequence[tuple[Attempt, Trip]]) -> None:
    values = [
        {
            "which": attempt.request_id,
            "trip_id": trip.id,
            "status": trip.status[:64],
            "version": trip.version,
            "updated": trip.updated,
            "closed": trip.over,
            "price": trip.price[:20],
        }
        for attempt, trip in news
    ]
    if values:
        await connection.execute(update(trips).where(trips.c.request_id == bindparam("which")), values)


async def _follow(connection: AsyncConnection, books: DeliveryContext, row: Row[Any], trip: Trip) -> None:
    match trip.stage:
        case None | "estimating" | "offered":
            return
        case "lost" if row.status in FREE_TO_CANCEL:
            # Nobody took it, or whoever did gave it back: ask again, under a new request id.
            if row.status != "requested":
                await move(connection, books, row, "requested", COURIER, words(trip.status))
            await want(connection, row.number, "trip", books.clock())
        case "refused" | "lost" | "withdrawn" as stage:
            await pass_on(connection, books, row, StaffLine(stage, {"code": trip.why or trip.status}))
        case stage if stage != row.status and may_become(row.status, stage):
            await move(connection, books, row, stage, COURIER, words(trip.status))


async def _after_the_end(connection: AsyncConnection, books: DeliveryContext, row: Row[Any], trip: Trip) -> None:
    """A delivery is over for us: what the courier has done is for staff, what it is about to do is called off."""
    if trip.stage == "delivered" and row.status != "delivered":
        line = StaffLine("brought" if row.kind == "delivery" else "fetched", {"number": row.number})
        await books.tasks.note(connection, "courier", line, about=f"brought:{row.number}", number=row.number)
    elif not trip.over and trip.stage not in (None, "estimating", "offered"):
        await want(connection, row.number, "none", books.clock())
