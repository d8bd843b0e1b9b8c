"""A reader's right to home delivery as it is kept: sealed, under a pseudonym."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.store.encryption import Encryption, opened, sealed
from catalogue_client.store.schema import entitlements
from catalogue_client.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Why a reader may have deliveries: who looked at what paper. Never the diagnosis, never a copy of the paper."""

    verified_by: str = ""
    paper: str = ""
    """The kind of paper only, such as "certificate of disability"."""
    district: str = ""
    may_tell: bool = False
    """The reader agreed that a courier may be informed that the reader does not see."""
    until: date | None = None
    """The last day of the right; None for none."""


async def right_of(connection: AsyncConnection, encryption: Encryption, ticket: str) -> Entitlement:
    """Return what is known of a reader's right; empty when there is none.

    Raises cryptography's InvalidTag when it was sealed with another pepper.
    """
    reader = encryption.pseudonym("reader", ticket)
    kept = await connection.scalar(select(entitlements.c.sealed).where(entitlements.c.reader == reader))
    return opened(encryption, kept, Entitlement)


async def keep_right(connection: AsyncConnection, encryption: Encryption, ticket: str, right: Entitlement) -> None:
    """Keep a reader's right, in place of the one before."""
    reader = encryption.pseudonym("reader", ticket)
    await upsert(connection, entitlements, {"reader": reader, "sealed": sealed(encryption, right)})
