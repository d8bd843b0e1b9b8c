"""Versioned statements: the newest of a subject is in force, and every one before can be put in force again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import NotFound
from catalogue_client.knowledge.errors import ChangedMeanwhile
from catalogue_client.knowledge.knowledge_schema import statements
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database, take_turns


@dataclass(frozen=True, slots=True)
class Statement:
    """One version of what is said about a subject."""

    number: int
    subject: str
    value: Mapping[str, Any]
    """Of JSON; empty when what was said before was taken back."""
    by: str
    at: datetime


class Statements:
    """Keeps them in the library's database, so that every node says the same from the next question on."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    async def current(self, kind: str) -> dict[str, Statement]:
        """Return what is in force about all subjects "kind:…", by the part after the colon. Raises LibraryError."""
        newest = select(func.max(statements.c.number)).where(statements.c.subject.startswith(f"{kind}:"))
        query = select(statements).where(statements.c.number.in_(newest.group_by(statements.c.subject)))
        async with self._database.reading() as connection:
            found = [self._read(row) for row in await connection.execute(query.order_by(statements.c.subject))]
        return {each.subject.partition(":")[2]: each for each in found if each.value}

    async def history(self, subject: str) -> tuple[Statement, ...]:
        """Return every version of a subject, the newest first. Raises LibraryError."""
        query = select(statements).where(statements.c.subject == subject).order_by(statements.c.number.desc())
        async with self._database.reading() as connection:
            return tuple(self._read(row) for row in await connection.execute(query))

    async def write(self, subject: str, value: Mapping[str, Any], by: str, *, after: int) -> int:
        """Put `value` in force and return its number. `after` is the newest number that its writer has seen, 0 for
        none.

        A value that is in force already is kept once. Raises ChangedMeanwhile, LibraryError.
        """
        async with self._database.writing() as connection:
            await take_turns(connection, f"statement:{subject}")
            newest = await self._newest(connection, subject)
            if newest is not None and dict(newest.value) == dict(value):
                return newest.number
            if (newest.number if newest else 0) != after:
                raise ChangedMeanwhile(f"{subject} was changed meanwhile")
            return await self._add(connection, subject, value, by)

    async def restore(self, subject: str, number: int, by: str) -> int:
        """Put an earlier version in force again, as a new one, and return its number. Raises NotFound, LibraryError."""
        async with self._database.writing() as connection:
            await take_turns(connection, f"statement:{subject}")
            here = (statements.c.subject == subject) & (statements.c.number == number)
            row = (await connection.execute(select(statements).where(here))).one_or_none()
            if row is None:
                raise NotFound(f"no version {number} of {subject}")
            newest, earlier = await self._newest(connection, subject), self._read(row)
            if newest is not None and dict(newest.value) == dict(earlier.value):
                return newest.number
            return await self._add(connection, subject, earlier.value, by)

    async def _newest(self, connection: AsyncConnection, subject: str) -> Statement | None:
        query = select(statements).where(statements.c.subject == subject).order_by(statements.c.number.desc()).limit(1)
        row = (await connection.execute(query)).one_or_none()
        return None if row is None else self._read(row)

    async def _add(self, connection: AsyncConnection, subject: str, value: Mapping[str, Any], by: str) -> int:
        now = self._clock()
        kept = json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
        new = insert(statements).values(subject=subject, value=kept, by=by, at=now).returning(statements.c.number)
        number = await connection.scalar(new)
        assert number is not None
        await self._audit.note(connection, now, by, "state" if value else "take_back", f"{subject}, version {number}")
        return int(number)

    def _read(self, row: Row[Any]) -> Statement:
        return Statement(
            row.number, row.subject, json.loads(row.value), row.by, row.at.astimezone(self._clock().tzinfo)
        )
