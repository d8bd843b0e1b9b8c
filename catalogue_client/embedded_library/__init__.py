"""Opens a library: the embedded store with its readers, items, loans, holds, deliveries and search, as one object."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.books.book_holdings import BookHoldings
from catalogue_client.books.reading_places import EmbeddedReadingRoom
from catalogue_client.catalogue.embedded_catalogue import EmbeddedCatalogue
from catalogue_client.catalogue.sync.place_codes import PlaceCodes
from catalogue_client.catalogue.sync.source_runs import SourceRuns
from catalogue_client.catalogue.title_vocabulary import TitleVocabulary
from catalogue_client.catalogue.work_corrections import WorkCorrections
from catalogue_client.circulation.expiry import run_periodic_cleanup
from catalogue_client.circulation.holds import HoldService
from catalogue_client.circulation.items import ItemStore
from catalogue_client.circulation.loans import LoanService
from catalogue_client.circulation.pin_lockout import PinLockout
from catalogue_client.circulation.policy import lending_rules_in_force, load_circulation_policy
from catalogue_client.circulation.reader_lists import EmbeddedReaderLists
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.circulation.unknown_outcomes import UnknownOutcomes
from catalogue_client.delivery.delivery_policy import DeliveryPolicy, delivery_rules_in_force, load_delivery_policy
from catalogue_client.delivery.dispatch.delivery_service import home_deliveries
from catalogue_client.delivery.eligibility import is_coming
from catalogue_client.delivery.kept_items import forget_items, old_delivery_rows
from catalogue_client.embedded_library.demonstration_removal import Demonstration
from catalogue_client.embedded_library.embedded_circulation import EmbeddedCirculation
from catalogue_client.embedded_library.embedded_deliveries import EmbeddedDeliveries
from catalogue_client.embedded_library.opened_library import OpenedLibrary, StaffServices
from catalogue_client.embedded_library.opening import furnish, node_of, open_index, unlocked
from catalogue_client.errors import StorageError, Unavailable
from catalogue_client.knowledge.asked_questions import AskedQuestions
from catalogue_client.knowledge.library_answers import LibraryAnswers
from catalogue_client.knowledge.library_rules import library_rules
from catalogue_client.knowledge.places_in_force import PlacesInForce
from catalogue_client.knowledge.special_days import SpecialDays
from catalogue_client.knowledge.statements import Statements
from catalogue_client.places.place_directory import load_places
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.indexer import Indexer
from catalogue_client.search.meaning.background import WorkEmbedding
from catalogue_client.seed.collection_statistics import CollectionStatistics
from catalogue_client.seed.works import WORKS
from catalogue_client.store.anchor import Anchor
from catalogue_client.store.audit import Audit
from catalogue_client.store.background_jobs import BackgroundJobs
from catalogue_client.store.change_feed import listen
from catalogue_client.store.common_time import CommonTime, own_clock
from catalogue_client.store.database import Database, take_turns
from catalogue_client.store.locking import OPENING, STATE, InUse, held, turn
from catalogue_client.store.migrate import keep_old_form
from catalogue_client.store.postgres import LIMITS, PATIENT, DatabaseLimits
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.usage_counts import Usage

if TYPE_CHECKING:
    from catalogue_client.catalogue.sync.synchroniser import Synchroniser


@asynccontextmanager
async def open_library(
    home: Path,
    *,
    url: str | None = None,
    clock: Callable[[], datetime],
    pepper: bytes | None = None,
    works: Path = WORKS,
    purpose: Purpose | None = None,
    limits: DatabaseLimits = LIMITS,
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

    places, rules = load_places(home), lending_rules_in_force(home, load_circulation_policy)
    delivery_rules = delivery_rules_in_force(home, load_delivery_policy)
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
        context = StoreContext(database, now, audit, secrecy, rules, places)
        library = _library(context, index, worker, follower, works, delivery_rules, UnknownOutcomes(home, context))
        audit.written_down = anchor.newest
        jobs = BackgroundJobs()
        stack.push_async_callback(jobs.stop)
        jobs.start("the file of the audit's newest entry", anchor.follow)
        jobs.start("the search index", follower.follow)
        if index.embedder:
            jobs.start("search by meaning", WorkEmbedding(index.vectors, worker, index.embedder).follow)
        jobs.start("tidying up", partial(run_periodic_cleanup, context, library.staff.holds, old_delivery_rows))
        if not database.is_sqlite:
            jobs.start("the database's clock", common.follow)
            jobs.start("the change feed", partial(listen, database, follower.called.set))
        await stack.enter_async_context(library.staff.deliveries.running(home))
        yield library


def _library(
    context: StoreContext,
    index: SearchIndex,
    worker: ThreadPoolExecutor,
    follower: Indexer,
    works: Path,
    delivery_rules: Callable[[], DeliveryPolicy],
    unsure: UnknownOutcomes,
) -> OpenedLibrary:
    database, places, policy, now = context.database, context.places, context.policy, context.clock
    items = ItemStore(places, context.lending_rules)
    readers = ReaderAccounts(context, PinLockout(context), forget_items)
    loans = LoanService(context, readers, items)
    holds = HoldService(context, readers, items, is_coming)
    delivery = home_deliveries(context, readers, loans, items, delivery_rules)
    catalogue = EmbeddedCatalogue(database, index, follower, worker, items, policy, now)
    statements = Statements(database, context.audit, now)
    days = SpecialDays(statements, now)
    in_force = PlacesInForce(places, statements, days)
    answers = LibraryAnswers(
        statements, AskedQuestions(database, now), days, lambda: library_rules(context.policy, delivery_rules())
    )

    codes = PlaceCodes(database, items, places, now)
    holdings = BookHoldings(context)

    def new_synchroniser() -> Synchroniser:
        from catalogue_client.catalogue.sync.record_store import RecordStore
        from catalogue_client.catalogue.sync.synchroniser import Synchroniser

        return Synchroniser(database, follower, codes, RecordStore(items, policy, now), now)

    return OpenedLibrary(
        catalogue=catalogue,
        places=in_force,
        circulation=EmbeddedCirculation(readers, loans, holds, unsure),
        deliveries=EmbeddedDeliveries(delivery.bookings, delivery.following, delivery.privacy),
        callbacks=delivery.books.tasks,
        vocabulary=TitleVocabulary(database),
        knowledge=answers,
        reading_room=EmbeddedReadingRoom(context, holdings),
        reader_lists=EmbeddedReaderLists(context),
        staff=StaffServices(
            catalogue=catalogue,
            new_synchroniser=new_synchroniser,
            place_codes=codes,
            source_runs=SourceRuns(database),
            works=WorkCorrections(database, follower, now),
            stock=CollectionStatistics(database, follower, places, works, now),
            holds=holds,
            deliveries=delivery,
            usage=Usage(database, now),
            demonstration=Demonstration(delivery.books, follower),
            answers=answers,
            places=in_force,
            books=holdings,
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
