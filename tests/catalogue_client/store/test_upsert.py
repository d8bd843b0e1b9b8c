"""Rows that may be there already, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue_client.store.database import Database
from catalogue_client.store.schema import facts, metadata
from catalogue_client.store.upsert import insert_if_absent, upsert
from catalogue_client.store.usage_counts import usage
from tests.catalogue_client.clock import Clock
from tests.rig.postgres import Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    server = None
    url = f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}"
    if request.param == "postgresql":
        try:
            server = Postgres()
        except FileNotFoundError as error:
            pytest.skip(str(error))
        server.start()
        url = server.url
    database = Database(url)
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()
    if server is not None:
        server.remove()


async def test_a_row_that_is_there_is_changed(database: Database) -> None:
    today = Clock().now.date()
    async with database.writing() as connection:
        for value in ("first", "second"):
            await upsert(connection, facts, {"name": "a", "value": value})
        for _ in range(3):
            row = {"day": today, "what": "calls", "count": 2}
            await upsert(connection, usage, row, {"count": usage.c.count + 2})
    async with database.reading() as connection:
        assert (await connection.execute(select(facts))).all() == [("a", "second")]
        assert (await connection.execute(select(usage))).all() == [(today, "calls", 6)]


async def test_a_row_that_is_there_stays_as_it_is(database: Database) -> None:
    async with database.writing() as connection:
        assert await insert_if_absent(connection, facts, {"name": "a", "value": "first"}) == 1
        assert await insert_if_absent(connection, facts, {"name": "a", "value": "second"}) == 0
        both = ({"name": "a", "value": "third"}, {"name": "b", "value": "third"})
        assert await insert_if_absent(connection, facts, *both) == 1
        assert await insert_if_absent(connection, facts) == 0
    async with database.reading() as connection:
        kept = (await connection.execute(select(facts).order_by(facts.c.name))).all()
    assert kept == [("a", "first"), ("b", "third")]
