"""What a store is for: trying everything out, or a library's own readers. Decided once and kept in the store.

It is never guessed from what the store holds: a library that has imported nothing yet is no demonstration.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import StorageError
from catalogue_client.store.schema import facts
from catalogue_client.store.upsert import upsert

FACT = "purpose"


class Purpose(StrEnum):
    """The two kinds of store."""

    DEMONSTRATION = "demonstration"
    """Invented readers with published PINs, the works that ship and invented copies of them."""
    LIBRARY = "library"
    """Nothing that the library has not put in itself."""


async def purpose_of(connection: AsyncConnection) -> Purpose | None:
    """Return what the store is for; None while nobody has decided. Raises StorageError for a word that is not known."""
    kept = await connection.scalar(select(facts.c.value).where(facts.c.name == FACT))
    try:
        return None if kept is None else Purpose(kept)
    except ValueError:
        raise StorageError(f"the store says that it is for {kept!r}, which this program does not know") from None


async def decide(connection: AsyncConnection, purpose: Purpose) -> None:
    """Keep what the store is for, in place of what was decided before."""
    await upsert(connection, facts, {"name": FACT, "value": purpose.value})
