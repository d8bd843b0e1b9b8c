"""Nodes whose machines disagree about the time: promises, leases and locks go by the database's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from catalogue_client.delivery.outbox import lease, want
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Locked, WrongTicketOrPin
from catalogue_client.store.common_time import CommonTime
from catalogue_client.store.database import Database
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.conftest import FEW_WORKS
from tests.rig.postgres import Postgres

AHEAD = timedelta(minutes=10)


@pytest.fixture
def server() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    try:
        server.start()
        yield server
    finally:
        server.remove()


def wrong_by(span: timedelta) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) + span


@pytest.mark.real
async def test_a_node_that_is_ahead_keeps_what_another_has_promised(server: Postgres, tmp_path: Path) -> None:
    def node(name: str, ahead: timedelta) -> AbstractAsyncContextManager[OpenedLibrary]:
        clock = wrong_by(ahead)
        return open_library(
            tmp_path / name,
            url=server.url,
            clock=clock,
            pepper=b"p",
            works=FEW_WORKS,
            purpose=Purpose.DEMONSTRATION,
            system=clock,
        )

    async with node("right", timedelta(0)) as right, node("ahead", AHEAD) as ahead, node("behind", -AHEAD) as behind:
        books = {name: one.staff.deliveries.books for name, one in (("r", right), ("a", ahead), ("b", behind))}
        first = (await right.catalogue.search(Query(title="Абай жолы", limit=1))).records[0]
        slot = (await right.deliveries.delivery_slots("100001", [first.id]))[0]
        delivery = await right.deliveries.book_delivery("100001", [first.id], slot.id, key="k")
        assert delivery.undo_until is not None
        # Within the ten minutes in which the reader may take it back no node orders a courier.
        async with books["r"].database.writing() as connection:
            await want(connection, int(delivery.id), "trip", delivery.undo_until)
        for name in ("a", "b"):
            async with books[name].database.writing() as connection:
                assert await lease(connection, books[name].clock(), most=1, seconds=90) == ()
        # A lease that one node has is nobody else's, whatever the other's clock says.
        async with books["r"].database.writing() as connection:
            await want(connection, int(delivery.id), "trip", books["r"].clock() - timedelta(seconds=30))
            assert len(await lease(connection, books["r"].clock(), most=1, seconds=90)) == 1
        async with books["a"].database.writing() as connection:
            assert await lease(connection, books["a"].clock(), most=1, seconds=90) == ()
        # A lock of a quarter of an hour is one everywhere.
        for _ in range(5):
            with pytest.raises(WrongTicketOrPin):
                await behind.circulation.identify("100003", "0000", "line")
        for one in (right, ahead, behind):
            with pytest.raises(Locked) as locked:
                await one.circulation.identify("100003", "3690", f"another {one!r}")
            assert abs(locked.value.until - (datetime.now(UTC) + timedelta(minutes=15))) < timedelta(minutes=5)


@pytest.mark.real
async def test_a_clock_that_is_set_while_a_node_runs_changes_nothing(server: Postgres) -> None:
    database = Database(server.url)
    own = datetime.now(UTC)
    boot = 100.0
    common = CommonTime(database, lambda: own, lambda: boot)
    await common.measure()
    first = own + common.drift
    async with database.reading() as connection:
        assert abs(first - await connection.scalar(text("SELECT clock_timestamp()"))) < timedelta(minutes=1)
    own += timedelta(hours=3)  # somebody sets the clock of the machine
    boot += 60
    assert abs(own + common.drift - first - timedelta(seconds=60)) < timedelta(seconds=2)
    own -= timedelta(days=400)
    assert abs(own + common.drift - first - timedelta(seconds=60)) < timedelta(seconds=2)
    await database.close()


async def test_a_file_has_the_time_of_its_machine(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'library.sqlite'}")
    common = CommonTime(database, wrong_by(AHEAD))
    await common.measure()
    assert common.drift == timedelta(0)
    await database.close()
