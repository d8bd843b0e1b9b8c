"""What is to be brought to a reader or fetched from one, once the rules have said yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.entitlements import Entitlement, right_of
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.eligibility import check_books, check_open, check_reader
from catalogue_client.delivery.picking import pick, take
from catalogue_client.delivery.used_holds import use_up
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.schema import copies, loans

OrderKind = Literal["delivery", "collection"]


@dataclass(frozen=True, slots=True)
class Order:
    """What a booking is made of, once the rules have said yes."""

    kind: OrderKind
    place_id: str
    items: tuple[dict[str, object], ...]
    grams: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """The reader as the books know them."""

    row: Row[Any]
    right: Entitlement


async def who_is(books: DeliveryContext, connection: AsyncConnection, ticket: str) -> Recipient:
    """Return the reader, locked until the transaction ends. Raises NotFound."""
    row = await books.readers.locked(connection, ticket)
    return Recipient(row, await right_of(connection, books.encryption, ticket))


async def delivery_order(
    books: DeliveryContext,
    connection: AsyncConnection,
    who: Recipient,
    record_ids: Sequence[str],
    *,
    taking: bool = False,
) -> Order:
    """Return the order of a delivery; with `taking` their copies come off the shelf list.

    Raises as Bookings.book_delivery.
    """
    reader = who.row
    check_reader(reader, who.right, books.encryption, books.delivery_policy, books.clock().date())
    await check_open(connection, books.readers.pseudonym(reader.ticket), "delivery", books.delivery_policy)
    await check_books(connection, reader.ticket, record_ids, books.most_loans(reader.category), books.delivery_policy)
    branch, picked = await pick(connection, reader.ticket, record_ids, books.delivery_policy, books.places)
    if taking:
        await take(connection, branch, picked)
        for item in picked:
            await use_up(connection, reader.ticket, item.record_id, item.copy_id)
    items = tuple(
        {"record_id": item.record_id, "copy_id": item.copy_id, "place_id": item.place_id, "grams": item.grams}
        for item in picked
    )
    return Order("delivery", branch, items, sum(item.grams for item in picked))


async def collection_order(
    books: DeliveryContext,
    connection: AsyncConnection,
    who: Recipient,
    loan_ids: Sequence[str],
    *,
    taking: bool = False,
) -> Order:
    """Return the order of a collection, of all loans when none is named. Raises as Bookings.book_collection."""
    reader = who.row
    check_reader(reader, who.right, books.encryption, books.delivery_policy, books.clock().date())
    await check_open(connection, books.readers.pseudonym(reader.ticket), "collection", books.delivery_policy)
    at_home = (
        select(loans.c.id.label("loan_id"), loans.c.record_id, loans.c.copy_id, copies.c.place_id, copies.c.format)
        .join(copies, copies.c.id == loans.c.copy_id)
        .where(loans.c.ticket == reader.ticket, loans.c.returned.is_(None))
        .order_by(loans.c.due, loans.c.id)
    )
    rows = [row for row in await connection.execute(at_home) if not loan_ids or str(row.loan_id) in loan_ids]
    if not rows:
        raise Refused("nothing_to_collect")
    if len(rows) < len(loan_ids):
        raise NotFound("one of the loans is not the reader's, or is over")
    if len(rows) > books.delivery_policy.limits.items:
        raise Refused("too_many_items", number=books.delivery_policy.limits.items)
    items = tuple(
        {
            "record_id": row.record_id,
            "copy_id": row.copy_id,
            "loan_id": row.loan_id,
            "place_id": row.place_id,
            "grams": books.weight(row.format),
        }
        for row in rows
    )
    grams = sum(books.weight(row.format) for row in rows)
    if grams > books.delivery_policy.limits.grams:
        raise Refused("too_heavy", number=books.delivery_policy.limits.grams // 1000)
    return Order("collection", books.delivery_policy.gathering.place_id, items, grams)
