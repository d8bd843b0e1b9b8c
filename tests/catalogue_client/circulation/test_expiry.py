"""Tables do not only grow: what nobody needs is taken out by rule, what somebody needs stays."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select, text

import catalogue_client.circulation.expiry
from catalogue_client.circulation.expiry import tidy
from catalogue_client.circulation.policy import RetentionDays, load_circulation_policy
from catalogue_client.delivery.delivery_schema import courier_events, deliveries, outbox, staff_tasks, trips
from catalogue_client.delivery.kept_items import old_delivery_rows
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import WrongTicketOrPin
from catalogue_client.store.schema import changes, checks, holds, keys, metadata, tries
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS

READER = "100001"
DAYS = RetentionDays(keys=1, tries=3, holds=2, outbox=2, trips=4, courier_events=2, tasks=2)


async def count(library: OpenedLibrary, table: Table) -> int:
    async with library.staff.deliveries.books.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def tidied(library: OpenedLibrary, clock: Clock) -> None:
    books = library.staff.deliveries.books
    rules = replace(books.policy, kept=DAYS)
    await tidy(replace(books, lending_rules=lambda: rules), library.staff.holds, old_delivery_rows)


async def test_what_nobody_needs_is_taken_out_and_nothing_else(
    library: OpenedLibrary, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_client.circulation.expiry, "TOGETHER", 2)
    parts = library.staff.deliveries
    first, second, *_ = (await library.catalogue.search(Query(limit=10))).records
    hold = await library.circulation.place_hold(READER, first.id, "chekhov", key="h")
    await library.circulation.cancel_hold(READER, hold.id, key="c")
    await library.circulation.place_hold(READER, second.id, "chekhov", key="h2")
    for number in range(5):
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify(f"20000{number}", "0000", f"line {number}")
    slot = (await library.deliveries.delivery_slots(READER, [first.id]))[0]
    over = await library.deliveries.book_delivery(READER, [first.id], slot.id, key="b")
    await parts.desk.advance(over.id, "failed", actor="staff:1")
    under_way = await library.deliveries.book_delivery(READER, [first.id], slot.id, key="b2")
    task = await library.callbacks.request_callback(READER, "+77010000077", "?", key="t")
    await parts.books.tasks.finish(task.id, "staff:1")
    at = {"next_at": clock(), "wants": "none", "tries": 0, "error": ""}
    async with parts.books.database.writing() as connection:
        for number, state, closed in ((over.id, "done", True), (under_way.id, "new", False)):
            await connection.execute(insert(outbox).values(number=int(number), state=state, **at))
            trip = {"request_id": number, "number": int(number), "attempt": 1, "closed": closed}
            await connection.execute(insert(trips).values(trip))
        await connection.execute(
            insert(courier_events), [{"trip_id": f"{n}", "operation": "1", "at": clock()} for n in range(5)]
        )
        await connection.execute(insert(checks).values(id="x", subject="y", until=clock()))
    open_tasks = len(await parts.books.tasks.tasks())
    before = {table: await count(library, table) for table in metadata.sorted_tables}
    await tidied(library, clock)
    assert {table: await count(library, table) for table in metadata.sorted_tables} == before  # nothing is old yet
    clock.pass_by(days=3, hours=1)
    await tidied(library, clock)
    assert await count(library, tries) == await count(library, checks) == await count(library, keys) == 0
    assert await count(library, courier_events) == 0
    assert await count(library, holds) == 1 and len(await library.circulation.holds(READER)) == 1
    assert await count(library, outbox) == 1 and await count(library, trips) == 2
    assert await count(library, staff_tasks) == open_tasks == len(await parts.books.tasks.tasks())
    clock.pass_by(days=2)
    await tidied(library, clock)
    assert await count(library, trips) == 1 and await count(library, outbox) == 1  # of what is under way
    assert await count(library, deliveries) == 2


async def test_a_lock_outlives_tidying_up(library: OpenedLibrary, clock: Clock) -> None:
    for _ in range(20):  # the lock grows to a day
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify(READER, "0000", "line")
        clock.pass_by(hours=25)
    clock.pass_by(hours=-25)
    await tidied(library, clock)
    assert await count(library, tries)
    assert DAYS.tries * timedelta(days=1) > 2 * timedelta(minutes=load_circulation_policy().pins.longest_lock_minutes)


def test_rules_name_every_limit_and_none_is_shorter_than_what_needs_it() -> None:
    rules = load_circulation_policy()
    assert all(getattr(rules.kept, one.name) > 0 for one in fields(RetentionDays))
    assert timedelta(days=rules.kept.tries) > 2 * timedelta(minutes=rules.pins.longest_lock_minutes)


async def test_a_new_index_learns_of_every_record_from_a_shortened_list(
    home: Path, library: OpenedLibrary, clock: Clock
) -> None:
    database = library.staff.deliveries.books.database
    async with database.writing() as connection:
        ids = (await connection.scalars(select(changes.c.record_id))).all()
        await connection.execute(insert(changes), [{"record_id": one} for one in (*ids, *ids)])
    assert await count(library, changes) == 3 * len(ids)
    await tidied(library, clock)
    assert await count(library, changes) == len(set(ids))
    known = (await library.catalogue.search(Query())).total
    (home / "elsewhere").mkdir()
    (home / "elsewhere" / "library.sqlite").write_bytes(b"")
    for name in ("library.sqlite", "library.sqlite-wal"):
        (home / "elsewhere" / name).write_bytes((home / name).read_bytes())
    async with open_library(home / "elsewhere", clock=clock, pepper=b"pepper", works=FEW_WORKS) as fresh:
        assert (await fresh.catalogue.search(Query())).total == known


async def test_what_is_sorted_at_every_start_has_an_index(library: OpenedLibrary) -> None:
    query = "EXPLAIN QUERY PLAN SELECT title FROM records ORDER BY popularity DESC, id LIMIT 100"
    async with library.staff.deliveries.books.database.reading() as connection:
        plan = " ".join(str(row) for row in await connection.execute(text(query)))
    assert "records_by_popularity" in plan and "TEMP B-TREE" not in plan
