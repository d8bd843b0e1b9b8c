"""What is kept of a delivery: its books, as rows while it is under way and sealed with it once it is over.

Rows are needed while copies move. Afterwards a row would say for ever what was in one parcel, and with a book of it
that is still out also whose: so whoever may open the seal knows it for a while, nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.expiry import OldRows
from catalogue_client.circulation.policy import RetentionDays
from catalogue_client.delivery.delivery_schema import (
    courier_events,
    deliveries,
    delivery_items,
    outbox,
    staff_tasks,
    trips,
)
from catalogue_client.delivery.sealed_data import KeptItem, Personal
from catalogue_client.store.encryption import Encryption, opened, sealed
from catalogue_client.store.schema import records


async def items_of(
    connection: AsyncConnection, rows: Iterable[Row[Any]], encryption: Encryption
) -> Mapping[int, Sequence[KeptItem]]:
    """Return, by the numbers of `rows` of `deliveries`, their items with titles and authors, as they were asked for.

    One that is over for so long that its books are forgotten has none.
    """
    rows = tuple(rows)
    query = (
        select(delivery_items, records.c.title, records.c.author)
        .join(records, records.c.id == delivery_items.c.record_id)
        .where(delivery_items.c.number.in_([row.number for row in rows]))
        .order_by(delivery_items.c.id)
    )
    under_way: dict[int, list[KeptItem]] = {row.number: [] for row in rows}
    for item in await connection.execute(query):
        under_way[item.number].append(
            KeptItem(item.record_id, item.copy_id, item.loan_id, item.place_id, item.grams, item.title, item.author)
        )
    return {row.number: under_way[row.number] or opened(encryption, row.sealed, Personal).items for row in rows}


async def put_away(connection: AsyncConnection, encryption: Encryption, number: int) -> None:
    """Seal the books of a delivery that is over with what else is personal in it."""
    row = (await connection.execute(select(deliveries).where(deliveries.c.number == number))).one()
    items = tuple((await items_of(connection, (row,), encryption))[number])
    if row.sealed is not None:
        kept = sealed(encryption, replace(opened(encryption, row.sealed, Personal), items=items))
        await connection.execute(update(deliveries).where(deliveries.c.number == number).values(sealed=kept))
    await connection.execute(delete(delivery_items).where(delivery_items.c.number == number))


async def forget_items(connection: AsyncConnection, encryption: Encryption, reader: str) -> None:
    """Forget the books of deliveries that are over; `reader` is the pseudonym under which they stand."""
    query = select(deliveries).where(deliveries.c.reader == reader, deliveries.c.ended.is_not(None))
    for row in (await connection.execute(query)).all():
        personal = opened(encryption, row.sealed, Personal)
        if personal.items:
            kept = sealed(encryption, replace(personal, items=()))
            await connection.execute(update(deliveries).where(deliveries.c.number == row.number).values(sealed=kept))


def old_delivery_rows(kept: RetentionDays, now: datetime) -> tuple[OldRows, ...]:
    """Return the tables with what `kept` lets go at `now`, an aware moment: nothing of a delivery that is open."""

    def older(days: int) -> datetime:
        return now - timedelta(days=days)

    over = select(deliveries.c.number).where(deliveries.c.ended < older(kept.outbox))
    long_over = select(deliveries.c.number).where(deliveries.c.ended < older(kept.trips))
    return (
        (outbox, and_(outbox.c.state == "done", outbox.c.number.in_(over))),
        (trips, and_(trips.c.closed, trips.c.number.in_(long_over))),
        (courier_events, courier_events.c.at < older(kept.courier_events)),
        (staff_tasks, staff_tasks.c.done < older(kept.tasks)),
    )
