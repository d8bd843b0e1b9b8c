"""A library whose parcels an outside courier carries: store, sandbox and one clock for both."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.couriers.sender import Sender
from catalogue_client.couriers.yandex.sandbox import Sandbox
from catalogue_client.couriers.yandex.yandex_courier import YandexCourier
from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import outbox
from catalogue_client.delivery.dispatch.courier_events import CourierEventReader
from catalogue_client.delivery.dispatch.dispatcher import Dispatcher
from catalogue_client.delivery.dispatch.scheduler import DeliveryScheduler
from catalogue_client.delivery.staff_desk import StaffDesk
from catalogue_client.delivery.subject_rights import SubjectRights
from catalogue_client.delivery.tracking import DeliveryTracking
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import LibraryError
from catalogue_client.values.bibliographic import Query
from catalogue_client.values.shipments import Delivery
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.couriers.sandboxes import courier_at, sender

READER = "100001"


@dataclass
class Rig:
    """All parts of home delivery with an outside courier, worked by hand."""

    library: OpenedLibrary
    clock: Clock
    sandbox: Sandbox
    books: DeliveryContext
    courier: YandexCourier
    bookings: Bookings
    following: DeliveryTracking
    desk: StaffDesk
    watch: DeliveryScheduler
    journal: CourierEventReader

    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.books, {"yandex": self.courier}, draw=lambda: 0.5)

    def pass_by(self, seconds: int) -> None:
        self.clock.pass_by(seconds=seconds)
        self.sandbox.ledger.advance(seconds)

    async def book(self, *titles: str, ticket: str = READER) -> Delivery:
        ids = [(await self.library.catalogue.search(Query(words=title))).records[0].id for title in titles]
        slots = await self.bookings.delivery_slots(ticket, ids)
        return await self.bookings.book_delivery(ticket, ids, slots[1].id, key=f"{ticket} {self.clock.now}")

    async def work(self, seconds: int, step: int = 240) -> None:
        """Let time pass, with the workers doing what is due."""
        for _ in range(0, seconds, step):
            self.pass_by(step)
            await self.work_now()

    async def ordered(self) -> None:
        """Until the time to undo is over and a courier was asked, estimated and accepted."""
        await self.work(601, step=601)
        await self.work(9, step=3)

    async def work_now(self) -> None:
        while await self.dispatcher().work_off():
            pass
        with contextlib.suppress(LibraryError):  # read again the next time
            await self.journal.read()
        await self.watch.look()

    async def status(self, delivery: Delivery) -> str:
        return (await self.desk.job(delivery.id)).delivery.status

    async def lines(self) -> list[str]:
        return [task.line.said("en") for task in await self.books.tasks.tasks()]

    async def unsettled(self) -> int:
        async with self.books.database.reading() as connection:
            query = select(func.count()).select_from(outbox).where(outbox.c.state == "new")
            return await connection.scalar(query) or 0

    async def entitle(self, ticket: str) -> None:
        privacy = SubjectRights(self.books)
        await privacy.set_address(ticket, "Абай даңғылы, 10", actor="staff:1")
        await privacy.entitle(ticket, date(2030, 1, 1), Entitlement("staff:1", "certificate"), actor="staff:1")


@asynccontextmanager
async def outside_courier(library: OpenedLibrary, clock: Clock, *couriers: Sender) -> AsyncIterator[Rig]:
    """`couriers` are asked after it."""
    sandbox = Sandbox(clock.now)
    async with courier_at(sandbox) as courier:
        own = library.staff.deliveries.books
        rules = own.delivery_policy.model_copy(update={"couriers": (sender("http://sandbox.invalid"), *couriers)})
        books = replace(own, delivery_rules=lambda: rules)
        yield Rig(
            library=library,
            clock=clock,
            sandbox=sandbox,
            books=books,
            courier=courier,
            bookings=Bookings(books, {"yandex": courier}),
            following=DeliveryTracking(books, {"yandex": courier}),
            desk=StaffDesk(books),
            watch=DeliveryScheduler(books, SubjectRights(books), {"yandex": courier}),
            journal=CourierEventReader(books, "yandex", courier),
        )
