"""A reader's right to home delivery as it is kept: sealed, under a pseudonym."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.delivery.delivery_schema import entitlements
from catalogue_client.delivery.sealed_data import Entitlement, opened, sealed
from catalogue_client.store.encryption import Encryption


async def right_of(connection: AsyncConnection, secrecy: Encryption, ticket: str) -> Entitlement:
    """What is known of a reader's right; empty when there is none."""
    reader = secrecy.pseudonym("reader", ticket)
    kept = await connection.scalar(select(entitlements.c.sealed).where(entitlements.c.reader == reader))
    return opened(secrecy, kept, Entitlement)


async def keep_right(connection: AsyncConnection, secrecy: Encryption, ticket: str, right: Entitlement) -> None:
    """Keep it in place of the one before."""
    kept = sealed(secrecy, right)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(entitlements).values(reader=secrecy.pseudonym("reader", ticket), sealed=kept)
    await connection.execute(new.on_conflict_do_update(index_elements=[entitlements.c.reader], set_={"sealed": kept}))
