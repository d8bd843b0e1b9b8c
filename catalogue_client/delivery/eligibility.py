"""Whether a reader may have these books brought or fetched: the rules, each with the name of its refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.delivery.delivery_policy import City, DeliveryPolicy
from catalogue_client.delivery.delivery_schema import deliveries, delivery_items
from catalogue_client.delivery.row_mapping import is_open
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.schema import loans, records


def check_reader(row: Row[Any], right: Entitlement, encryption: Encryption, rules: DeliveryPolicy, today: date) -> None:
    """Raises Refused (not_eligible, no_address, outside_city)."""
    if right.until is None or right.until < today or (row.temporary and not rules.limits.new_readers_sign_at_door):
        raise Refused("not_eligible")
    address = encryption.unseal(row.address)
    if not address:
        raise Refused("no_address")
    if outside(address, rules.city):
        raise Refused("outside_city")


def outside(address: str, city: City) -> bool:
    """Return whether an address names a settlement or district outside the city."""
    places = {place.casefold() for place in city.outside}
    return any(part.strip().casefold() in places for part in address.split(","))


async def check_open(connection: AsyncConnection, reader: str, kind: str, rules: DeliveryPolicy) -> None:
    """Raises Refused("one_delivery_only") when the reader has as many on the way as is allowed."""
    mine = select(func.count()).where(deliveries.c.reader == reader, deliveries.c.kind == kind, is_open())
    if (await connection.scalar(mine) or 0) >= rules.limits.open:
        raise Refused("one_delivery_only")


async def check_books(
    connection: AsyncConnection, ticket: str, record_ids: Sequence[str], most_loans: int, rules: DeliveryPolicy
) -> None:
    """Raises NotFound and Refused (too_many_items, may_not_travel, already_loaned, too_many_loans)."""
    if not record_ids:
        raise NotFound("no book was named")
    if len(record_ids) > rules.limits.items:
        raise Refused("too_many_items", number=rules.limits.items)
    query = select(records.c.id, records.c.title, records.c.reading_room_only).where(records.c.id.in_(record_ids))
    found = {row.id: row for row in await connection.execute(query)}
    for record_id in record_ids:
        if record_id not in found:
            raise NotFound(f"no record {record_id!r}")
        if found[record_id].reading_room_only:
            raise Refused("may_not_travel", title=found[record_id].title)
    at_home = select(loans.c.record_id).where(loans.c.ticket == ticket, loans.c.returned.is_(None))
    have = (await connection.scalars(at_home)).all()
    if set(have) & set(record_ids):
        raise Refused("already_loaned")
    if len(have) + len(record_ids) > most_loans:
        raise Refused("too_many_loans", number=most_loans)


async def is_coming(connection: AsyncConnection, reader: str, record_id: str) -> bool:
    """Return whether an open delivery brings the record to the reader (pseudonym)."""
    coming = (
        select(delivery_items.c.id)
        .join(deliveries, deliveries.c.number == delivery_items.c.number)
        .where(
            deliveries.c.reader == reader,
            deliveries.c.ended.is_(None),
            delivery_items.c.record_id == record_id,
            delivery_items.c.loan_id.is_(None),
        )
    )
    return await connection.scalar(coming.limit(1)) is not None


def for_courier(note: str, may_tell: bool, rules: DeliveryPolicy) -> str:
    """Return a reader's note for the courier.

    The parts that say why the reader has deliveries are left out, unless `may_tell`: the reader agreed to share them.
    """
    private = rules.notes.private
    if may_tell or not any(word in note.casefold() for word in private):
        return note.strip()
    parts = [part.strip() for part in note.replace(";", ",").replace(".", ",").split(",")]
    return ", ".join(part for part in parts if part and not any(word in part.casefold() for word in private))
