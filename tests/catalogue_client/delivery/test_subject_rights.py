"""What is sealed, what is deleted in time, what a reader gets and can have forgotten; slips and run sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.delivery.delivery_schema import deliveries, delivery_items, staff_tasks
from catalogue_client.delivery.run_sheets import RunSheets
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.schema import audit, keys
from catalogue_client.values.bibliographic import Query
from catalogue_client.values.shipments import Delivery
from tests.catalogue_client.clock import Clock

READER = "100001"


async def book(library: OpenedLibrary) -> Delivery:
    ids = [(await library.catalogue.search(Query(words=title))).records[0].id for title in ("Абай жолы", "Көшпенділер")]
    slots = await library.deliveries.delivery_slots(READER, ids)
    return await library.deliveries.book_delivery(READER, ids, slots[0].id, note="үшінші қабат", key="k")


async def test_the_file_tells_nothing_about_the_reader(library: OpenedLibrary, home: Path) -> None:
    await book(library)
    await library.callbacks.request_callback(READER, "+77010000077", "сұрақ бар", key="c")
    kept = b"".join((home / name).read_bytes() for name in ("library.sqlite", "library.sqlite-wal"))
    assert "Көшпенділер".encode() in kept  # the files are the right ones
    for secret in ("Айгүл", "Абай даңғылы", "+7701000", "үшінші қабат", "сұрақ бар", "2028-11-23"):
        assert secret.encode() not in kept
    async with library.staff.deliveries.books.database.reading() as connection:
        for table in (deliveries, delivery_items, staff_tasks, keys, audit):
            rows = (await connection.execute(select(table))).all()
            assert rows and not [row for row in rows if READER in map(str, row)]


async def test_addresses_are_deleted_in_time(library: OpenedLibrary, clock: Clock) -> None:
    delivery = await book(library)
    parts = library.staff.deliveries
    await parts.desk.advance(delivery.id, "delivered", actor="staff:1")
    assert (await library.deliveries.deliveries(READER))[0].titles == ("Абай жолы", "Көшпенділер")
    clock.pass_by(days=29)
    assert await parts.privacy.delete_old_addresses() == 0
    clock.pass_by(days=1)
    assert await parts.privacy.delete_old_addresses() == 1
    job = await parts.desk.job(delivery.id)
    assert (job.address, job.phone, job.note, job.name) == ("", "", "", "")
    assert job.delivery.titles == ()  # what was read is forgotten with them


async def test_export_and_erase(library: OpenedLibrary) -> None:
    delivery = await book(library)
    parts = library.staff.deliveries
    told = await parts.privacy.export(READER, actor="staff:1")
    assert told["contact"]["address"].startswith("Абай даңғылы")
    assert told["deliveries"][0]["note"] == "үшінші қабат"
    assert told["right"]["until"] == "2028-11-23"
    lent = (await parts.privacy.export("100003", actor="staff:1"))["loans"]
    assert len(lent) == 5 and all(one["title"] and not one["returned"] for one in lent)
    with pytest.raises(Refused):
        await parts.privacy.erase(READER, actor="staff:1")
    await library.deliveries.cancel_delivery(READER, delivery.id, key="x")
    await parts.privacy.erase(READER, actor="staff:1")
    told = await parts.privacy.export(READER, actor="staff:1")
    assert (told["contact"]["address"], told["contact"]["phone"], told["deliveries"]) == ("", "", [])
    assert await library.deliveries.deliveries(READER) == ()
    with pytest.raises(NotFound):
        await parts.privacy.export("nobody", actor="staff:1")
    async with parts.books.database.reading() as connection:
        assert (await verify_chain(connection, Encryption(b"pepper"))).broken is None


async def test_a_right_is_given_until_a_day(library: OpenedLibrary, clock: Clock) -> None:
    privacy, (wanted,) = (
        library.staff.deliveries.privacy,
        (await library.catalogue.search(Query(words="Көшпенділер"))).records[:1],
    )
    right = Entitlement("А. Б.", "certificate", "Медеу")
    for address, rule in (("", "no_address"), ("Абай даңғылы, 7", "")):
        await privacy.set_address("100002", address, actor="staff:1")
        await privacy.entitle("100002", date(2026, 11, 24), right, actor="staff:1")
        if rule:
            with pytest.raises(Refused, match=rule):
                await library.deliveries.delivery_slots("100002", (wanted.id,))
    assert await library.deliveries.delivery_slots("100002", (wanted.id,))
    clock.pass_by(days=1)
    with pytest.raises(Refused, match="not_eligible"):
        await library.deliveries.delivery_slots("100002", (wanted.id,))
    with pytest.raises(Refused, match="outside_city"):
        await privacy.set_address("100002", "Қаскелең, 5", actor="staff:1")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_slip_and_run_sheet(library: OpenedLibrary, language: str) -> None:
    delivery = await book(library)
    job = await library.staff.deliveries.desk.job(delivery.id)
    sheets = RunSheets(language)  # type: ignore[arg-type]
    slip = "\n".join(sheets.slip(job))
    assert delivery.id in slip and "Абай жолы. Мұхтар Әуезов" in slip and "09.12.2026" in slip
    assert "даңғылы" not in slip and "Айгүл" not in slip and delivery.code not in slip
    run_sheet = "\n".join(sheets.run_sheet([job], date(2026, 11, 24)))
    for told in ("Абай даңғылы, 52, 14 пәтер", "+77010000001", delivery.code, "14:00", "үшінші қабат"):
        assert told in run_sheet
    assert len(sheets.gathering([job])) == sum(item.elsewhere for item in job.items)


async def test_a_reader_keeps_a_new_address_once(library: OpenedLibrary, home: Path) -> None:
    reader = await library.deliveries.set_address(READER, "Гоголь  көшесі, 7, 5 пәтер", key="a")
    assert (reader.has_address, reader.address_hint) == (True, "Гоголь көшесі, …5")
    assert await library.deliveries.set_address(READER, "Гоголь  көшесі, 7, 5 пәтер", key="a") == reader
    with pytest.raises(Refused, match="outside_city"):
        await library.deliveries.set_address(READER, "Талғар, Абай көшесі, 1", key="b")
    parts = library.staff.deliveries
    assert (await parts.privacy.export(READER, actor="staff:1"))["contact"]["address"] == "Гоголь көшесі, 7, 5 пәтер"
    (task,) = await parts.books.tasks.tasks()
    assert task.ticket == READER and "district" in task.line.said("en")
    kept = b"".join((home / name).read_bytes() for name in ("library.sqlite", "library.sqlite-wal"))
    assert "Гоголь".encode() not in kept
