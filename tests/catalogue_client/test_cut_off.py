"""A node that is cut off from PostgreSQL in the middle of a change stops nobody: neither its reader nor the city."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound, Refused, Unavailable
from catalogue_client.store.database import Database
from catalogue_client.store.postgres import LIMITS
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.rig.cut_off import Way
from tests.rig.postgres import Postgres
from voice.assistant.command_executor import CommandExecutor
from voice.dialogue import commands
from voice.dialogue.events import Answered, Failed

SHORT = replace(
    LIMITS, idle_in_transaction_s=1.5, lock_s=0.5, statement_s=1.0, command_s=1.2, connect_s=1.0, network_s=2.0
)
"""So that the test need not wait as long as a reader may; their order is that of the real ones."""
LONGEST_S = 60
"""A test that hangs fails."""
DEMONSTRATION: dict[str, Any] = {"pepper": b"p", "works": FEW_WORKS, "purpose": Purpose.DEMONSTRATION, "limits": SHORT}
"""How the libraries of these tests are opened."""


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


async def book(library: OpenedLibrary, record_id: str, slot_id: str, key: str) -> str:
    """Book until it is done, as a reader does who is told that the system did not answer."""
    while True:
        try:
            return (await library.deliveries.book_delivery("100001", [record_id], slot_id, key=key)).id
        except Unavailable as error:
            logging.getLogger(__name__).info("again: %s", error)


@pytest.mark.real
@pytest.mark.parametrize("signs", [(b"dauys:deliveries",), (b"dauys:deliveries", b"COMMIT")])
async def test_a_node_cut_off_in_a_booking_stops_nobody(
    server: Postgres, clock: Clock, tmp_path: Path, signs: tuple[bytes, ...]
) -> None:
    way = Way(server.port)
    async with (
        asyncio.timeout(LONGEST_S),
        way.open(),
        open_library(
            tmp_path / "a",
            url=server.url_at(way.port),
            clock=clock,
            pepper=b"p",
            works=FEW_WORKS,
            purpose=Purpose.DEMONSTRATION,
            limits=SHORT,
        ) as far,
        open_library(
            tmp_path / "b",
            url=server.url,
            clock=clock,
            pepper=b"p",
            works=FEW_WORKS,
            purpose=Purpose.DEMONSTRATION,
            limits=SHORT,
        ) as near,
    ):
        (found,) = (await far.catalogue.search(Query(title="Абай жолы", limit=1))).records
        slot = (await far.deliveries.delivery_slots("100001", [found.id]))[0]
        way.cut_after(*signs)
        broken = asyncio.create_task(far.deliveries.book_delivery("100001", [found.id], slot.id, key="far"))
        await way.cut.wait()

        # The reader calls again and again, and the other node answers: so do all other questions, each at once.
        again = [asyncio.create_task(book(near, found.id, slot.id, "near")) for _ in range(25)]
        asked = 0
        while not again[0].done():
            assert await near.circulation.loans("100003")
            assert await near.circulation.holds("100002") == ()
            asked += 1
        assert asked
        outcomes = set(await asyncio.gather(*again, return_exceptions=True))
        if b"COMMIT" in signs:  # the server has heard it: the booking is made
            assert {one.rule for one in outcomes if isinstance(one, Refused)} == {"one_delivery_only"}
        else:
            (number,) = outcomes
            assert not isinstance(number, BaseException)
        with pytest.raises(Unavailable):
            await broken
        with pytest.raises(Unavailable):
            await far.circulation.loans("100003")  # nobody waits without end there either
        assert len(await near.deliveries.deliveries("100001")) == 1

        way.mend()
        while True:
            try:
                assert await far.circulation.loans("100003")
                break
            except Unavailable:
                continue
        assert len(await far.deliveries.deliveries("100001")) == 1
        for node in (far, near):
            database = node.staff.deliveries.books.database
            assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            assert await everything_passes(database)


async def everything_passes(database: Database) -> bool:
    """Whether as many changes can be made at once as ever."""

    async def change() -> None:
        async with database.writing() as connection:
            await connection.execute(text("SELECT 1"))

    await asyncio.gather(*(change() for _ in range(15)))
    return True


@pytest.mark.real
async def test_who_only_reads_locks_nothing(server: Postgres, clock: Clock, tmp_path: Path) -> None:
    async with open_library(tmp_path, url=server.url, clock=clock, **DEMONSTRATION) as library:
        books = library.staff.deliveries.books
        (found,) = (await library.catalogue.search(Query(title="Абай жолы", limit=1))).records
        async with books.database.writing() as connection:  # another change of the same reader goes on meanwhile
            await books.readers.locked(connection, "100001")
            assert await library.deliveries.delivery_slots("100001", [found.id])
            assert (await books.readers.contact("100001")).address


@pytest.mark.real
async def test_questions_find_a_place_while_changes_wait(server: Postgres, clock: Clock, tmp_path: Path) -> None:
    async with open_library(
        tmp_path,
        url=server.url,
        clock=clock,
        pepper=b"p",
        works=FEW_WORKS,
        purpose=Purpose.DEMONSTRATION,
        limits=replace(SHORT, idle_in_transaction_s=60),
    ) as library:
        (found,) = (await library.catalogue.search(Query(title="Абай жолы", limit=1))).records
        books = library.staff.deliveries.books
        async with books.database.writing() as connection:
            await books.readers.locked(connection, "100001")
            waiting = [
                asyncio.create_task(library.circulation.place_hold("100001", found.id, "chekhov", key=f"{n}"))
                for n in range(40)
            ]
            while not any(one.done() for one in waiting):
                assert await library.circulation.loans("100003")
            assert all(isinstance(one, Unavailable) for one in await asyncio.gather(*waiting, return_exceptions=True))


@pytest.mark.real
async def test_search_goes_on_while_the_database_is_away_and_says_how_old_it_is(
    server: Postgres, clock: Clock, tmp_path: Path
) -> None:
    way = Way(server.port)
    async with (
        asyncio.timeout(LONGEST_S),
        way.open(),
        open_library(
            tmp_path,
            url=server.url_at(way.port),
            clock=clock,
            pepper=b"p",
            works=FEW_WORKS,
            purpose=Purpose.DEMONSTRATION,
            limits=SHORT,
        ) as library,
    ):
        query = Query(title="Абай жолы", limit=3)
        before = await library.catalogue.search(query)
        assert before.as_of is None and before.records[0].standing_known
        known_at = clock.now
        way.cut_now()
        clock.pass_by(minutes=7)
        away = await library.catalogue.search(query)
        assert [(one.id, one.title, one.author, one.year, one.formats) for one in away.records] == [
            (one.id, one.title, one.author, one.year, one.formats) for one in before.records
        ]
        assert away.as_of is not None and abs(away.as_of - known_at) < timedelta(minutes=1)
        assert not any(one.standing_known or one.available for one in away.records)
        record = await library.catalogue.record(before.records[0].id)
        assert record.annotation == before.records[0].annotation and not record.standing_known
        with pytest.raises(Unavailable):  # where copies stand only the database knows
            await library.catalogue.search(replace(query, place_id="chekhov"))
        with pytest.raises(NotFound):
            await library.catalogue.record("no such record")
        way.mend()
        while (back := await library.catalogue.search(query)).as_of is not None:
            await asyncio.sleep(0)
        assert back.records[0].available == before.records[0].available


@pytest.mark.real
async def test_the_reader_hears_at_the_next_contact_what_became_of_a_hold(
    server: Postgres, clock: Clock, tmp_path: Path
) -> None:
    async def nobody(ask: commands.HandOver) -> bool:
        return False

    way = Way(server.port)
    async with (
        asyncio.timeout(LONGEST_S),
        way.open(),
        open_library(
            tmp_path,
            url=server.url_at(way.port),
            clock=clock,
            pepper=b"p",
            works=FEW_WORKS,
            purpose=Purpose.DEMONSTRATION,
            limits=SHORT,
        ) as library,
    ):
        (found,) = (await library.catalogue.search(Query(title="Абай жолы", limit=1))).records
        first = CommandExecutor(library, nobody, clock, name="call-1", caller="line")
        way.cut_after(b"chekhov", b"COMMIT")
        hold = commands.PlaceHold("100001", found.id, "chekhov")
        assert await first.do(hold) == Failed(hold, "outcome_unknown")
        await first.finish()
        way.mend()
        second = CommandExecutor(library, nobody, clock, name="call-2", caller="line")
        ask = commands.ListRequestOutcomes("100001")
        while not isinstance(told := await second.do(ask), Answered):
            await asyncio.sleep(0)
        assert isinstance(told.answer, tuple)
        assert [(request.kind, request.state, request.title) for request in told.answer] == [
            ("hold", "done", found.title)
        ]
        await second.do(commands.AcknowledgeRequestOutcomes(tuple(request.key for request in told.answer)))
        assert await library.circulation.request_outcomes("100001") == ()
