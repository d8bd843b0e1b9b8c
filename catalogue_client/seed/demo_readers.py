"""The readers of demonstration.toml: a newcomer can try holds, renewals and deliveries at once.

Their tickets and PINs are published with the program. They belong into a demonstration and nowhere else.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.entitlements import Entitlement, keep_right
from catalogue_client.circulation.items import ON_LOAN, ON_SHELF
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.schema import copies, loans, readers, records

READERS = Path(__file__).with_name("demo_readers.toml")
LOAN_DAYS = 15


async def invite(connection: AsyncConnection, secrecy: Encryption, today: date) -> None:
    """Add the demonstration readers to a store that has no readers at all."""
    if await connection.scalar(select(readers.c.ticket).limit(1)) is not None:
        return
    for reader in published():
        await connection.execute(insert(readers).values(await _reader(reader, secrecy, today)))
        if days := reader.get("deliveries_for_days"):
            right = Entitlement(until=today + timedelta(days=days))
            await keep_right(connection, secrecy, reader["ticket"], right)
        await _lend(connection, reader["ticket"], reader.get("loans", []), today)


def published() -> list[dict[str, Any]]:
    """The tables of demonstration.toml: ticket, pin, name, phone and more."""
    return list(tomllib.loads(READERS.read_text(encoding="utf-8"))["reader"])


async def open_accounts(connection: AsyncConnection, secrecy: Encryption) -> tuple[str, ...]:
    """The tickets of demonstration.toml that let in whoever knows their published PIN."""
    hashes = await _rows(connection)
    return tuple(
        [
            reader["ticket"]
            for reader in published()
            if (row := hashes.get(reader["ticket"]))
            and await secrecy.fits(row.pin_hash, reader["ticket"], reader["pin"])
        ]
    )


async def invented(connection: AsyncConnection, secrecy: Encryption) -> tuple[str, ...]:
    """The tickets of demonstration.toml whose reader is still the invented one, by name and telephone number."""
    rows = await _rows(connection)
    return tuple(
        reader["ticket"]
        for reader in published()
        if (row := rows.get(reader["ticket"]))
        and (secrecy.unseal(row.name), secrecy.unseal(row.phone)) == (reader["name"], reader["phone"])
    )


async def _rows(connection: AsyncConnection) -> dict[str, Row[Any]]:
    tickets = [reader["ticket"] for reader in published()]
    return {row.ticket: row for row in await connection.execute(select(readers).where(readers.c.ticket.in_(tickets)))}


async def _reader(reader: dict[str, Any], secrecy: Encryption, today: date) -> dict[str, Any]:
    return {
        "ticket": reader["ticket"],
        "name": secrecy.seal(reader["name"]),
        "pin_hash": await secrecy.hash_pin(reader["ticket"], reader["pin"]),
        "phone": secrecy.seal(reader["phone"]),
        "address": secrecy.seal(reader["address"]) if "address" in reader else None,
        "since": today,
    }


async def _lend(connection: AsyncConnection, ticket: str, wanted: list[dict[str, Any]], today: date) -> None:
    """Lend one copy each of the most read records that stand on a shelf."""
    on_shelf = (
        select(copies.c.id, copies.c.record_id)
        .join(records, records.c.id == copies.c.record_id)
        .where(copies.c.status == ON_SHELF)
        .order_by(records.c.popularity.desc(), records.c.id, copies.c.id)
    )
    first: dict[str, int] = {}
    if wanted:
        for copy_id, record_id in await connection.execute(on_shelf.limit(50 * len(wanted))):
            first.setdefault(record_id, copy_id)
    for loan, (record_id, copy_id) in zip(wanted, first.items(), strict=False):
        due = today + timedelta(days=loan["due"])
        renewals = loan.get("renewals", 0)
        new = {"ticket": ticket, "record_id": record_id, "copy_id": copy_id, "due": due, "renewals": renewals}
        await connection.execute(
            insert(loans).values(new | {"since": due - timedelta(days=LOAN_DAYS * (1 + renewals))})
        )
        await connection.execute(update(copies).where(copies.c.id == copy_id).values(status=ON_LOAN))
