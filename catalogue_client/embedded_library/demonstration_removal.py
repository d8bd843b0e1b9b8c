"""Takes a demonstration out of a store: its readers, the works that ship and the invented copies of them.

What a person has added stays: imported records, other readers, and works that such a reader has, waits for or had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, delivery_items, outbox, staff_tasks, trips
from catalogue_client.delivery.row_mapping import is_open
from catalogue_client.delivery.state_machine import may_become, move
from catalogue_client.errors import StorageError
from catalogue_client.search.indexer import Indexer
from catalogue_client.seed.demo_readers import invented, open_accounts, published
from catalogue_client.store.change_feed import announce
from catalogue_client.store.database import take_turns
from catalogue_client.store.purpose import Purpose, decide, purpose_of
from catalogue_client.store.schema import copies, entitlements, facts, holds, loans, readers, records, tries

BATCH = 500
"""Ids in one statement: SQLite takes a limited number of values."""
ID_LENGTH = 11
"""Of a work that ships: "w" and ten hexadecimal digits, see works/__init__.py. Imported records begin otherwise."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out, and what stays because a person has to do with it."""

    readers: tuple[str, ...]
    """Tickets of the invented readers that were in the store."""
    changed: tuple[str, ...]
    """Published tickets that stay, since somebody has changed their name or number; a published PIN opens none."""
    works: int
    copies: int
    kept: tuple[str, ...]
    """Titles of works that stay: a reader of the library's own has, had or wants them."""


class Demonstration:
    """Whether a store is a demonstration, and how it stops being one."""

    def __init__(self, books: DeliveryContext, follower: Indexer) -> None:
        self._books = books
        self._follower = follower

    async def purpose(self) -> Purpose | None:
        """What was decided; None while nothing was."""
        async with self._books.database.reading() as connection:
            return await purpose_of(connection)

    async def open_accounts(self) -> tuple[str, ...]:
        """Published tickets that let in whoever knows their published PIN."""
        async with self._books.database.reading() as connection:
            return await open_accounts(connection, self._books.encryption)

    async def keep(self, *, actor: str) -> None:
        """Decide that this store is a demonstration; nothing is put in or taken out now. Audited under `actor`."""
        async with self._books.database.writing() as connection:
            await decide(connection, Purpose.DEMONSTRATION)
            await self._books.audit.note(connection, self._books.clock(), actor, "keep_demonstration", "store")

    async def remove(self, *, actor: str) -> Removed:
        """Make the store a library's own, in one transaction. Audited under `actor`.

        Raises StorageError when an invented reader has a delivery that cannot be cancelled any more.
        """
        books = self._books
        async with books.database.writing() as connection:
            await take_turns(connection, "opening")
            gone = await invented(connection, books.encryption)
            await self._forget_deliveries(connection, gone, actor)
            await self._forget_readers(connection, gone)
            shut = await open_accounts(connection, books.encryption)
            await connection.execute(update(readers).where(readers.c.ticket.in_(shut)).values(pin_hash=""))
            works, invented_copies, kept = await _forget_works(connection)
            await connection.execute(delete(facts).where(facts.c.name == "works"))
            await decide(connection, Purpose.LIBRARY)
            subject = f"{len(gone)} readers, {works} works, {invented_copies} copies"
            await books.audit.note(connection, books.clock(), actor, "remove_demonstration", subject)
            tickets = [reader["ticket"] for reader in published()]
            changed = select(readers.c.ticket).where(readers.c.ticket.in_(tickets)).order_by(readers.c.ticket)
            stayed = tuple((await connection.scalars(changed)).all())
        await self._follower.catch_up()
        return Removed(gone, stayed, works, invented_copies, kept)

    async def _forget_deliveries(self, connection: AsyncConnection, tickets: Sequence[str], actor: str) -> None:
        books = self._books
        theirs = deliveries.c.reader.in_([books.readers.pseudonym(ticket) for ticket in tickets])
        for row in (await connection.execute(select(deliveries).where(theirs, is_open()))).all():
            if books.is_outside(row.courier_id) or not may_become(row.status, "cancelled"):
                raise StorageError(
                    f"the delivery {row.number} of a demonstration reader is {row.status}: bring it to its end first "
                    f"with `dauys deliveries advance {row.number}`. Nothing was removed"
                )
            await move(connection, books, row, "cancelled", actor)
        numbers = (await connection.scalars(select(deliveries.c.number).where(theirs))).all()
        pseudonyms = [books.readers.pseudonym(ticket) for ticket in tickets]
        await connection.execute(delete(staff_tasks).where(staff_tasks.c.reader.in_(pseudonyms)))
        for batch in _batches(numbers):
            for table in (staff_tasks, outbox, trips, delivery_items, deliveries):
                await connection.execute(delete(table).where(table.c.number.in_(batch)))

    async def _forget_readers(self, connection: AsyncConnection, tickets: Sequence[str]) -> None:
        """With their loans and holds; copies that they had go to the next who waits, or back on the shelf."""
        books, today = self._books, self._books.clock().date()
        with_copy = select(copies.c.id, copies.c.record_id, copies.c.place_id)
        out = with_copy.join(loans, loans.c.copy_id == copies.c.id).where(
            loans.c.ticket.in_(tickets), loans.c.returned.is_(None)
        )
        aside = with_copy.join(holds, holds.c.copy_id == copies.c.id).where(
            holds.c.ticket.in_(tickets), holds.c.status.in_(("waiting", "ready"))
        )
        free = [*(await connection.execute(out)).all(), *(await connection.execute(aside)).all()]
        for table in (loans, holds):
            await connection.execute(delete(table).where(table.c.ticket.in_(tickets)))
        for copy in free:
            await books.items.put_back(connection, copy.id, copy.record_id, copy.place_id, today)
        pseudonyms = [books.encryption.pseudonym("ticket", ticket) for ticket in tickets]
        await connection.execute(delete(tries).where(tries.c.subject.in_(pseudonyms)))
        rights = [books.readers.pseudonym(ticket) for ticket in tickets]
        await connection.execute(delete(entitlements).where(entitlements.c.reader.in_(rights)))
        await connection.execute(delete(readers).where(readers.c.ticket.in_(tickets)))


async def _forget_works(connection: AsyncConnection) -> tuple[int, int, tuple[str, ...]]:
    """How many works and copies were taken out, and the titles of works that stay with the copies that are needed."""
    shipped = set((await connection.scalars(select(records.c.id).where(_ships(records.c.id)))).all())
    bound, needed = await _bound(connection)
    taken = sorted(shipped - bound)
    removed = 0
    for batch in _batches(sorted(shipped)):
        theirs = (await connection.scalars(select(copies.c.id).where(copies.c.record_id.in_(batch)))).all()
        ids = [copy_id for copy_id in theirs if copy_id not in needed]
        removed += len(ids)
        for some in _batches(ids):
            await connection.execute(delete(loans).where(loans.c.copy_id.in_(some)))  # returned, and nobody's by now
            await connection.execute(delete(copies).where(copies.c.id.in_(some)))
    for batch in _batches(taken):
        await connection.execute(delete(holds).where(holds.c.record_id.in_(batch)))  # closed, and nobody's by now
        await connection.execute(delete(records).where(records.c.id.in_(batch)))
    await announce(connection, taken)
    titles: list[str] = []
    for batch in _batches(sorted(shipped & bound)):
        titles += (await connection.scalars(select(records.c.title).where(records.c.id.in_(batch)))).all()
    return len(taken), removed, tuple(sorted(titles))


async def _bound(connection: AsyncConnection) -> tuple[set[str], set[int]]:
    """Works that ship, and copies of them, with which a reader who stays has to do."""
    works: set[str] = set()
    needed: set[int] = set()
    for table, mine in (
        (loans, loans.c.ticket.is_not(None) | loans.c.returned.is_(None)),
        (holds, holds.c.ticket.is_not(None)),
        (delivery_items, delivery_items.c.number.is_not(None)),
    ):
        found = select(table.c.record_id, table.c.copy_id).where(_ships(table.c.record_id), mine)
        for record_id, copy_id in await connection.execute(found):
            works.add(record_id)
            needed |= {copy_id} if copy_id is not None else set()
    return works, needed


def _ships(record_id: ColumnElement[str]) -> ColumnElement[bool]:
    return record_id.like("w%") & (func.length(record_id) == ID_LENGTH)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
