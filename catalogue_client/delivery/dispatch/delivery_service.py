"""Puts the parts of home delivery together and keeps them going."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
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
    couriers: Mapping[str, YandexCourier]
    """Those outside the library, by their ids of the rules; none where the library carries all itself."""

    @asynccontextmanager
    async def running(self, home: Path) -> AsyncIterator[None]:
        """While this is entered, what has to be done by itself is done, by turns in the background.

        An outside courier's token comes from the environment or a file in `home`. Raises StorageError when there is
        none.
        """
        watch = DeliveryScheduler(self.books, self.privacy, self.couriers)
        dispatcher = Dispatcher(self.books, self.couriers) if self.couriers else None
        journals = [CourierEventReader(self.books, name, courier) for name, courier in self.couriers.items()]
        stop = asyncio.Event()
        async with AsyncExitStack() as stack:
            for name, courier in self.couriers.items():
                token = _token(home, name, only=len(self.couriers) == 1)
                await stack.enter_async_context(courier.connected(token))
            task = asyncio.create_task(keep_going(watch, dispatcher, journals, stop))
            try:
                yield
            finally:
                # Not cancelled: what it has begun with the store or a courier is brought to its end.
                stop.set()
                await task


def home_deliveries(
    context: StoreContext,
    readers: ReaderAccounts,
    loans: LoanService,
    items: ItemStore,
    rules: Callable[[], DeliveryPolicy],
) -> HomeDeliveries:
    """Return the delivery desk over the store's own parts. `rules` gives those in force; their couriers are those of
    now. Nothing runs yet; see HomeDeliveries.running."""
    shared = {field.name: getattr(context, field.name) for field in fields(StoreContext)}
    books = DeliveryContext(
        **shared, readers=readers, loans=loans, items=items, tasks=Tasks(context), delivery_rules=rules
    )
    couriers: dict[str, YandexCourier] = {}
    if outside := [sender for sender in rules().couriers if not sender.is_library]:
        from catalogue_client.couriers.yandex.yandex_courier import YandexCourier  # it brings an HTTP client

        couriers = {sender.id: YandexCourier(sender) for sender in outside}
    return HomeDeliveries(
        books,
        Bookings(books, couriers),
        DeliveryTracking(books, couriers),
        StaffDesk(books),
        SubjectRights(books),
        couriers,
    )


def _token(home: Path, courier_id: str, *, only: bool) -> str:
    """Return a courier's token, kept apart from the rules, which may be shown: from a variable of its own, or from the
    file, which is the token of the only courier or has a line "id token" for each. Raises StorageError."""
    variable, path = TOKEN if only else f"{TOKEN}_{courier_id.upper()}", home / TOKEN_FILE
    if given := os.environ.get(variable):
        return given.strip()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        named = {line[0]: line[1] for line in lines if len(line) == 2}
        if courier_id in named:
            return named[courier_id]
        if only and len(lines) == 1 and len(lines[0]) == 1:
            return lines[0][0]
    what = "the token" if only else f'a line "{courier_id} TOKEN"'
    raise StorageError(
        f"a courier's token is missing: put {what} into {path}, or the token into the variable {variable}"
    )
