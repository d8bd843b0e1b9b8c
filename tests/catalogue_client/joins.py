"""Who could be found out by whoever copies the database without its pepper: every row that equal values lead to.

Two rows are joined where a value of one stands in the other, whatever the columns are called: keys, moments to the
microsecond, hashes, pseudonyms, numbers within texts ("loan 6", {"copy": 4}).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.store.schema import metadata

COMMON = {
    "copies.place_id", "copies.format", "copies.status", "holds.place_id", "holds.status", "readers.category",
    "readers.preferences", "readers.pin_hash", "deliveries.kind", "deliveries.status", "deliveries.place_id",
    "deliveries.district", "deliveries.announced", "deliveries.starts", "deliveries.ends", "delivery_items.place_id",
    "outbox.wants", "outbox.state", "trips.status", "staff_tasks.kind", "audit.chain", "audit.action", "audit.outcome",
}  # fmt: skip
"""Columns whose values thousands share."""
NAMED = {
    "loan": "loans.id", "hold": "holds.id", "delivery": "deliveries.number", "collection": "deliveries.number",
    "number": "deliveries.number", "copy": "copies.id", "task": "staff_tasks.id",
}  # fmt: skip
NUMBERED = re.compile(rf"({'|'.join(NAMED)})\W{{1,4}}(\d+)")
PIECE = re.compile(r"[\w-]*\d[\w-]*")
CATALOGUE = ("records", "copies")
"""What stands in them is no reader's."""
TITLE = "records.id"

Row = tuple[str, int]


class Dump:
    """All rows of all tables."""

    def __init__(self) -> None:
        self.rows: dict[Row, set[str]] = {}
        self._with: dict[str, set[Row]] = defaultdict(set)

    @classmethod
    async def of(cls, connection: AsyncConnection) -> Dump:
        dump = cls()
        for table in metadata.sorted_tables:
            if table.name in CATALOGUE:
                continue
            for number, row in enumerate(await connection.execute(select(table))):
                values = {one for column in table.columns for one in _values(table, column, row._mapping[column])}
                dump.rows[table.name, number] = values
                for value in values:
                    dump._with[value].add((table.name, number))
        return dump

    def titles(self, ticket: str) -> set[str]:
        """The ids of all records that stand in a row to which any sequence of equal values leads from a ticket."""
        seen: set[Row] = set()
        values = {f"readers.ticket:{ticket}", ticket}
        found: set[str] = set()
        while values:
            value = values.pop()
            for row in self._with[value] - seen:
                seen.add(row)
                found |= {one for one in self.rows[row] if one.startswith(TITLE)}
                values |= {one for one in self.rows[row] if not one.startswith(TITLE)}
        return {one.removeprefix(f"{TITLE}:") for one in found}


def _values(table: Table, column: Column[Any], value: Any) -> Iterator[str]:
    name = f"{table.name}.{column.name}"
    if value is None or value == "" or name in COMMON:
        return
    if column.foreign_keys or column.primary_key:
        meant = next((key.target_fullname for key in column.foreign_keys), name)
        yield f"{meant}:{value}"
    elif isinstance(value, datetime):
        yield value.isoformat()
    elif isinstance(column.type, (Boolean, Date, Integer)):
        return
    elif isinstance(value, bytes):
        yield value.hex()
    if isinstance(value, str):
        yield value
        yield from (f"{NAMED[kind]}:{number}" for kind, number in NUMBERED.findall(value))
        yield from (piece for piece in PIECE.findall(value) if len(piece) >= 4)


def unknown_columns() -> set[str]:
    """Names in COMMON that no table has."""
    return COMMON - {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
