"""What the messages of an outbox come to, before anything is sent: one look at the store for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Parcel
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.dispatch.courier_orders import COURIER, Attempt, attempts_of, begin, locked_rows
from catalogue_client.delivery.dispatch.parcels import parcel_of
from catalogue_client.delivery.kept_items import items_of
from catalogue_client.delivery.outbox import OutboxMessage, settle
from catalogue_client.delivery.row_mapping import ENDED
from catalogue_client.delivery.staff_messages import StaffLine
from catalogue_client.delivery.state_machine import hand_over


@dataclass(frozen=True, slots=True)
class CourierRequest:
    """A leased message with all that its requests need."""

    message: OutboxMessage
    parcel: Parcel
    attempts: tuple[Attempt, ...]
    """To bring a courier: the one attempt that is under way. To call couriers off: every one that may still come."""


async def prepare(
    connection: AsyncConnection, books: DeliveryContext, messages: Sequence[OutboxMessage]
) -> list[CourierRequest]:
    """Settle what needs no request, store the request ids of new orders, and tell what is to be asked.

    In the transaction of the lease: when it is committed nobody else works on these, and nothing was sent yet.
    """
    numbers = sorted(message.number for message in messages)
    rows = await locked_rows(connection, numbers)
    known = await attempts_of(connection, numbers)
    items = await items_of(connection, rows.values(), books.encryption)
    fresh: list[tuple[int, int]] = []
    under_way: dict[int, tuple[Attempt, ...]] = {}
    for message in messages:
        row, attempts = rows[message.number], known[message.number]
        if message.wants == "none":
            under_way[row.number] = tuple(_attempt(one) for one in attempts if not one.closed)
        elif row.status in (*ENDED, "with_staff"):
            await settle(connection, message)
        elif attempts and not attempts[-1].closed:
            under_way[row.number] = (_attempt(attempts[-1]),)
        elif len(attempts) >= books.delivery_policy.limits.attempts or books.clock() >= row.ends:
            why = StaffLine("no_courier", {"count": len(attempts)})
            await hand_over(connection, books, row, COURIER, why)
            await settle(connection, message)
        else:
            fresh.append((row.number, len(attempts) + 1))
    under_way |= {attempt.number: (attempt,) for attempt in await begin(connection, fresh)}
    return [
        CourierRequest(
            message, parcel_of(rows[message.number], items[message.number], books.encryption), under_way[message.number]
        )
        for message in messages
        if message.number in under_way
    ]


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(row.number, row.request_id, row.trip_id, sent=True)
