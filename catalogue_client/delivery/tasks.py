"""What a person has to look at: readers to call back, deliveries that cannot go on by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.callers import is_nobody
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.delivery.delivery_schema import staff_tasks
from catalogue_client.delivery.sealed_data import CallBack
from catalogue_client.delivery.staff_messages import StaffLine, read
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.database import take_turns
from catalogue_client.store.encryption import opened, sealed
from catalogue_client.store.idempotency import once
from catalogue_client.store.upsert import insert_if_absent

NUMBER = TypeAdapter(int)
CONTEXTS = "; "
MOST_CONTEXTS = 5


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

    def __init__(self, context: StoreContext) -> None:
        self._database = context.database
        self._encryption = context.encryption
        self._audit = context.audit
        self._clock = context.clock
        self._shared_callers = context.policy.pins.shared_callers

    async def request_callback(self, ticket: str, caller: str, context: str, *, key: str) -> Task:
        """Note that a librarian is to call a reader back. `ticket` is "" for a caller who was not identified. One
        call-back is open for a reader or a line: another request is kept with it.

        Raises Refused("no_number") where there is neither a ticket nor a number to call.
        """
        if not ticket and is_nobody(caller, self._shared_callers):
            raise Refused("no_number")
        now = self._clock()
        reader = self._encryption.pseudonym("reader", ticket) if ticket else ""
        kept = sealed(self._encryption, CallBack(ticket, caller, context))

        about = self._encryption.digest("callback", reader or f"caller {caller}")

        async def act() -> int:
            await take_turns(connection, f"callback {about}")
            here = (staff_tasks.c.about == about) & staff_tasks.c.done.is_(None)
            if (row := (await connection.execute(select(staff_tasks).where(here))).one_or_none()) is not None:
                together = sealed(
                    self._encryption,
                    _with(opened(self._encryption, row.sealed, CallBack), caller, context),
                )
                await connection.execute(update(staff_tasks).where(here).values(sealed=together))
                return int(row.id)
            new = {
                "kind": "callback",
                "about": about,
                "reader": reader,
                "line": StaffLine("callback").kept(),
                "sealed": kept,
                "at": now,
            }
            number = await connection.scalar(insert(staff_tasks).values(new).returning(staff_tasks.c.id))
            await self._audit.note(connection, now, reader or "caller", "callback", f"task {number}")
            assert number is not None
            return int(number)

        # Requests are distinguished by a pseudonym.
        request = ("callback", self._encryption.pseudonym("callback", f"{ticket}|{caller}|{context}"))
        async with self._database.writing() as connection:
            number = await once(connection, self._encryption, key, request, NUMBER, act, now)
            row = (await connection.execute(select(staff_tasks).where(staff_tasks.c.id == number))).one()
            return self._to_task(row)

    async def tasks(self, *kinds: str) -> tuple[Task, ...]:
        """Return what is still to be done, the oldest first; only of some kinds when any are named."""
        query = select(staff_tasks).where(staff_tasks.c.done.is_(None)).order_by(staff_tasks.c.id)
        if kinds:
            query = query.where(staff_tasks.c.kind.in_(kinds))
        async with self._database.reading() as connection:
            return tuple(self._to_task(row) for row in await connection.execute(query))

    async def finish(self, task_id: int, actor: str) -> None:
        """Take a task off the list; what it was about is forgotten. Raises NotFound."""
        now = self._clock()
        async with self._database.writing() as connection:
            here = (staff_tasks.c.id == task_id) & staff_tasks.c.done.is_(None)
            done = await connection.execute(
                update(staff_tasks).where(here).values(done=now, sealed=None, line="", about=None)
            )
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
            "about": self._encryption.digest("about", about),  # it may name a copy or a reader for longer than the task
            "number": number,
            "at": self._clock(),
        }
        if ticket:
            reader = self._encryption.pseudonym("reader", ticket)
            new |= {"reader": reader, "sealed": sealed(self._encryption, CallBack(ticket))}
        await insert_if_absent(connection, staff_tasks, new)

    def _to_task(self, row: Row[Any]) -> Task:
        call_back = opened(self._encryption, row.sealed, CallBack)
        zone = self._clock().tzinfo
        return Task(
            id=row.id,
            kind=row.kind,
            at=row.at.astimezone(zone),
            line=read(row.line),
            delivery_id="" if row.number is None else str(row.number),
            ticket=call_back.ticket,
            caller=call_back.caller,
            context=call_back.context,
        )


def _with(known: CallBack, caller: str, context: str) -> CallBack:
    """Return `known` as it is asked for once more: the newest line, and all that it is about."""
    contexts = dict.fromkeys(about for about in (*known.context.split(CONTEXTS), context) if about)
    return CallBack(known.ticket, caller or known.caller, CONTEXTS.join(tuple(contexts)[-MOST_CONTEXTS:]))
