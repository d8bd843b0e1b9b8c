"""Insert or update in one statement, on SQLite and PostgreSQL alike: whoever comes second waits and does not fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = postgresql.Insert | sqlite.Insert


async def upsert(
    connection: AsyncConnection, table: Table, row: Mapping[str, Any], changes: Mapping[str, Any] | None = None
) -> None:
    """Add `row` (column -> value); where its primary key is taken already, change that row.

    `changes` is what is set then, values or expressions of the table's columns; without it all of `row` but the key.
    Raises what SQLAlchemy raises.
    """
    key = [column.name for column in table.primary_key.columns]
    if changes is None:
        changes = {name: value for name, value in row.items() if name not in key}
    new = _insert(connection, table).values(dict(row))
    await connection.execute(new.on_conflict_do_update(index_elements=key, set_=dict(changes)))


async def insert_if_absent(connection: AsyncConnection, table: Table, *rows: Mapping[str, Any]) -> int:
    """Add those of `rows` (column -> value, the same columns in each) that break no unique index; leave what is there
    as it is.

    Return the number of rows that were added. Raises what SQLAlchemy raises.
    """
    if not rows:
        return 0
    new = _insert(connection, table).values(_values(rows)).on_conflict_do_nothing()
    return (await connection.execute(new)).rowcount


def _values(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _insert(connection: AsyncConnection, table: Table) -> Insert:
    # Each dialect has an ON CONFLICT of its own.
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
