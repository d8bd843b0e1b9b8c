"""Holds: a copy set aside for a reader, or a place in the queue for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, and_, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.items import IN_TRANSIT, KEPT, ItemStore
from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.idempotency import once
from catalogue_client.store.schema import closed_hold, copies, holds, loans, records
from catalogue_client.values.accounts import Hold, HoldStatus

HOLD = TypeAdapter(Hold)
OPEN = ("waiting", "ready")

IsComing = Callable[[AsyncConnection, str, str], Awaitable[bool]]
"""Whether a reader (pseudonym) has a record (id) brought by a delivery that is under way, in the caller's transaction.
"""


class HoldService:
    """Places and cancels holds."""

    def __init__(self, context: StoreContext, readers: ReaderAccounts, items: ItemStore, is_coming: IsComing) -> None:
        """`is_coming` is what home delivery knows; see IsComing."""
        self._database = context.database
        self._encryption = context.encryption
        self._context = context
        self._places = context.places
        self._audit = context.audit
        self._clock = context.clock
        self._readers = readers
        self._items = items
        self._is_coming = is_coming

    @property
    def _policy(self) -> CirculationPolicy:
        return self._context.policy

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the reader's open holds, oldest first."""
        async with self._database.reading() as connection:
            query = _hold_rows().where(holds.c.ticket == ticket, self._open()).order_by(holds.c.id)
            return tuple(self._to_hold(row) for row in await connection.execute(query))

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Set a copy aside, or queue for the next. A copy from elsewhere is sent to the place: the hold waits with
        position 0 until it arrives.

        Raises NotFound and Refused (reading_room_only, already_held, already_loaned, already_coming, too_many_holds,
        overdue, no_copy).
        """
        now = self._clock()
        place = self._places.place(place_id)

        async def act() -> Hold:
            reader = await self._readers.locked(connection, ticket)
            await self._expire(connection, record_id)
            await self._check(connection, ticket, record_id, self._policy.category(reader.category).holds)
            taken = await self._items.take(connection, record_id, place_id, KEPT)
            values: dict[str, object] = {"status": "waiting"}
            if taken:
                copy_id, stands_at = taken
                values["copy_id"] = copy_id
                if stands_at == place_id:
                    values |= {"status": "ready", "expires": self._items.kept_until(place_id, now.date())}
                else:
                    await self._items.set_status(connection, copy_id, IN_TRANSIT)
            new = {"ticket": ticket, "record_id": record_id, "place_id": place.id, "placed": now}
            hold_id = await connection.scalar(insert(holds).values(new | values).returning(holds.c.id))
            await self._note(connection, now, ticket, "hold", str(hold_id))
            return await self._one(connection, ticket, str(hold_id))

        async with self._database.writing() as connection:
            return await once(connection, self._encryption, key, ("hold", ticket, record_id, place_id), HOLD, act, now)

    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """Give up a hold; its copy goes to the next in the queue. Raises NotFound."""
        now = self._clock()

        async def act() -> Hold:
            hold = await self._open_one(connection, ticket, hold_id)
            await self._close(connection, int(hold_id), "cancelled")
            await self._note(connection, now, ticket, "cancel_hold", hold_id)
            return replace(hold, status="cancelled", position=0)

        async with self._database.writing() as connection:
            return await once(connection, self._encryption, key, ("cancel_hold", ticket, hold_id), HOLD, act, now)

    async def suspend_hold(self, ticket: str, hold_id: str, until: date | None, *, key: str) -> Hold:
        """Give no copy to a hold until the end of a day, and keep its place in the queue; None ends that.

        Raises NotFound, and Refused("hold_ready") for a book that is kept or on its way already.
        """
        now = self._clock()

        async def act() -> Hold:
            hold = await self._open_one(connection, ticket, hold_id)
            if not hold.position:
                raise Refused("hold_ready")
            await connection.execute(update(holds).where(holds.c.id == int(hold_id)).values(suspended_until=until))
            if until is None:
                # A copy may have come onto the shelf meanwhile.
                await self._items.give_to_waiting(connection, [hold.record_id], now.date())
            await self._note(connection, now, ticket, "suspend_hold", hold_id)
            return await self._one(connection, ticket, hold_id)

        async with self._database.writing() as connection:
            request = ("suspend_hold", ticket, hold_id, until)
            return await once(connection, self._encryption, key, request, HOLD, act, now)

    async def _open_one(self, connection: AsyncConnection, ticket: str, hold_id: str) -> Hold:
        """Return a hold that the reader, locked from here on, has. Raises NotFound."""
        await self._readers.locked(connection, ticket)
        hold = await self._one(connection, ticket, hold_id)
        if hold.status not in OPEN:
            raise NotFound(f"hold {hold_id} is not open any more")
        return hold

    async def _note(self, connection: AsyncConnection, at: datetime, ticket: str, action: str, hold_id: str) -> None:
        actor, subject = self._readers.event(ticket, "hold", hold_id, action, at)
        await self._audit.note(connection, at, actor, action, subject)

    async def arrived(self, copy_id: int) -> None:
        """Note that a copy on its way has come to the place where it was asked for."""
        async with self._database.writing() as connection:
            query = select(holds).where(holds.c.copy_id == copy_id, holds.c.status == "waiting").with_for_update()
            hold = (await connection.execute(query)).one_or_none()
            if hold is None:
                raise NotFound(f"nobody waits for copy {copy_id}")
            until = self._items.kept_until(hold.place_id, self._clock().date())
            await self._items.set_status(connection, copy_id, KEPT, hold.place_id)
            await connection.execute(update(holds).where(holds.c.id == hold.id).values(status="ready", expires=until))

    async def expire(self) -> int:
        """Close holds whose copy was not fetched in time; each copy goes to the next who waits. Holds whose suspension
        has ended wait again, for a copy that stands on a shelf too.

        Return the number of holds that were closed. Raises LibraryError.
        """
        today = self._clock().date()
        async with self._database.writing() as connection:
            over = holds.c.suspended_until < today
            woken = (await connection.scalars(select(holds.c.record_id).where(over).with_for_update())).all()
            if woken:
                await connection.execute(update(holds).where(over).values(suspended_until=None))
                await self._items.give_to_waiting(connection, woken, today)
            return await self._expire(connection)

    async def _expire(self, connection: AsyncConnection, record_id: str | None = None) -> int:
        late = select(holds.c.id).where(holds.c.status == "ready", holds.c.expires < self._clock().date())
        if record_id is not None:
            late = late.where(holds.c.record_id == record_id)
        ids = (await connection.scalars(late.with_for_update(skip_locked=True))).all()
        for hold_id in ids:
            await self._close(connection, hold_id, "expired")
        return len(ids)

    async def _close(self, connection: AsyncConnection, hold_id: int, status: HoldStatus) -> None:
        query = (
            select(holds.c.copy_id, holds.c.record_id, copies.c.place_id)
            .outerjoin(copies, copies.c.id == holds.c.copy_id)
            .where(holds.c.id == hold_id)
        )
        row = (await connection.execute(query)).one()
        await connection.execute(update(holds).where(holds.c.id == hold_id).values(closed_hold(status)))
        if row.copy_id is not None:
            today = self._clock().date()
            await self._items.put_back(connection, row.copy_id, row.record_id, row.place_id, today)

    async def _check(self, connection: AsyncConnection, ticket: str, record_id: str, most: int) -> None:
        room_only = await connection.scalar(select(records.c.reading_room_only).where(records.c.id == record_id))
        if room_only is None:
            raise NotFound(f"no record {record_id!r}")
        if room_only:
            raise Refused("reading_room_only")
        at_home = select(loans.c.id).where(loans.c.ticket == ticket, loans.c.returned.is_(None))
        if await connection.scalar(at_home.where(loans.c.record_id == record_id).limit(1)):
            raise Refused("already_loaned")
        if await self._is_coming(connection, self._readers.pseudonym(ticket), record_id):
            raise Refused("already_coming")
        open_holds = (
            await connection.scalars(select(holds.c.record_id).where(holds.c.ticket == ticket, self._open()))
        ).all()
        if record_id in open_holds:
            raise Refused("already_held")
        if len(open_holds) >= most:
            raise Refused("too_many_holds", number=most)
        longest = date.fromordinal(self._clock().date().toordinal() - self._policy.blocks_after)
        if await connection.scalar(at_home.where(loans.c.due < longest).limit(1)):
            raise Refused("overdue")
        if not await self._items.exists(connection, record_id):
            raise Refused("no_copy")

    async def _one(self, connection: AsyncConnection, ticket: str, hold_id: str) -> Hold:
        number = int(hold_id) if hold_id.isdecimal() else 0
        row = (
            await connection.execute(_hold_rows().where(holds.c.id == number, holds.c.ticket == ticket))
        ).one_or_none()
        if row is None:
            raise NotFound(f"no hold {hold_id!r}")
        return self._to_hold(row)

    def _suspended(self, row: Row[Any]) -> date | None:
        return row.suspended_until if row.suspended_until and row.suspended_until >= self._clock().date() else None

    def _open(self) -> Any:
        return holds.c.status.in_(OPEN)

    def _to_hold(self, row: Row[Any]) -> Hold:
        late = row.status == "ready" and row.expires < self._clock().date()
        return Hold(
            id=str(row.id),
            record_id=row.record_id,
            title=row.title,
            author=row.author,
            place_id=row.place_id,
            place=self._places.name(row.place_id),
            status="expired" if late else cast(HoldStatus, row.status),
            position=row.before + 1 if row.status == "waiting" and row.copy_id is None else 0,
            expires=row.expires,
            suspended_until=self._suspended(row),
        )


def _hold_rows() -> Select[Any]:
    """Holds with title and author, and how many wait before each."""
    ahead = holds.alias("ahead")
    before = (
        select(func.count())
        .where(
            ahead.c.record_id == holds.c.record_id,
            ahead.c.status == "waiting",
            ahead.c.copy_id.is_(None),
            ahead.c.id < holds.c.id,
        )
        .correlate(holds)
        .scalar_subquery()
    )
    rows = select(holds, records.c.title, records.c.author, before.label("before"))
    return rows.join(records, records.c.id == holds.c.record_id)


def has_waiting_hold() -> Any:
    """Return an expression that is true for a loan whose title another reader waits for without a copy in sight; who
    has suspended the hold does not."""
    return exists().where(
        and_(
            holds.c.record_id == loans.c.record_id,
            holds.c.status == "waiting",
            holds.c.copy_id.is_(None),
            holds.c.suspended_until.is_(None),
        )
    )
