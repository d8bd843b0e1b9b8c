"""What nobody asks for and has to be done all the same: late deliveries, forgotten addresses, the courier's clock."""

from __future__ import annotations

import asyncio
import contextlib
import logging

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
    """Looks through the open deliveries. `courier` is None on the library's own route."""

    def __init__(self, books: DeliveryContext, privacy: SubjectRights, courier: Courier | None) -> None:
        self._books = books
        self._privacy = privacy
        self._courier = courier

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
        if self._courier is not None and abs(self._courier.skew_s) > SKEW_S:
            minutes = round(self._courier.skew_s / 60)
            line = StaffLine("clock", {"minutes": minutes})
            async with books.database.writing() as connection:
                await books.tasks.note(connection, "courier", line, about=f"clock:{now:%Y-%m-%d}")
        await self._privacy.delete_old_addresses()

    async def _note(self, number: int) -> None:
        async with self._books.database.writing() as connection:
            line = StaffLine("late", {"number": number})
            await self._books.tasks.note(connection, "delivery", line, about=f"late:{number}", number=number)


async def keep_going(
    watch: DeliveryScheduler, dispatcher: Dispatcher | None, journal: CourierEventReader | None, stop: asyncio.Event
) -> None:
    """Do all of it in turn until `stop` is set. What fails once is done again in its next turn."""
    loop = asyncio.get_running_loop()
    next_journal = next_watch = loop.time()
    while not stop.is_set():
        try:
            if dispatcher is not None:
                while await dispatcher.work_off() and not stop.is_set():
                    pass
            if journal is not None and loop.time() >= next_journal:
                next_journal = loop.time() + JOURNAL_S
                while await journal.read() and not stop.is_set():
                    pass
            if loop.time() >= next_watch:
                next_watch = loop.time() + WATCH_S
                await watch.look()
        except LibraryError as error:
            log.warning("home delivery: %s: %s", type(error).__name__, error)
        except Exception:
            log.exception("home delivery")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OUTBOX_S):
                await stop.wait()
