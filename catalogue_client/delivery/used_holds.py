"""Holds that a delivery uses up: fulfilled when the books are brought, given back when they are not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.items import IN_TRANSIT, KEPT, ItemStore
from catalogue_client.store.schema import OPEN_HOLD, USED_HOLD, closed_hold, holds


async def used(connection: AsyncConnection, copy_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the copies for which a reader's own hold was used up."""
    query = select(holds.c.copy_id).where(holds.c.copy_id.in_(tuple(copy_ids)), holds.c.status == USED_HOLD)
    return frozenset((await connection.scalars(query)).all())


async def use_up(connection: AsyncConnection, ticket: str, record_id: str, copy_id: int) -> None:
    """Bind the hold of a reader who waits for the book to the copy that comes in a parcel.

    No other copy is set aside for it meanwhile.
    """
    mine = (holds.c.ticket == ticket) & (holds.c.record_id == record_id) & holds.c.copy_id.is_(None)
    waiting = mine & (holds.c.status == "waiting")
    await connection.execute(update(holds).where(waiting).values(status=USED_HOLD, copy_id=copy_id))


async def fulfil(connection: AsyncConnection, copy_id: int) -> None:
    """Close the hold that was used up for a copy: it is with the reader."""
    mine = (holds.c.copy_id == copy_id) & (holds.c.status == USED_HOLD)
    await connection.execute(update(holds).where(mine).values(closed_hold("collected")))


async def give_back(connection: AsyncConnection, shelves: ItemStore, copy_id: int, place_id: str, today: date) -> bool:
    """Open the hold again that was used up for a copy, which stands at `place_id` now, and keep the copy for it.

    The hold has its number still, and with it its place among those who wait. False when there was no such hold, or the
    reader has asked for the same book again meanwhile: then the copy is free.
    """
    query = select(holds).where(holds.c.copy_id == copy_id, holds.c.status == USED_HOLD).with_for_update()
    hold = (await connection.execute(query)).one_or_none()
    if hold is None:
        return False
    this = update(holds).where(holds.c.id == hold.id)
    same = (holds.c.ticket == hold.ticket) & (holds.c.record_id == hold.record_id) & holds.c.status.in_(OPEN_HOLD)
    if await connection.scalar(select(holds.c.id).where(same)) is not None:
        await connection.execute(this.values(closed_hold("cancelled")))
        return False
    if hold.place_id != place_id:
        await shelves.set_status(connection, copy_id, IN_TRANSIT, place_id)
        await connection.execute(this.values(status="waiting", expires=None))
        return True
    await shelves.set_status(connection, copy_id, KEPT, place_id)
    # The days that it was in the parcel are not the reader's fault: a term that ran out meanwhile begins again.
    over = hold.expires is None or hold.expires < today
    expires = shelves.kept_until(place_id, today) if over else hold.expires
    await connection.execute(this.values(status="ready", expires=expires))
    return True
