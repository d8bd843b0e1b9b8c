"""What nobody asks for and has to be done all the same: late deliveries, forgotten addresses, the courier's clock."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import select

from catalogue_client.couriers.courier import Courier
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries
from catalogue_client.delivery.dispatch.courier_events import CourierEventReader
from catalogue_client.delivery.dispatch.dispatcher import Dispatcher
from catalogue_client.delivery.row_mapping import is_late, is_open
from catalogue_client.delivery.staff_messages import StaffLine
from catalogue_client.delivery.state_machine import hand_over, locked
from catalogue_client.delivery.subject_rights import SubjectRights
from catalogue_client.errors import LibraryError

log = logging.getLogger(__name__)

OUTBOX_S = 3.0
JOURNAL_S = 15.0
WATCH_S = 60.0
SKEW_S = 120.0


class DeliveryScheduler:
    """Looks through the open deliveries. `couriers` are those outside the library, by their ids of the rules."""

    def __init__(self, books: DeliveryContext, privacy: SubjectRights, couriers: Mapping[str, Courier]) -> None:
        self._books = books
        self._privacy = privacy
        self._couriers = couriers

    async def look(self) -> None:
        """One round."""
        books, now = self._books, self._books.clock()
        async with books.database.reading() as connection:
            begun = select(deliveries).where(is_open(), deliveries.c.starts <= now)
            rows = (await connection.execute(begun)).all()
        for row in rows:
            if is_late(row, books.delivery_policy, now):
                await self._note(row.number)
            if row.status == "requested":
                async with books.database.writing() as connection:
                    fresh = await locked(connection, row.number)
                    if fresh.status == "requested":
                        await hand_over(connection, books, fresh, "system", StaffLine("window_begun"))
        skew_s = max((courier.skew_s for courier in self._couriers.values()), key=abs, default=0.0)
        if abs(skew_s) > SKEW_S:
            line = StaffLine("clock", {"minutes": round(skew_s / 60)})
            async with books.database.writing() as connection:
                await books.tasks.note(connection, "courier", line, about=f"clock:{now:%Y-%m-%d}")
        await self._privacy.delete_old_addresses()

    async def _note(self, number: int) -> None:
        async with self._books.database.writing() as connection:
            line = StaffLine("late", {"number": number})
            await self._books.tasks.note(connection, "delivery", line, about=f"late:{number}", number=number)


async def keep_going(
    watch: DeliveryScheduler,
    dispatcher: Dispatcher | None,
    journals: Sequence[CourierEventReader],
    stop: asyncio.Event,
) -> None:
    """Do all of it in turn until `stop` is set. What fails once is tried again in its turn."""
    loop = asyncio.get_running_loop()
    turns: list[tuple[float, Callable[[], Awaitable[int | None]]]] = [(JOURNAL_S, journal.read) for journal in journals]
    turns.append((WATCH_S, watch.look))
    if dispatcher is not None:
        turns.insert(0, (OUTBOX_S, dispatcher.work_off))
    next_at = [loop.time()] * len(turns)
    while not stop.is_set():
        for number, (every_s, act) in enumerate(turns):
            if loop.time() < next_at[number]:
                continue
            next_at[number] = loop.time() + every_s
            try:
                while await act() and not stop.is_set():
                    pass
            except LibraryError as error:
                log.warning("home delivery: %s: %s", type(error).__name__, error)
            except Exception:
                log.exception("home delivery")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OUTBOX_S):
                await stop.wait()
