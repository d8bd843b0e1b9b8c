"""What readers have put aside for later and the authors they follow: under pseudonyms, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import Refused
from catalogue_client.store.encryption import opened, sealed
from catalogue_client.store.idempotency import once
from catalogue_client.store.reading_schema import reader_lists
from catalogue_client.store.upsert import upsert
from catalogue_client.values.accounts import FollowedAuthor
from languages.folding import fold

NOTHING = TypeAdapter[None](None)
SHELF, AUTHOR = "shelf", "author"
MOST = 100
"""Entries of one kind that a reader may have."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ShelvedRecord:
    """What is sealed of one book that was put aside."""

    record_id: str = ""


@dataclass(frozen=True, slots=True)
class KeptAuthor:
    """What is sealed of one author that is followed."""

    author: str = ""
    known: tuple[str, ...] = ()


class EmbeddedReaderLists:
    """Implements the protocol ReaderLists with the embedded store; the readers may be another system's."""

    def __init__(self, context: StoreContext) -> None:
        self._context = context

    async def shelf(self, ticket: str) -> tuple[str, ...]:
        """Return record ids, the latest first."""
        return tuple(kept.record_id for kept in await self._entries(ticket, SHELF, ShelvedRecord))

    async def put_aside(self, ticket: str, record_id: str, *, key: str) -> None:
        """Raises Refused("shelf_full")."""
        await self._keep(ticket, SHELF, record_id, ShelvedRecord(record_id), key)

    async def take_off(self, ticket: str, record_id: str, *, key: str) -> None:
        """Twice is once."""
        await self._drop(ticket, SHELF, record_id, key)

    async def followed_authors(self, ticket: str) -> tuple[FollowedAuthor, ...]:
        """Return them, the latest first."""
        found = await self._entries(ticket, AUTHOR, KeptAuthor)
        return tuple(FollowedAuthor(kept.author, kept.known) for kept in found)

    async def follow_author(self, ticket: str, author: str, known: Sequence[str], *, key: str) -> None:
        """Raises Refused("shelf_full")."""
        await self._keep(ticket, AUTHOR, _same(author), KeptAuthor(author, tuple(known)), key)

    async def unfollow_author(self, ticket: str, author: str, *, key: str) -> None:
        """Twice is once."""
        await self._drop(ticket, AUTHOR, _same(author), key)

    async def _entries(self, ticket: str, kind: str, of: type[T]) -> list[T]:
        query = select(reader_lists.c.sealed).where(
            reader_lists.c.reader == self._reader(ticket), reader_lists.c.kind == kind
        )
        async with self._context.database.reading() as connection:
            rows = (await connection.scalars(query.order_by(reader_lists.c.at.desc()))).all()
        return [opened(self._context.encryption, row, of) for row in rows]

    async def _keep(self, ticket: str, kind: str, item: str, content: object, key: str) -> None:
        context, reader = self._context, self._reader(ticket)
        now = context.clock()

        async def act() -> None:
            mine = (reader_lists.c.reader == reader) & (reader_lists.c.kind == kind)
            items = (await connection.scalars(select(reader_lists.c.item).where(mine))).all()
            digest = context.encryption.digest(kind, item)
            if len(items) >= MOST and digest not in items:
                raise Refused("shelf_full", number=MOST)
            row = {
                "reader": reader,
                "kind": kind,
                "item": digest,
                "sealed": sealed(context.encryption, content),
                "at": now,
            }
            await upsert(connection, reader_lists, row)

        async with context.database.writing() as connection:
            request = ("keep", reader, kind, item, repr(content))
            await once(connection, context.encryption, key, request, NOTHING, act, now)

    async def _drop(self, ticket: str, kind: str, item: str, key: str) -> None:
        context, reader = self._context, self._reader(ticket)

        async def act() -> None:
            mine = (reader_lists.c.reader == reader) & (reader_lists.c.kind == kind)
            await connection.execute(
                delete(reader_lists).where(mine, reader_lists.c.item == context.encryption.digest(kind, item))
            )

        async with context.database.writing() as connection:
            await once(connection, context.encryption, key, ("drop", reader, kind, item), NOTHING, act, context.clock())

    def _reader(self, ticket: str) -> str:
        return self._context.encryption.pseudonym("reader", ticket)


def _same(author: str) -> str:
    """One author in whatever order the name is written."""
    return " ".join(sorted(fold(author).split()))
