"""What becomes of a delivery: each change of its status, with what that means for the books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.items import KEPT, ON_LOAN
from catalogue_client.circulation.readers import COMPLETE
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries
from catalogue_client.delivery.kept_items import items_of, put_away
from catalogue_client.delivery.outbox import want
from catalogue_client.delivery.row_mapping import ENDED
from catalogue_client.delivery.sealed_data import Personal
from catalogue_client.delivery.staff_messages import StaffLine
from catalogue_client.delivery.used_holds import fulfil, give_back
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.database import for_change
from catalogue_client.store.encryption import opened, sealed
from catalogue_client.store.schema import copies, loans, readers
from catalogue_client.values.shipments import DeliveryStatus

ONWARD: tuple[DeliveryStatus, ...] = ("requested", "confirmed", "preparing", "on_the_way", "arrived", "delivered")
"""The way of a delivery that goes well; steps may be left out."""

ASIDE: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"cancelled", "with_staff"}),
    "confirmed": frozenset({"requested", "cancelled", "with_staff", "failed"}),
    "preparing": frozenset({"requested", "cancelled", "with_staff", "failed"}),
    "on_the_way": frozenset({"requested", "returning", "failed", "with_staff"}),
    "arrived": frozenset({"returning", "failed", "with_staff"}),
    "returning": frozenset({"failed", "with_staff"}),
    "with_staff": frozenset({*ONWARD[1:], "returning", "failed", "cancelled"}),
}
"""From each status, where else it may go. Back to `requested`: the courier gave it back and is asked again."""


def may_become(now: str, then: str) -> bool:
    """Return whether a delivery that is `now` may become `then`."""
    if now in ENDED:
        return False
    forward = now in ONWARD and then in ONWARD and ONWARD.index(cast(Any, now)) < ONWARD.index(cast(Any, then))
    return forward or then in ASIDE[now]


def next_step(now: str) -> DeliveryStatus | None:
    """Return the status after `now` when all goes well; None at an end or off the way."""
    if now not in ONWARD or now == ONWARD[-1]:
        return None
    return ONWARD[ONWARD.index(cast(Any, now)) + 1]


async def locked(connection: AsyncConnection, delivery_id: str | int) -> Row[Any]:
    """Return the row of a delivery, locked where the transaction may change it. Raises NotFound."""
    number = int(delivery_id) if str(delivery_id).isdecimal() and len(str(delivery_id)) < 10 else 0
    query = for_change(connection, select(deliveries).where(deliveries.c.number == number))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound(f"no delivery {delivery_id!r}")
    return row


async def locked_of(connection: AsyncConnection, delivery_id: str, reader: str) -> Row[Any]:
    """Return the row of a reader's own delivery as `locked` does; `reader` is a pseudonym. Raises NotFound."""
    row = await locked(connection, delivery_id)
    if row.reader != reader:
        raise NotFound(f"no delivery {delivery_id!r}")
    return row


async def move(
    connection: AsyncConnection,
    books: DeliveryContext,
    row: Row[Any],
    status: DeliveryStatus,
    actor: str,
    why: StaffLine | None = None,
) -> None:
    """Change the status, and do with the books what that means. The caller has looked at may_become.

    `why` is for staff and the audit; nothing personal in it.
    """
    now = books.clock()
    outcome = (why.said("en") if why else "") or "done"
    ended = now if status in ENDED else None
    here = deliveries.c.number == row.number
    await connection.execute(update(deliveries).where(here).values(status=status, ended=ended))
    await books.audit.note(connection, now, actor, f"delivery_{status}", f"{row.kind} {row.number}", outcome)
    if status == "delivered":
        await (_lend if row.kind == "delivery" else _take_back)(connection, books, row)
    elif status in ("cancelled", "failed") and row.kind == "delivery":
        await _put_back(connection, books, row, now)
    if status in ENDED:
        await put_away(connection, books.encryption, row.number)
    if status in ("cancelled", "failed") and books.is_outside(row.courier_id):
        # Whatever the courier still thinks, nobody shall come any more; a trip that is over is found so at once.
        await want(connection, row.number, "none", now)
    if status in ("failed", "with_staff"):
        about = f"{status}:{row.number}:{now.isoformat() if status == 'with_staff' else ''}"
        line = StaffLine(status, {"number": row.number, "why": why or StaffLine("")})
        await books.tasks.note(connection, "delivery", line, about=about[:64], number=row.number)


async def hand_over(
    connection: AsyncConnection, books: DeliveryContext, row: Row[Any], actor: str, why: StaffLine
) -> None:
    """A person goes on with this delivery; no courier shall come of its own."""
    if may_become(row.status, "with_staff"):
        await move(connection, books, row, "with_staff", actor, why)
    await want(connection, row.number, "none", books.clock())


async def note_courier(
    connection: AsyncConnection,
    books: DeliveryContext,
    row: Row[Any],
    *,
    courier: str | None = None,
    phone: str | None = None,
    expected: datetime | None = None,
) -> None:
    """Keep who comes, how to reach them and when they are expected; None leaves what is known."""
    if courier is None and phone is None and expected is None:
        return
    personal = opened(books.encryption, row.sealed, Personal)
    changed = replace(
        personal,
        courier=personal.courier if courier is None else courier,
        courier_phone=personal.courier_phone if phone is None else phone,
    )
    values: dict[str, object] = {} if changed == personal else {"sealed": sealed(books.encryption, changed)}
    if expected is not None and expected != row.expected:
        values["expected"] = expected
    if values:
        await connection.execute(update(deliveries).where(deliveries.c.number == row.number).values(values))


async def _lend(connection: AsyncConnection, books: DeliveryContext, row: Row[Any]) -> None:
    """The books are with the reader from now on."""
    ticket = opened(books.encryption, row.sealed, Personal).ticket
    if row.signs:
        await connection.execute(update(readers).where(readers.c.ticket == ticket).values(COMPLETE))
    for item in (await items_of(connection, (row,), books.encryption))[row.number]:
        await fulfil(connection, item.copy_id)
        try:
            await books.loans.lend(connection, ticket, item.record_id, item.copy_id)
        except (Refused, NotFound) as error:
            # The book is at the reader's home whatever the rules say: a person sorts that out.
            await books.items.set_status(connection, item.copy_id, ON_LOAN)
            line = StaffLine("unlent", {"number": row.number, "copy": item.copy_id, "code": str(error)})
            await books.tasks.note(connection, "delivery", line, about=f"unlent:{item.copy_id}", number=row.number)


async def _take_back(connection: AsyncConnection, books: DeliveryContext, row: Row[Any]) -> None:
    """The books are back in the library from now on."""
    for item in (await items_of(connection, (row,), books.encryption))[row.number]:
        still_out = select(loans.c.id).where(loans.c.id == item.loan_id, loans.c.returned.is_(None))
        if await connection.scalar(still_out) is not None:  # it may have been returned elsewhere meanwhile
            await books.loans.take_back(connection, str(item.loan_id), row.place_id)


async def _put_back(connection: AsyncConnection, books: DeliveryContext, row: Row[Any], now: datetime) -> None:
    """The copies are free again: for the reader's own hold that they were set aside for, else for whoever waits. What
    stood elsewhere goes back from where it was gathered."""
    for item in (await items_of(connection, (row,), books.encryption))[row.number]:
        status = await connection.scalar(select(copies.c.status).where(copies.c.id == item.copy_id))
        place = row.place_id if status == KEPT else item.place_id
        if await give_back(connection, books.items, item.copy_id, place, now.date()):
            continue
        await books.items.put_back(connection, item.copy_id, item.record_id, place, now.date())
