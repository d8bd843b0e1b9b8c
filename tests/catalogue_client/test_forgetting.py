"""After the return nothing in the database names who read what, for readers who keep no history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select, update

from catalogue_client.delivery.delivery_schema import deliveries, delivery_items
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import WrongTicketOrPin
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.migrate import MIGRATIONS
from catalogue_client.store.schema import audit, keys
from catalogue_client.values.accounts import Preferences
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.catalogue_client.joins import Dump, unknown_columns
from tests.rig.postgres import Postgres

READER, MANY = "100001", "100003"


class Life:
    """A month of three readers, in which no two things happen at one moment."""

    def __init__(self, library: OpenedLibrary, clock: Clock) -> None:
        self.library, self.clock = library, clock
        self.books = library.staff.deliveries.books
        self.returned: set[str] = set()
        self.count = 0

    def key(self) -> str:
        self.clock.pass_by(seconds=97)
        self.count += 1
        return f"call-7:{self.count}"

    async def titles(self) -> list[str]:
        found = (await self.library.catalogue.search(Query(limit=100))).records
        at_home = {loan.record_id for loan in await self.library.circulation.loans(MANY)}
        return [one.id for one in found if one.available and one.id not in at_home and not one.reading_room_only]

    async def lend(self, ticket: str, record_id: str) -> None:
        self.key()
        async with self.books.database.writing() as connection:
            taken = await self.books.items.take(connection, record_id, None, "kept")
            assert taken
            await self.books.loans.lend(connection, ticket, record_id, taken[0])

    async def bring_back(self, ticket: str, record_id: str) -> None:
        self.key()
        (loan,) = (one for one in await self.library.circulation.loans(ticket) if one.record_id == record_id)
        async with self.books.database.writing() as connection:
            await self.books.loans.take_back(connection, loan.id, "chekhov")
        self.returned.add(record_id)

    async def go_by(self) -> None:
        library, desk = self.library, self.library.staff.deliveries.desk
        held, lent, together, still_out, fetched, open_hold, cancelled = (await self.titles())[:7]
        self.open = {still_out, open_hold}
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify(READER, "0000", "+77010000001")
        self.key()
        await library.circulation.identify(READER, "2580", "+77010000001")
        # Held, lent, renewed, returned.
        await library.circulation.place_hold(READER, held, "chekhov", key=self.key())
        await self.lend(READER, held)
        await library.circulation.renew(READER, (await library.circulation.loans(READER))[0].id, key=self.key())
        await self.bring_back(READER, held)
        await self.lend(READER, lent)
        # Two books in one parcel: one comes back, one stays; a third is fetched.
        slot = (await library.deliveries.delivery_slots(READER, [together, still_out]))[0]
        parcel = await library.deliveries.book_delivery(
            READER, [together, still_out], slot.id, note="қоңырау", key=self.key()
        )
        self.key()
        await desk.advance(parcel.id, "delivered", actor="staff:1")
        await self.lend(READER, fetched)
        await library.circulation.renew_all(READER, key=self.key())
        await self.bring_back(READER, lent)
        await self.bring_back(READER, together)
        (loan,) = (one for one in await library.circulation.loans(READER) if one.record_id == fetched)
        slot = (await library.deliveries.collection_slots(READER, [loan.id]))[0]
        collection = await library.deliveries.book_collection(READER, [loan.id], slot.id, key=self.key())
        self.key()
        await desk.advance(collection.id, "delivered", actor="staff:1")
        self.returned.add(fetched)
        # Asked for and given up again, and what is open.
        hold = await library.circulation.place_hold(READER, cancelled, "chekhov", key=self.key())
        await library.circulation.cancel_hold(READER, hold.id, key=self.key())
        self.returned.add(cancelled)
        await library.circulation.place_hold(READER, open_hold, "chekhov", key=self.key())
        loan = next(one for one in await library.circulation.loans(READER))
        slot = (await library.deliveries.collection_slots(READER, [loan.id]))[0]
        await library.deliveries.book_collection(READER, [loan.id], slot.id, key=self.key())
        await library.circulation.save_preferences(READER, Preferences(), key=self.key())
        await library.deliveries.set_address(READER, "Гоголь көшесі, 7", key=self.key())
        task = await library.callbacks.request_callback(READER, "+77010000077", "сұрақ", key=self.key())
        self.key()
        await self.books.tasks.finish(task.id, "staff:1")


async def dumped(library: OpenedLibrary) -> Dump:
    async with library.staff.deliveries.books.database.reading() as connection:
        return await Dump.of(connection)


async def test_no_join_of_any_tables_names_who_read_a_returned_title(library: OpenedLibrary, clock: Clock) -> None:
    assert not unknown_columns()
    life = Life(library, clock)
    await life.go_by()
    found = (await dumped(library)).titles(READER)
    assert life.open <= found  # what is out and held has to be known: the search is able to find
    assert not found & life.returned


async def test_who_keeps_a_history_is_found_until_it_is_to_be_forgotten(library: OpenedLibrary, clock: Clock) -> None:
    life = Life(library, clock)
    readers = life.books.readers
    await readers.keep_history(READER, True, actor="staff:1")
    await life.go_by()
    assert (await dumped(library)).titles(READER) & life.returned
    life.key()
    await readers.keep_history(READER, False, actor="staff:1")
    assert not (await dumped(library)).titles(READER) & life.returned
    async with life.books.database.reading() as connection:
        over = select(deliveries.c.number).where(deliveries.c.ended.is_not(None))
        for number in (await connection.scalars(over)).all():
            assert not (await library.staff.deliveries.desk.job(str(number))).items


async def test_an_event_is_found_again_by_whoever_has_the_pepper(library: OpenedLibrary, clock: Clock) -> None:
    hold = await library.circulation.place_hold(READER, (await Life(library, clock).titles())[0], "chekhov", key="k")
    actor, subject = library.staff.deliveries.books.readers.event(READER, "hold", hold.id, "hold", clock())
    async with library.staff.deliveries.books.database.reading() as connection:
        row = (await connection.execute(select(audit.c.actor, audit.c.subject).where(audit.c.action == "hold"))).one()
    assert (row.actor, row.subject) == (actor, subject) and subject != f"hold {hold.id}"


async def test_keys_and_answers_tell_nothing_and_answer_all_the_same(library: OpenedLibrary, clock: Clock) -> None:
    wanted = (await Life(library, clock).titles())[0]
    hold = await library.circulation.place_hold(READER, wanted, "chekhov", key="call-7:1")
    assert await library.circulation.place_hold(READER, wanted, "chekhov", key="call-7:1") == hold
    async with library.staff.deliveries.books.database.reading() as connection:
        (row,) = (await connection.execute(select(keys))).all()
    kept = " ".join(map(str, row))
    assert hold.title not in kept and wanted not in kept and "call-7" not in kept


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'library.sqlite'}"
        return
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    try:
        server.start()
        yield server.url
    finally:
        server.remove()


async def test_what_older_forms_kept_of_readers_is_forgotten(tmp_path: Path, clock: Clock, address: str) -> None:
    """A store of the fourth form with a hold that is closed, a book that is back, and parcels that are over."""
    secrecy = Encryption(b"pepper")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    database = Database(address)

    def make(connection: Connection) -> None:
        config.attributes |= {"connection": connection, "pepper": secrecy.pepper}
        command.upgrade(config, "0004")

    async with database.writing() as connection:
        await connection.run_sync(make)
        for statement in OLD:
            await connection.exec_driver_sql(statement)
        kept = secrecy.seal('{"ticket": "7", "address": "Абай, 1"}')
        await connection.execute(update(deliveries).values(sealed=kept, reader=secrecy.pseudonym("reader", "7")))
    await database.close()
    url = None if database.is_sqlite else address
    async with open_library(tmp_path, url=url, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        assert not (await dumped(library)).titles("7") & {"r-held", "r-back"}
        assert [one.record_id for one in await library.circulation.holds("7")] == ["r-open"]
        assert [one.record_id for one in await library.circulation.loans("7")] == ["r-out"]
        (told,) = await library.deliveries.deliveries("7")
        assert told.titles == ("Қайтқан",)
        (loan,) = await library.circulation.loans("7")
        await library.circulation.renew("7", loan.id, key="new")
        life = Life(library, clock)
        await life.lend("7", "r-held")  # new numbers are free
        async with life.books.database.reading() as connection:
            assert (await verify_chain(connection, secrecy)).broken == 1  # its old entry was not sealed at all
            assert await connection.scalar(select(func.count()).select_from(delivery_items)) == 0


OLD = (
    "INSERT INTO readers (ticket, category, pin_hash, temporary, keeps_history, preferences, since) VALUES"
    " ('7', 'adult', '', FALSE, FALSE, '{}', '2026-01-01')",
    *(
        f"INSERT INTO records (id, title, author, language, formats, subjects, aliases, annotation, reading_room_only,"
        f" popularity, added) VALUES ('{one}', '{title}', '', 'kk', 'print', '', '', '', FALSE, 0, '2026-01-01')"
        for one, title in (("r-held", "Ұстаған"), ("r-back", "Қайтқан"), ("r-open", "Ашық"), ("r-out", "Қолда"))
    ),
    *(
        f"INSERT INTO copies (id, record_id, place_id, format, status)"
        f" VALUES ({number}, '{one}', 'chekhov', 'print', '{status}')"
        for number, one, status in (
            (900001, "r-held", "shelf"), (900002, "r-back", "shelf"), (900003, "r-open", "kept"),
            (900004, "r-out", "loan"),
        )
    ),
    "INSERT INTO loans (id, ticket, record_id, copy_id, since, due, renewals, returned) VALUES"
    " (1, NULL, 'r-back', 900002, '2026-11-01', '2026-11-16', 0, '2026-11-10'),"
    " (2, '7', 'r-out', 900004, '2026-11-20', '2026-12-05', 0, NULL)",
    "INSERT INTO holds (id, ticket, record_id, place_id, copy_id, status, placed, expires) VALUES"
    " (1, '7', 'r-held', 'chekhov', NULL, 'cancelled', '2026-11-02 01:02:03.000004', NULL),"
    " (2, '7', 'r-open', 'chekhov', 900003, 'ready', '2026-11-03 01:02:03.000004', '2026-12-01')",
    "INSERT INTO keys (key, request, answer, at) VALUES"
    " ('call:1', 'abc', '{\"id\": \"1\", \"record_id\": \"r-held\"}', '2026-11-02 01:02:03.000004')",
    "INSERT INTO deliveries (number, reader, kind, status, place_id, district, starts, ends, booked, undo_until, ended,"
    " announced, grams, signs) VALUES (1001, 'x', 'delivery', 'delivered', 'chekhov', '', '2026-11-20 10:00:00',"
    " '2026-11-20 12:00:00', '2026-11-19 10:00:00', '2026-11-19 10:10:00', '2026-11-20 11:00:00', '', 400, FALSE)",
    "INSERT INTO delivery_items (number, record_id, copy_id, loan_id, place_id, grams) VALUES"
    " (1001, 'r-back', 900002, 1, 'chekhov', 400)",
    *(
        f"INSERT INTO audit (chain, at, actor, action, subject, outcome, hash) VALUES"
        f" ('n', '2026-11-02 01:02:03.000004', 'reader:1', '{action}', '{subject}', 'done', 'x')"
        for action, subject in (
            ("hold", "hold 1"), ("hold", "hold 2"), ("lend", "loan 1"), ("lend", "loan 2"), ("deliver", "delivery 1001")
        )
    ),
)  # fmt: skip
