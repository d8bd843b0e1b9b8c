"""How the last run of each source went, for staff and for the schedule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from catalogue_client.catalogue.sync.sync_schema import catalogue_sources
from catalogue_client.store.database import Database


@dataclass(frozen=True, slots=True)
class SourceRun:
    """The last run of one source."""

    name: str
    """"" for imports without a name."""
    begun: datetime
    ended: datetime | None
    """None while it runs, or when it was broken off."""
    figures: dict[str, Any]
    """As in SyncReport.summary; of the last run that came to its end."""


class SourceRuns:
    """Reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> dict[str, SourceRun]:
        """Return the last run by the name of its source."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(catalogue_sources).order_by(catalogue_sources.c.name))).all()
        return {
            row.name: SourceRun(row.name, row.begun, row.ended, json.loads(row.state).get("report", {})) for row in rows
        }
