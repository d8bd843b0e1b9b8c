"""A reader's right to deliveries, address and history: given, exported, deleted in time, erased on request."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.entitlements import Entitlement, keep_right, right_of
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, staff_tasks
from catalogue_client.delivery.eligibility import outside
from catalogue_client.delivery.kept_items import items_of
from catalogue_client.delivery.row_mapping import ENDED, is_open
from catalogue_client.delivery.sealed_data import CallBack, Personal
from catalogue_client.delivery.staff_messages import StaffLine
from catalogue_client.errors import Refused
from catalogue_client.store.encryption import opened
from catalogue_client.store.idempotency import once
from catalogue_client.store.reading_schema import reader_lists, reading_consents, reading_places
from catalogue_client.store.schema import entitlements, holds, loans, readers, records, tries
from catalogue_client.values.accounts import Reader

NOTHING = TypeAdapter[None](None)


class SubjectRights:
    """What the library keeps of a reader for deliveries. Everything here is audited under who did it."""

    def __init__(self, books: DeliveryContext) -> None:
        self._books = books

    async def entitle(self, ticket: str, until: date, right: Entitlement, *, actor: str) -> None:
        """Allow deliveries to a reader until a day, both included. Raises NotFound."""
        reader = self._books.readers.pseudonym(ticket)
        async with self._books.database.writing() as connection:
            await self._books.readers.locked(connection, ticket)
            await keep_right(connection, self._books.encryption, ticket, replace(right, until=until))
            await self._books.audit.note(connection, self._books.clock(), actor, "entitle", reader)

    async def set_address(self, ticket: str, address: str, *, actor: str) -> None:
        """Keep where a reader lives. Raises NotFound and Refused("outside_city")."""
        async with self._books.database.writing() as connection:
            await self._books.readers.locked(connection, ticket)
            await self._keep_address(connection, ticket, address, actor)

    async def keep_own_address(self, ticket: str, address: str, *, key: str) -> Reader:
        """Keep the address that the reader has confirmed, and return the reader.

        Staff are asked to look at the district, which decides about the rounds. The same key keeps it once. Raises as
        set_address.
        """
        books, me = self._books, self._books.readers.pseudonym(ticket)

        async def act() -> None:
            await self._keep_address(connection, ticket, address, me)
            if (await right_of(connection, books.encryption, ticket)).until is not None:
                line = StaffLine("address")
                about = f"address:{me[-24:]}:{books.clock():%Y%m%d%H%M%S}"
                await books.tasks.note(connection, "delivery", line, about=about, ticket=ticket)

        async with books.database.writing() as connection:
            await books.readers.locked(connection, ticket)
            # Requests are distinguished by a pseudonym of the address.
            request = ("set_address", me, books.encryption.pseudonym("address", address))
            await once(connection, books.encryption, key, request, NOTHING, act, books.clock())
            row = await books.readers.locked(connection, ticket)
            return await books.readers.to_reader(connection, row)

    async def _keep_address(self, connection: AsyncConnection, ticket: str, address: str, actor: str) -> None:
        books, address = self._books, " ".join(address.split())
        if outside(address, books.delivery_policy.city):
            raise Refused("outside_city")
        kept = books.encryption.seal(address) if address else None
        await connection.execute(update(readers).where(readers.c.ticket == ticket).values(address=kept))
        await books.audit.note(connection, books.clock(), actor, "set_address", books.readers.pseudonym(ticket))

    async def delete_old_addresses(self) -> int:
        """Forget address, telephone, note and courier of deliveries that ended long enough ago.

        Return the number of deliveries. Raises LibraryError.
        """
        before = self._books.clock() - timedelta(days=self._books.delivery_policy.limits.address_days)
        old = (
            select(deliveries.c.number)
            .where(deliveries.c.status.in_(ENDED), deliveries.c.ended <= before, deliveries.c.sealed.is_not(None))
            .limit(500)
        )
        async with self._books.database.reading() as connection:
            rows = (await connection.execute(old)).all()
        if not rows:
            return 0
        async with self._books.database.writing() as connection:
            for row in rows:
                await connection.execute(
                    update(deliveries).where(deliveries.c.number == row.number).values(sealed=None)
                )
            now = self._books.clock()
            await self._books.audit.note(connection, now, "system", "delete_addresses", f"{len(rows)} deliveries")
        return len(rows)

    async def export(self, ticket: str, *, actor: str) -> dict[str, Any]:
        """Return all that is kept of a reader, for the reader. Raises NotFound."""
        books = self._books
        contact, zone = await books.readers.contact(ticket), books.clock().tzinfo
        reader = books.readers.pseudonym(ticket)
        async with books.database.writing() as connection:
            right = await right_of(connection, books.encryption, ticket)
            rows = (await connection.execute(select(deliveries).where(deliveries.c.reader == reader))).all()
            items = await items_of(connection, rows, books.encryption)
            calls = select(staff_tasks).where(staff_tasks.c.reader == reader)
            callbacks = [opened(books.encryption, row.sealed, CallBack) for row in await connection.execute(calls)]
            had = select(records.c.title, loans.c.since, loans.c.due, loans.c.returned).join(
                records, records.c.id == loans.c.record_id
            )
            lent = (await connection.execute(had.where(loans.c.ticket == ticket).order_by(loans.c.id))).all()
            asked = select(records.c.title, holds.c.placed, holds.c.status).join(
                records, records.c.id == holds.c.record_id
            )
            held = (await connection.execute(asked.where(holds.c.ticket == ticket).order_by(holds.c.id))).all()
            marked = select(reading_places.c.sealed).where(reading_places.c.reader == reader)
            places = [json.loads(books.encryption.unseal(each)) for each in await connection.scalars(marked)]
            listed = select(reader_lists.c.kind, reader_lists.c.sealed).where(reader_lists.c.reader == reader)
            rows_listed = (await connection.execute(listed)).all()
            lists = [(row.kind, json.loads(books.encryption.unseal(row.sealed))) for row in rows_listed]
            kept = select(readers.c.preferences, readers.c.temporary, readers.c.keeps_history)
            reader_row = (await connection.execute(kept.where(readers.c.ticket == ticket))).one()
            await books.audit.note(connection, books.clock(), actor, "export", reader)
        return {
            "ticket": ticket,
            "contact": asdict(contact),
            "right": asdict(right) | {"until": right.until.isoformat() if right.until else ""},
            "deliveries": [
                {
                    "number": row.number,
                    "kind": row.kind,
                    "status": row.status,
                    "window": [moment.astimezone(zone).isoformat() for moment in (row.starts, row.ends)],
                    "titles": [item.title for item in items[row.number]],
                    **asdict(replace(opened(books.encryption, row.sealed, Personal), ticket="", items=())),
                }
                for row in rows
            ],
            "callbacks": [asdict(call) for call in callbacks],
            "loans": [
                {"title": row.title, "since": f"{row.since}", "due": f"{row.due}", "returned": f"{row.returned or ''}"}
                for row in lent
            ],
            "holds": [{"title": row.title, "placed": row.placed.isoformat(), "status": row.status} for row in held],
            "preferences": json.loads(reader_row.preferences or "{}"),
            "temporary": reader_row.temporary,
            "keeps_history": reader_row.keeps_history,
            "reading": places,
            "shelf": [entry for kind, entry in lists if kind == "shelf"],
            "authors": [entry["author"] for kind, entry in lists if kind == "author"],
        }

    async def erase(self, ticket: str, *, actor: str) -> None:
        """Forget address, telephone, right, deliveries, call-backs, settings, places in books and
        what was read and is back. Ticket,
        name, books that are out and the audit stay: the library has to know who has its books. Raises NotFound, and
        Refused("one_delivery_only") while a delivery is open."""
        books = self._books
        reader = books.readers.pseudonym(ticket)
        async with books.database.writing() as connection:
            await books.readers.locked(connection, ticket)
            mine = deliveries.c.reader == reader
            if await connection.scalar(select(deliveries.c.number).where(mine, is_open()).limit(1)) is not None:
                raise Refused("one_delivery_only")
            await connection.execute(update(deliveries).where(mine).values(reader="", sealed=None))
            for table in (entitlements, reader_lists, reading_places, reading_consents):
                await connection.execute(delete(table).where(table.c.reader == reader))
            await connection.execute(
                update(staff_tasks).where(staff_tasks.c.reader == reader).values(reader="", sealed=None)
            )
            back = (loans.c.ticket == ticket) & loans.c.returned.is_not(None)
            await connection.execute(update(loans).where(back).values(ticket=None))
            await connection.execute(
                delete(tries).where(tries.c.subject == books.encryption.pseudonym("ticket", ticket))
            )
            nothing = {"address": None, "phone": None, "preferences": "{}", "keeps_history": False}
            await connection.execute(update(readers).where(readers.c.ticket == ticket).values(nothing))
            await books.audit.note(connection, books.clock(), actor, "erase", reader)
