"""Deliveries as readers and staff hear of them: rows of the tables become values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.delivery.holding import used
from catalogue_client.delivery.personal import Personal, opened
from catalogue_client.delivery.rules import DeliveryRules
from catalogue_client.delivery.schema import deliveries, delivery_items
from catalogue_client.delivery.windows import slot_id
from catalogue_client.readers import masked
from catalogue_client.records import Delivery, DeliveryStatus, Slot
from catalogue_client.secrecy import Secrecy
from catalogue_client.store.schema import records

ENDED = ("delivered", "cancelled", "failed")
FREE_TO_CANCEL = ("requested", "confirmed", "preparing")


def is_open() -> ColumnElement[bool]:
    return deliveries.c.status.not_in(ENDED)


async def told(
    connection: AsyncConnection,
    rows: Iterable[Row[Any]],
    secrecy: Secrecy,
    rules: DeliveryRules,
    now: datetime,
) -> tuple[Delivery, ...]:
    """The deliveries of `rows`, in their order, with times in the zone of `now`."""
    rows = tuple(rows)
    items = await items_of(connection, [row.number for row in rows])
    held = await used(
        connection, (item.copy_id for row in rows if row.status not in ENDED for item in items[row.number])
    )
    return tuple(_one(row, items[row.number], held, opened(secrecy, row.sealed, Personal), rules, now) for row in rows)


async def items_of(connection: AsyncConnection, numbers: list[int]) -> dict[int, list[Row[Any]]]:
    """Number -> its items with their titles and authors, in the order in which they were asked for."""
    query = (
        select(delivery_items, records.c.title, records.c.author)
        .join(records, records.c.id == delivery_items.c.record_id)
        .where(delivery_items.c.number.in_(numbers))
        .order_by(delivery_items.c.id)
    )
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.number].append(row)
    return found


def is_late(row: Row[Any], rules: DeliveryRules, now: datetime) -> bool:
    """Whether an open delivery is, or is expected, after its window."""
    latest = row.ends + timedelta(minutes=rules.limits.late_minutes)
    return row.status not in (*ENDED, "arrived") and max(now, row.expected or now) > latest


def news_of(row: Row[Any], late: bool) -> Literal["", "late", "failed", "with_staff"]:
    """What has gone wrong with a delivery; "" when nothing has."""
    match row.status:
        case "failed":
            return "failed"
        case "with_staff":
            return "with_staff"
    return "late" if late else ""


def _one(
    row: Row[Any],
    items: list[Row[Any]],
    held: frozenset[int],
    personal: Personal,
    rules: DeliveryRules,
    now: datetime,
) -> Delivery:
    starts, ends = row.starts.astimezone(now.tzinfo), row.ends.astimezone(now.tzinfo)
    free = row.status in FREE_TO_CANCEL
    late = is_late(row, rules, now)
    news = news_of(row, late)
    return Delivery(
        id=str(row.number),
        kind=cast(Literal["delivery", "collection"], row.kind),
        status=cast(DeliveryStatus, row.status),
        record_ids=tuple(item.record_id for item in items),
        titles=tuple(item.title for item in items),
        slot=Slot(slot_id(starts, ends), starts, ends),
        address_hint=masked(personal.address),
        undo_until=row.undo_until.astimezone(now.tzinfo) if free and now < row.undo_until else None,
        cancellable=free,
        expected=row.expected.astimezone(now.tzinfo) if row.expected and row.status not in ENDED else None,
        courier=personal.courier,
        code=personal.code if row.status not in ENDED else "",
        late=late,
        note=personal.note,
        news="" if news == row.announced else news,
        used_holds=tuple(item.title for item in items if item.copy_id in held and row.status not in ENDED),
    )
