"""Puts the parts of home delivery together and keeps them going."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue_client.circulation.items import ItemStore
from catalogue_client.circulation.loans import LoanService
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_policy import DeliveryPolicy
from catalogue_client.delivery.dispatch.courier_events import CourierEventReader
from catalogue_client.delivery.dispatch.dispatcher import Dispatcher
from catalogue_client.delivery.dispatch.scheduler import DeliveryScheduler, keep_going
from catalogue_client.delivery.staff_desk import StaffDesk
from catalogue_client.delivery.subject_rights import SubjectRights
from catalogue_client.delivery.tasks import Tasks
from catalogue_client.delivery.tracking import DeliveryTracking
from catalogue_client.errors import StorageError

if TYPE_CHECKING:
    from catalogue_client.couriers.yandex.yandex_courier import YandexCourier

TOKEN = "DAUYS_COURIER_TOKEN"
TOKEN_FILE = "courier_token"


@dataclass(frozen=True, slots=True)
class HomeDeliveries:
    """The parts of home delivery. `bookings` and `following` together implement the protocol HomeDelivery; `desk`
    and `books.tasks` are for staff."""

    books: DeliveryContext
    bookings: Bookings
    following: DeliveryTracking
    desk: StaffDesk
    privacy: SubjectRights
    courier: YandexCourier | None
    """None on the library's own route."""

    @asynccontextmanager
    async def running(self, home: Path) -> AsyncIterator[None]:
        """While this is entered, what has to be done by itself is done, by turns in the background.

        An outside courier's token comes from the environment or the file `courier_token` in `home`. Raises
        StorageError when there is none.
        """
        watch = DeliveryScheduler(self.books, self.privacy, self.courier)
        stop = asyncio.Event()
        async with AsyncExitStack() as stack:
            if self.courier is None:
                work = keep_going(watch, None, None, stop)
            else:
                await stack.enter_async_context(self.courier.connected(_token(home)))
                work = keep_going(
                    watch, Dispatcher(self.books, self.courier), CourierEventReader(self.books, self.courier), stop
                )
            task = asyncio.create_task(work)
            try:
                yield
            finally:
                # Not cancelled: what it has begun with the store or a courier is brought to its end.
                stop.set()
                await task


def home_deliveries(
    context: StoreContext, readers: ReaderAccounts, loans: LoanService, items: ItemStore, policy: DeliveryPolicy
) -> HomeDeliveries:
    """Return the delivery desk over the store's own parts. Nothing runs yet; see HomeDeliveries.running."""
    shared = {field.name: getattr(context, field.name) for field in fields(StoreContext)}
    books = DeliveryContext(
        **shared, readers=readers, loans=loans, items=items, tasks=Tasks(context), delivery_policy=policy
    )
    courier: YandexCourier | None = None
    if not books.own_route:
        from catalogue_client.couriers.yandex.yandex_courier import YandexCourier  # it brings an HTTP client

        courier = YandexCourier(policy.courier)
    return HomeDeliveries(
        books,
        Bookings(books, courier),
        DeliveryTracking(books, courier),
        StaffDesk(books),
        SubjectRights(books),
        courier,
    )


def _token(home: Path) -> str:
    """Kept apart from the rules, which may be shown."""
    if given := os.environ.get(TOKEN):
        return given.strip()
    try:
        return (home / TOKEN_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"the courier's token is missing: put it into {home / TOKEN_FILE} or the variable {TOKEN}"
        ) from error
