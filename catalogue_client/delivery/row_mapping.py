"""Maps rows of the tables to deliveries as readers and staff see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.readers import masked
from catalogue_client.delivery.delivery_policy import DeliveryPolicy
from catalogue_client.delivery.delivery_schema import deliveries
from catalogue_client.delivery.kept_items import items_of
from catalogue_client.delivery.sealed_data import KeptItem, Personal
from catalogue_client.delivery.used_holds import used
from catalogue_client.delivery.windows import slot_id
from catalogue_client.store.encryption import Encryption, opened
from catalogue_client.values.shipments import Delivery, DeliveryStatus, Slot

ENDED = ("delivered", "cancelled", "failed")
FREE_TO_CANCEL = ("requested", "confirmed", "preparing")


def is_open() -> ColumnElement[bool]:
    """Return the condition that a row of `deliveries` is not over."""
    return deliveries.c.status.not_in(ENDED)


async def to_deliveries(
    connection: AsyncConnection,
    rows: Iterable[Row[Any]],
    encryption: Encryption,
    rules: DeliveryPolicy,
    now: datetime,
) -> tuple[Delivery, ...]:
    """Return the deliveries of `rows`, in their order, with times in the zone of `now`."""
    rows = tuple(rows)
    items = await items_of(connection, rows, encryption)
    held = await used(
        connection, (item.copy_id for row in rows if row.status not in ENDED for item in items[row.number])
    )
    return tuple(
        _to_delivery(row, items[row.number], held, opened(encryption, row.sealed, Personal), rules, now) for row in rows
    )


def is_late(row: Row[Any], rules: DeliveryPolicy, now: datetime) -> bool:
    """Return whether an open delivery is, or is expected, after its window."""
    latest = row.ends + timedelta(minutes=rules.limits.late_minutes)
    return row.status not in (*ENDED, "arrived") and max(now, row.expected or now) > latest


def news_of(row: Row[Any], late: bool) -> Literal["", "late", "failed", "with_staff"]:
    """Return what has gone wrong with a delivery; "" when nothing has."""
    match row.status:
        case "failed":
            return "failed"
        case "with_staff":
            return "with_staff"
    return "late" if late else ""


def _to_delivery(
    row: Row[Any],
    items: Sequence[KeptItem],
    held: frozenset[int],
    personal: Personal,
    rules: DeliveryPolicy,
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
