"""Puts the parts of home delivery together and keeps them going."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalogue_client.couriers.yandex.courier import YandexCourier
from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.books import Books
from catalogue_client.delivery.desk import Desk
from catalogue_client.delivery.dispatching import Dispatcher
from catalogue_client.delivery.following import Following
from catalogue_client.delivery.journal import Journal
from catalogue_client.delivery.privacy import Privacy
from catalogue_client.delivery.rules import DeliveryRules
from catalogue_client.delivery.tasks import Tasks
from catalogue_client.delivery.watching import Watch, keep_going
from catalogue_client.errors import StorageError
from catalogue_client.loans import Loans
from catalogue_client.places import Directory
from catalogue_client.readers import Readers
from catalogue_client.rules import Rules
from catalogue_client.secrecy import Secrecy
from catalogue_client.shelves import Shelves
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database

TOKEN = "DAUYS_COURIER_TOKEN"
TOKEN_FILE = "courier_token"


@dataclass(frozen=True, slots=True)
class HomeDeliveries:
    """The parts of home delivery. `bookings` and `following` together implement the protocol HomeDelivery; `desk`
    and `books.tasks` are for staff."""

    books: Books
    bookings: Bookings
    following: Following
    desk: Desk
    privacy: Privacy
    courier: YandexCourier | None
    """None on the library's own route."""

    @asynccontextmanager
    async def running(self, home: Path) -> AsyncIterator[None]:
        """While this is entered, what has to be done by itself is done, by turns in the background.

        An outside courier's token comes from the environment or the file `courier_token` in `home`. Raises
        StorageError when there is none.
        """
        watch = Watch(self.books, self.privacy, self.courier)
        stop = asyncio.Event()
        async with AsyncExitStack() as stack:
            if self.courier is None:
                work = keep_going(watch, None, None, stop)
            else:
                await stack.enter_async_context(self.courier.connected(_token(home)))
                work = keep_going(watch, Dispatcher(self.books, self.courier), Journal(self.books, self.courier), stop)
            task = asyncio.create_task(work)
            try:
                yield
            finally:
                # Not cancelled: what it has begun with the store or a courier is brought to its end.
                stop.set()
                await task


def home_deliveries(
    database: Database,
    secrecy: Secrecy,
    readers: Readers,
    loans: Loans,
    shelves: Shelves,
    places: Directory,
    audit: Audit,
    lending: Rules,
    rules: DeliveryRules,
    now: Callable[[], datetime],
) -> HomeDeliveries:
    """The delivery desk over the store's own parts."""
    tasks = Tasks(database, secrecy, audit, now, lending.pins.shared_callers)
    books = Books(database, secrecy, readers, loans, shelves, places, audit, tasks, lending, rules, now)
    courier = None if books.own_route else YandexCourier(rules.courier)
    return HomeDeliveries(
        books, Bookings(books, courier), Following(books, courier), Desk(books), Privacy(books), courier
    )


def _token(home: Path) -> str:
    """Kept apart from the rules, which may be shown."""
    if told := os.environ.get(TOKEN):
        return told.strip()
    try:
        return (home / TOKEN_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"the courier's token is missing: put it into {home / TOKEN_FILE} or the variable {TOKEN}"
        ) from error
