"""What a person has to look at: readers to call back, deliveries that cannot go on by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.delivery.personal import CallBack, opened, sealed
from catalogue_client.delivery.schema import staff_tasks
from catalogue_client.delivery.staff_lines import StaffLine, read
from catalogue_client.errors import NotFound
from catalogue_client.secrecy import Secrecy
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database
from catalogue_client.store.once import once

NUMBER = TypeAdapter(int)


@dataclass(frozen=True, slots=True)
class Task:
    """Something for a person to do."""

    id: int
    kind: str
    """`callback`, `delivery` or `courier`."""
    at: datetime
    line: StaffLine
    """What has happened."""
    delivery_id: str = ""
    ticket: str = ""
    caller: str = ""
    """Where a call-back came from: the line or device."""
    context: str = ""
    """What the reader was doing when a person was asked for."""


class Tasks:
    """Keeps the list. What is personal in it is sealed."""

    def __init__(self, database: Database, secrecy: Secrecy, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._secrecy = secrecy
        self._audit = audit
        self._clock = clock

    async def request_callback(self, ticket: str, caller: str, context: str, *, key: str) -> Task:
        """Note that a librarian is to call a reader back. `ticket` is "" for a caller who was not identified."""
        now = self._clock()
        reader = self._secrecy.pseudonym("reader", ticket) if ticket else ""
        kept = sealed(self._secrecy, CallBack(ticket, caller, context))

        async def act() -> int:
            new = {
                "kind": "callback",
                "reader": reader,
                "line": StaffLine("callback").kept(),
                "sealed": kept,
                "at": now,
            }
            number = await connection.scalar(insert(staff_tasks).values(new).returning(staff_tasks.c.id))
            await self._audit.note(connection, now, reader or "caller", "callback", f"task {number}")
            assert number is not None
            return int(number)

        # The request is told apart by a pseudonym: what is stored with a key stays readable.
        request = ("callback", self._secrecy.pseudonym("callback", f"{ticket}|{caller}|{context}"))
        async with self._database.writing() as connection:
            number = await once(connection, self._secrecy, key, request, NUMBER, act, now)
            row = (await connection.execute(select(staff_tasks).where(staff_tasks.c.id == number))).one()
            return self._task(row)

    async def tasks(self, *kinds: str) -> tuple[Task, ...]:
        """What is still to be done, the oldest first; only of some kinds when any are named."""
        query = select(staff_tasks).where(staff_tasks.c.done.is_(None)).order_by(staff_tasks.c.id)
        if kinds:
            query = query.where(staff_tasks.c.kind.in_(kinds))
        async with self._database.reading() as connection:
            return tuple(self._task(row) for row in await connection.execute(query))

    async def finish(self, task_id: int, actor: str) -> None:
        """Take a task off the list; what it was about is forgotten. Raises NotFound."""
        now = self._clock()
        async with self._database.writing() as connection:
            here = (staff_tasks.c.id == task_id) & staff_tasks.c.done.is_(None)
            done = await connection.execute(update(staff_tasks).where(here).values(done=now, sealed=None, line=""))
            if not done.rowcount:
                raise NotFound(f"no open task {task_id}")
            await self._audit.note(connection, now, actor, "finish_task", f"task {task_id}")

    async def note(
        self,
        connection: AsyncConnection,
        kind: str,
        line: StaffLine,
        *,
        about: str,
        number: int | None = None,
        ticket: str = "",
    ) -> None:
        """Add a line in the caller's transaction. The same `about` is noted once, however often it happens."""
        new: dict[str, object] = {
            "kind": kind,
            "line": line.kept(),
            "about": self._secrecy.digest("about", about),  # it may name a copy or a reader for longer than the task
            "number": number,
            "at": self._clock(),
        }
        if ticket:
            reader = self._secrecy.pseudonym("reader", ticket)
            new |= {"reader": reader, "sealed": sealed(self._secrecy, CallBack(ticket))}
        if connection.dialect.name == "postgresql":
            await connection.execute(postgresql.insert(staff_tasks).values(new).on_conflict_do_nothing())
        else:
            await connection.execute(sqlite.insert(staff_tasks).values(new).on_conflict_do_nothing())

    def _task(self, row: Row[Any]) -> Task:
        told = opened(self._secrecy, row.sealed, CallBack)
        zone = self._clock().tzinfo
        return Task(
            id=row.id,
            kind=row.kind,
            at=row.at.astimezone(zone),
            line=read(row.line),
            delivery_id="" if row.number is None else str(row.number),
            ticket=told.ticket,
            caller=told.caller,
            context=told.context,
        )
