"""A commit that fails leaves nothing open behind: the next one to use the database finds it as it was."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import insert, select

from catalogue_client.errors import LibraryError
from catalogue_client.store.database import Database
from catalogue_client.store.schema import facts, metadata


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database is locked"), asyncio.CancelledError()])
async def test_after_a_failed_commit_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """SQLite keeps the transaction open when a commit is refused because somebody else holds the file."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'library.sqlite'}")
    commit, broken = aiosqlite.Connection.commit, True

    async def once_broken(connection: Any) -> None:
        nonlocal broken
        if broken:
            broken = False
            raise error
        await commit(connection)

    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
    monkeypatch.setattr(aiosqlite.Connection, "commit", once_broken)
    with pytest.raises((LibraryError, asyncio.CancelledError)):
        async with database.writing() as connection:
            await connection.execute(insert(facts).values(name="a", value="lost"))
    for value in ("one", "two"):
        async with database.writing() as connection:
            await connection.execute(insert(facts).values(name=value, value=value))
    async with database.reading() as connection:
        assert set((await connection.scalars(select(facts.c.name))).all()) == {"one", "two"}
    await database.close()
