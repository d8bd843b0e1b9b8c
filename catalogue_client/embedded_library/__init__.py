"""Opens a library: the embedded store with its readers, items, loans, holds, deliveries and search, as one object."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.catalogue.embedded_catalogue import EmbeddedCatalogue
from catalogue_client.catalogue.marc.importer import Importer
from catalogue_client.catalogue.title_vocabulary import TitleVocabulary
from catalogue_client.circulation.expiry import run_periodic_cleanup
from catalogue_client.circulation.holds import HoldService
from catalogue_client.circulation.items import ItemStore
from catalogue_client.circulation.loans import LoanService
from catalogue_client.circulation.pin_lockout import PinLockout
from catalogue_client.circulation.policy import CirculationPolicy, load_circulation_policy
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.unknown_outcomes import UnknownOutcomes
from catalogue_client.delivery.delivery_policy import DeliveryPolicy, load_delivery_policy
from catalogue_client.delivery.dispatch.delivery_service import home_deliveries
from catalogue_client.embedded_library.demonstration_removal import Demonstration
from catalogue_client.embedded_library.embedded_circulation import EmbeddedCirculation
from catalogue_client.embedded_library.embedded_deliveries import EmbeddedDeliveries
from catalogue_client.embedded_library.opened_library import OpenedLibrary, StaffServices
from catalogue_client.embedded_library.opening import furnish, node_of, open_index, unlocked
from catalogue_client.errors import StorageError, Unavailable
from catalogue_client.places.place_directory import PlaceDirectory, load_places
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.indexer import Indexer
from catalogue_client.seed.collection_statistics import CollectionStatistics
from catalogue_client.seed.works import WORKS
from catalogue_client.store.anchor import Anchor
from catalogue_client.store.audit import Audit
from catalogue_client.store.change_feed import listen
from catalogue_client.store.common_time import CommonTime, own_clock
from catalogue_client.store.database import Database, take_turns
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.locking import OPENING, STATE, InUse, held, turn
from catalogue_client.store.postgres import LIMITS, PATIENT, Limits
from catalogue_client.store.pre_migration_backup import keep_old_form
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.usage_counts import Usage


@asynccontextmanager
async def open_library(
    home: Path,
    *,
    url: str | None = None,
    clock: Callable[[], datetime],
    pepper: bytes | None = None,
    works: Path = WORKS,
    purpose: Purpose | None = None,
    limits: Limits = LIMITS,
    system: Callable[[], datetime] = own_clock,
) -> AsyncIterator[OpenedLibrary]:
    """Open the library whose state is in `home`, or in the database `url` (postgresql+asyncpg://…, for several nodes).

    The first time, tables are made. `purpose` is what a store becomes that nobody has decided about; None leaves that
    open, and what was decided before stays. Into a demonstration alone the shipped catalogue and the demonstration
    readers are put, whole or not at all, and later the works that are new in the TSV files of `works`. The search
    index stays in `home` in any case. `pepper` protects PINs and addresses; without it, a file in `home` holds one.
    All nodes of one database need the same pepper. `limits` are how long PostgreSQL may take. `system` is this
    machine's clock: what it differs from the database's is added to `clock`.

    Raises StorageError when the store cannot be used, PepperError when it was made with another pepper, Unavailable
    when the database does not answer.
    """

    database = Database(url or f"sqlite+aiosqlite:///{home / 'library.sqlite'}", limits)
    common = CommonTime(database, system)

    def now() -> datetime:
        moment = clock()
        return (moment if moment.tzinfo else moment.astimezone()) + common.drift

    places, rules, delivery_rules = load_places(), load_circulation_policy(), load_delivery_policy(home)
    async with AsyncExitStack() as stack:
        try:
            node = node_of(home)
            stack.enter_context(held(home / STATE, shared=True))
            opening = await stack.enter_async_context(AsyncExitStack())
            await opening.enter_async_context(turn(home / OPENING))
        except InUse as error:
            raise Unavailable(f"a backup is being brought back into {home}") from error
        except OSError as error:
            raise StorageError(f"the folder {home} cannot be used: {error}") from error
        if not url:
            await asyncio.to_thread(keep_old_form, home / "library.sqlite", now())
        stack.push_async_callback(database.close)
        await common.measure()
        async with _making(database) as connection:
            await take_turns(connection, "opening")
            secrecy = await unlocked(connection, home, pepper)
            await furnish(connection, secrecy, places, works, purpose, now().date())
        index = open_index(home / "search.sqlite")
        stack.callback(index.close)
        # Ended before the index is closed: SQLite crashes when its thread goes on in a closed one.
        worker = stack.enter_context(ThreadPoolExecutor(1, "search"))
        follower = Indexer(database, index, worker, now)
        await follower.catch_up()
        await opening.aclose()
        audit = Audit(node, secrecy)
        anchor = Anchor(database, audit, home)
        unsure = UnknownOutcomes(home, database, secrecy, rules.kept.keys, now)
        library = _library(
            database, index, worker, follower, works, secrecy, places, rules, delivery_rules, audit, unsure, now
        )
        audit.written_down = anchor.newest
        stack.push_async_callback(_stop, asyncio.create_task(anchor.follow()))
        stack.push_async_callback(_stop, asyncio.create_task(follower.follow()))
        house = run_periodic_cleanup(database, library.staff.holds, rules.kept, now)
        stack.push_async_callback(_stop, asyncio.create_task(house))
        if not database.is_sqlite:
            stack.push_async_callback(_stop, asyncio.create_task(common.follow()))
            stack.push_async_callback(_stop, asyncio.create_task(listen(database, follower.called.set)))
        await stack.enter_async_context(library.staff.deliveries.running(home))
        yield library


def _library(
    database: Database,
    index: SearchIndex,
    worker: ThreadPoolExecutor,
    follower: Indexer,
    works: Path,
    secrecy: Encryption,
    places: PlaceDirectory,
    rules: CirculationPolicy,
    delivery_rules: DeliveryPolicy,
    audit: Audit,
    unsure: UnknownOutcomes,
    now: Callable[[], datetime],
) -> OpenedLibrary:
    shelves = ItemStore(places, rules)
    readers = ReaderAccounts(database, secrecy, PinLockout(database, secrecy, rules.pins, now), audit, now)
    loans = LoanService(database, readers, shelves, rules, audit, now)
    delivery = home_deliveries(database, secrecy, readers, loans, shelves, places, audit, rules, delivery_rules, now)
    holds = HoldService(database, readers, shelves, places, rules, audit, now)
    catalogue = EmbeddedCatalogue(database, index, follower, worker, shelves, rules, now)
    return OpenedLibrary(
        catalogue=catalogue,
        places=places,
        circulation=EmbeddedCirculation(readers, loans, holds, unsure),
        deliveries=EmbeddedDeliveries(delivery.bookings, delivery.following, delivery.privacy),
        callbacks=delivery.books.tasks,
        vocabulary=TitleVocabulary(database),
        staff=StaffServices(
            catalogue=catalogue,
            importer=Importer(database, follower, places, rules, now),
            stock=CollectionStatistics(database, follower, places, works, now),
            holds=holds,
            deliveries=delivery,
            usage=Usage(database, now),
            demonstration=Demonstration(delivery.books, follower),
        ),
    )


@asynccontextmanager
async def _making(database: Database) -> AsyncIterator[AsyncConnection]:
    """A writing transaction that may take long: tables are made or changed while other nodes wait for that."""
    if database.is_sqlite:
        async with database.writing() as connection:
            yield connection
        return
    patient = Database(database.dsn, PATIENT)
    try:
        async with patient.writing() as connection:
            yield connection
    finally:
        await patient.close()


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
