"""Copies on shelves: where one can be taken now, which one is set aside, where it goes when it comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.store.schema import copies, holds
from catalogue_client.values.bibliographic import Availability, Format

ON_SHELF = "shelf"
ON_LOAN = "loan"
KEPT = "kept"
IN_TRANSIT = "transit"
UNPLACED = "unplaced"
"""It stands at a place whose code is not mapped: nobody can be sent there."""
GONE = "gone"
"""Its source has it no more."""
AWAY = {
    "repair": "repair", "lost": "lost", "written_off": "lost", "withdrawn": "lost", "reading_room": "reading_room",
    "awaited": "awaited", UNPLACED: "elsewhere", GONE: "none", ON_LOAN: "loan",
}  # fmt: skip
"""Status -> a word of Record.away; one that is set aside or on its way is as good as on loan."""
WAITS = ("loan", "reading_room", "awaited", "elsewhere", "repair", "lost", "none")
"""The one that passes soonest first."""
OUT_OF_USE = ("repair", "lost", "written_off", "withdrawn", "reading_room", "awaited", UNPLACED, GONE)
"""No reader can take such a copy home, now or when it comes back."""


class ItemStore:
    """Knows the copies. Its methods work inside the caller's transaction."""

    def __init__(self, places: PlaceDirectory, rules: Callable[[], CirculationPolicy]) -> None:
        """`rules` gives those that are in force."""
        self._places = places
        self._rules = rules

    async def of_records(
        self,
        connection: AsyncConnection,
        record_ids: Sequence[str],
        near: str | None = None,
        format: Format | None = None,
    ) -> dict[str, tuple[Availability, ...]]:
        """Return, by record id, the places with a copy that can be taken now, nearest to `near`, then fullest first.

        `format` counts only copies of that format.
        """
        count = func.count().label("count")
        query = (
            select(copies.c.record_id, copies.c.place_id, count)
            .where(copies.c.record_id.in_(record_ids), copies.c.status == ON_SHELF)
            .group_by(copies.c.record_id, copies.c.place_id)
        )
        if format is not None:
            query = query.where(copies.c.format == format.value)
        found: dict[str, list[Availability]] = defaultdict(list)
        for record_id, place_id, number in await connection.execute(query):
            found[record_id].append(Availability(place_id, self._places.name(place_id), number))
        return {record_id: tuple(sorted(shelves, key=self._order(near))) for record_id, shelves in found.items()}

    async def why_away(self, connection: AsyncConnection, record_ids: Sequence[str]) -> dict[str, str]:
        """Return by record id why none of its copies can be taken, in a word of Record.away, for records of which none
        stands on a shelf: the one that passes soonest counts."""
        found = dict.fromkeys(record_ids, "none")
        query = select(copies.c.record_id, copies.c.status).distinct().where(copies.c.record_id.in_(record_ids))
        for record_id, status in await connection.execute(query):
            why = AWAY[status] if status in AWAY else AWAY[ON_LOAN]
            found[record_id] = min(found[record_id], why, key=WAITS.index)
        return found

    def _order(self, near: str | None) -> Callable[[Availability], tuple[float, int, str]]:
        def order(shelf: Availability) -> tuple[float, int, str]:
            return (self._places.distance(near, shelf.place_id) if near else 0.0, -shelf.copies, shelf.place_id)

        return order

    async def take(
        self, connection: AsyncConnection, record_id: str, place_id: str | None, status: str
    ) -> tuple[int, str] | None:
        """Set a copy that stands on a shelf to `status`: one at `place_id` when there is one, else any.

        Return (copy id, place id where it stands), or None when every copy is out.
        """
        here = case((copies.c.place_id == place_id, 0), else_=1)
        query = (
            select(copies.c.id, copies.c.place_id)
            .where(copies.c.record_id == record_id, copies.c.status == ON_SHELF)
            .order_by(here, copies.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        await self.set_status(connection, row.id, status)
        return row.id, row.place_id

    async def set_status(
        self, connection: AsyncConnection, copy_id: int, status: str, place_id: str | None = None
    ) -> None:
        """Note what has become of a copy, and where it stands now when that has changed."""
        values = {"status": status} if place_id is None else {"status": status, "place_id": place_id}
        await connection.execute(update(copies).where(copies.c.id == copy_id).values(values))

    async def give_to_waiting(self, connection: AsyncConnection, record_ids: Sequence[str], today: date) -> None:
        """Set copies of these records that have come onto a shelf aside for readers who wait for one."""
        waiting = select(holds.c.record_id).where(
            holds.c.record_id.in_(record_ids), holds.c.status == "waiting", holds.c.copy_id.is_(None)
        )
        free = select(copies.c.id, copies.c.record_id, copies.c.place_id).where(
            copies.c.record_id.in_(waiting), copies.c.status == ON_SHELF
        )
        for copy in (await connection.execute(free.order_by(copies.c.id).with_for_update(skip_locked=True))).all():
            await self.put_back(connection, copy.id, copy.record_id, copy.place_id, today)

    async def exists(self, connection: AsyncConnection, record_id: str) -> bool:
        """Return whether the library owns a copy that is not lost or in repair."""
        query = select(copies.c.id).where(copies.c.record_id == record_id, copies.c.status.not_in(OUT_OF_USE)).limit(1)
        return await connection.scalar(query) is not None

    async def put_back(
        self, connection: AsyncConnection, copy_id: int, record_id: str, place_id: str, today: date
    ) -> None:
        """Give a copy that is free and stands at `place_id` to the first who waits for it, else to the shelf.

        One that the library's own system has lost or written off meanwhile is given to nobody."""
        reported = await connection.scalar(select(copies.c.reported).where(copies.c.id == copy_id))
        if reported in OUT_OF_USE:
            await self.set_status(connection, copy_id, reported, place_id)
            return
        query = (
            select(holds.c.id, holds.c.place_id)
            .where(
                holds.c.record_id == record_id,
                holds.c.status == "waiting",
                holds.c.copy_id.is_(None),
                holds.c.suspended_until.is_(None) | (holds.c.suspended_until < today),
            )
            .order_by(holds.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        waiting = (await connection.execute(query)).one_or_none()
        if waiting is None:
            await self.set_status(connection, copy_id, ON_SHELF, place_id)
            return
        here = waiting.place_id == place_id
        await self.set_status(connection, copy_id, KEPT if here else IN_TRANSIT, place_id)
        values = {"copy_id": copy_id} | (
            {"status": "ready", "expires": self.kept_until(place_id, today)} if here else {}
        )
        await connection.execute(update(holds).where(holds.c.id == waiting.id).values(values))

    def kept_until(self, place_id: str, today: date) -> date:
        """Return the last day on which a copy set aside at a place is kept."""
        at_branch = self._places.place(place_id).kind == "branch"
        return today + timedelta(days=self._rules().kept_at_branch if at_branch else self._rules().kept_at_station)
