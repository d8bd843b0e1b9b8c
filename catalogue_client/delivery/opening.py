"""Puts the parts of home delivery together and keeps them going."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.books import Books
from catalogue_client.delivery.desk import Desk
from catalogue_client.delivery.following import Following
from catalogue_client.delivery.privacy import Privacy
from catalogue_client.delivery.rules import DeliveryRules
from catalogue_client.delivery.tasks import Tasks
from catalogue_client.loans import Loans
from catalogue_client.places import Directory
from catalogue_client.readers import Readers
from catalogue_client.rules import Rules
from catalogue_client.secrecy import Secrecy
from catalogue_client.shelves import Shelves
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database


@dataclass(frozen=True, slots=True)
class HomeDeliveries:
    """The parts of home delivery. `bookings` and `following` together implement the protocol HomeDelivery; `desk`
    and `books.tasks` are for staff."""

    books: Books
    bookings: Bookings
    following: Following
    desk: Desk
    privacy: Privacy

    @asynccontextmanager
    async def running(self, home: Path) -> AsyncIterator[None]:
        """While this is entered, what has to be done by itself is done."""
        yield


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
    tasks = Tasks(database, secrecy, audit, now)
    books = Books(database, secrecy, readers, loans, shelves, places, audit, tasks, lending, rules, now)
    return HomeDeliveries(books, Bookings(books), Following(books, None), Desk(books), Privacy(books))
