"""Invented readers and works stand in a demonstration alone, and can be taken out of an older store."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import PepperError, StorageError, WrongTicketOrPin
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.accounts import Newcomer
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.catalogue.test_marc import iso2709, record
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.catalogue_client.older_forms import step_back
from tests.rig.postgres import Postgres


@asynccontextmanager
async def opened(
    home: Path, purpose: Purpose | None = None, url: str | None = None, pepper: bytes | None = b"pepper"
) -> AsyncIterator[OpenedLibrary]:
    async with open_library(home, url=url, clock=Clock(), pepper=pepper, works=FEW_WORKS, purpose=purpose) as library:
        yield library


async def titles(library: OpenedLibrary) -> int:
    return (await library.staff.stock.counts())["titles"]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def url(request: pytest.FixtureRequest) -> str | None:
    """Where the store is: in the home, or on a real PostgreSQL server."""
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("server").url)


async def test_a_library_starts_with_nobody_and_stays_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as undecided:
        assert await undecided.staff.demonstration.purpose() is None
        assert await titles(undecided) == 0
    async with opened(tmp_path, Purpose.LIBRARY) as library:
        assert await titles(library) == 0
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify("100001", "2580", "line")
    async with opened(tmp_path, Purpose.DEMONSTRATION) as library:
        assert await library.staff.demonstration.purpose() is Purpose.LIBRARY
        assert await titles(library) == 0


async def test_a_demonstration_is_taken_out_and_what_people_added_stays(tmp_path: Path, url: str | None) -> None:
    book = tmp_path / "book.mrc"
    book.write_bytes(iso2709(record(("245", "a", "Кітапхананың өз кітабы"), ("952", "b", "chekhov"), number="77")))
    async with opened(tmp_path, Purpose.DEMONSTRATION, url) as library:
        assert await library.staff.demonstration.open_accounts() == ("100001", "100002", "100003")
        await library.staff.importer.import_files([book])
        own = (await library.catalogue.search(Query(title="Кітапхананың өз кітабы"))).records[0]
        reader = (
            await library.circulation.register(Newcomer(name="Әсел", phone="+77015550000", pin="4826"), key="r")
        ).ticket
        found = (await library.catalogue.search(Query())).records
        wanted = next(one for one in found if one.available and one.id != own.id and not one.reading_room_only)
        place = wanted.available[0].place_id
        await library.circulation.place_hold(reader, wanted.id, place, key="h")
        await library.circulation.place_hold(
            "100001", own.id, "chekhov", key="h1"
        )  # the only copy of a book that was imported
        waiting = await library.circulation.place_hold(reader, own.id, "chekhov", key="h2")
        assert waiting.position == 1
        lent = next(one for one in found if one.available and one.id not in (own.id, wanted.id))
        slot = (await library.deliveries.delivery_slots("100001", [lent.id]))[0]
        await library.deliveries.book_delivery("100001", [lent.id], slot.id, key="d")
        await library.callbacks.request_callback("100001", "line", "", key="c")

        removed = await library.staff.demonstration.remove(actor="test")

        assert removed.readers == ("100001", "100002", "100003") and not removed.changed
        assert removed.kept == (wanted.title,) and removed.works == 17
        assert await library.staff.demonstration.open_accounts() == ()
        left = (await library.catalogue.search(Query())).records
        assert {one.title for one in left} == {own.title, wanted.title}
        assert [hold.status for hold in await library.circulation.holds(reader)] == [
            "ready",
            "ready",
        ]  # the next in the queue
        assert (await library.staff.stock.counts())["copies"] == 2
        assert (await library.circulation.identify(reader, "4826", "line")).name == "Әсел"
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify("100001", "2580", "line")
        assert not await library.staff.deliveries.desk.jobs()
        assert not await library.staff.deliveries.books.tasks.tasks()
        async with library.staff.deliveries.books.database.reading() as connection:
            assert (await verify_chain(connection, Encryption(b"pepper"))).broken is None
    async with opened(tmp_path, Purpose.DEMONSTRATION, url) as library:
        assert await library.staff.demonstration.purpose() is Purpose.LIBRARY
        assert await titles(library) == 2


async def test_a_published_ticket_that_became_somebodys_stays_and_its_published_pin_opens_nothing(home: Path) -> None:
    async with opened(home) as library:
        books = library.staff.deliveries.books
        async with books.database.writing() as connection:
            await connection.exec_driver_sql(
                "UPDATE readers SET phone = ? WHERE ticket = '100002'", (books.encryption.seal("+77770001122"),)
            )
        removed = await library.staff.demonstration.remove(actor="test")
        assert removed.readers == ("100001", "100003") and removed.changed == ("100002",)
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify("100002", "1470", "line")
        assert (await books.readers.contact("100002")).phone == "+77770001122"


async def test_a_delivery_on_its_way_is_ended_by_a_person_first(home: Path) -> None:
    async with opened(home) as library:
        record = next(one for one in (await library.catalogue.search(Query())).records if one.available)
        slot = (await library.deliveries.delivery_slots("100001", [record.id]))[0]
        booked = await library.deliveries.book_delivery("100001", [record.id], slot.id, key="d")
        await library.staff.deliveries.desk.advance(booked.id, "on_the_way", actor="test")
        with pytest.raises(StorageError, match=f"delivery {booked.id} .* Nothing was removed"):
            await library.staff.demonstration.remove(actor="test")
        assert (await library.circulation.identify("100001", "2580", "line")).deliveries
        assert await library.staff.demonstration.purpose() is Purpose.DEMONSTRATION


def as_of_form_4(home: Path) -> None:
    """Make the store what an older program left."""
    step_back(home / "library.sqlite", "0004")


async def test_an_older_store_counts_as_a_librarys_own_until_a_person_says_otherwise(home: Path) -> None:
    as_of_form_4(home)
    async with opened(home, Purpose.DEMONSTRATION) as library:
        assert await library.staff.demonstration.purpose() is Purpose.LIBRARY
        assert await library.staff.demonstration.open_accounts()
        await library.staff.demonstration.keep(actor="test")
    async with opened(home) as library:
        assert await library.staff.demonstration.purpose() is Purpose.DEMONSTRATION


@pytest.mark.parametrize("old", [False, True])
async def test_another_pepper_is_refused(home: Path, old: bool) -> None:
    if old:
        as_of_form_4(home)
    with pytest.raises(PepperError, match="is not the one"):
        async with opened(home, pepper=b"another"):
            pass
    async with opened(home) as library:
        assert (await library.circulation.identify("100001", "2580", "line")).ticket == "100001"


@pytest.mark.parametrize("lost", ["missing", "empty"])
async def test_no_new_pepper_is_made_beside_a_store(tmp_path: Path, lost: str) -> None:
    async with opened(tmp_path, Purpose.DEMONSTRATION, pepper=None):
        pass
    pepper = tmp_path / "pepper"
    kept = pepper.read_bytes()
    assert len(kept) == 32 and pepper.stat().st_mode & 0o777 == 0o600
    if lost == "missing":
        pepper.unlink()
    else:
        pepper.write_bytes(b"")
    with pytest.raises(PepperError, match="No new one was made"):
        async with opened(tmp_path, pepper=None):
            pass
    assert not pepper.exists() if lost == "missing" else not pepper.read_bytes()
    pepper.write_bytes(kept)
    async with opened(tmp_path, pepper=None) as library:
        right = Entitlement("staff:1", "certificate")
        await library.staff.deliveries.privacy.entitle("100002", date(2030, 1, 1), right, actor="test")
        assert (await library.circulation.identify("100002", "1470", "line")).deliveries


@pytest.mark.real
async def test_a_second_node_needs_the_pepper_of_the_first(tmp_path: Path, server: Postgres) -> None:
    async with opened(tmp_path / "first", url=server.url):
        pass
    with pytest.raises(PepperError, match="missing"):
        async with opened(tmp_path / "second", url=server.url, pepper=None):
            pass
    assert not (tmp_path / "second" / "pepper").exists()


def test_migrations_hold_frozen_copies() -> None:
    """What a migration read and wrote must not change with the program."""
    for path in (Path(__file__).parents[2] / "catalogue_client/store/migrations").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "catalogue_client" not in text and "voice" not in text, path


async def test_a_copied_home_is_like_the_first(home: Path, tmp_path: Path) -> None:
    other = shutil.copytree(home, tmp_path / "copy")
    async with opened(other, Purpose.LIBRARY) as library:
        assert await library.staff.demonstration.purpose() is Purpose.DEMONSTRATION
