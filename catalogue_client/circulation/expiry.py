"""What has to be done now and then though nobody asks: holds that were not fetched, rows that nobody needs any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, tuple_, update

from catalogue_client.circulation.holds import HoldService
from catalogue_client.circulation.policy import RetentionDays
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import LibraryError
from catalogue_client.store.database import Database
from catalogue_client.store.schema import OPEN_HOLD, USED_HOLD, changes, checks, holds, keys, tries

log = logging.getLogger(__name__)

EVERY_S = 3600.0
FIRST_AFTER_S = 60.0
"""A program that answers one question ends before it."""
TOGETHER = 1000
"""Rows of one transaction: nobody waits for long."""
CLOSED = holds.c.status.not_in((*OPEN_HOLD, USED_HOLD))


OldRows = tuple[Table, ColumnElement[bool]]
"""A table and which of its rows nobody needs any more."""
FindOld = Callable[[RetentionDays, datetime], Sequence[OldRows]]
"""What another part of the library would have taken out at a moment."""


async def run_periodic_cleanup(context: StoreContext, desk: HoldService, others: FindOld) -> None:
    """Tidy up every hour until cancelled; see `tidy`. Several nodes may do so at once."""
    pause = FIRST_AFTER_S
    while True:
        await asyncio.sleep(pause)
        pause = EVERY_S
        try:
            await tidy(context, desk, others)
        except LibraryError as error:
            log.warning("tidying up has to wait: %s", error)


async def tidy(context: StoreContext, desk: HoldService, others: FindOld) -> None:
    """Close holds that were not fetched in time, and take out what is older than the policy says, `others` included.

    Raises LibraryError; what was taken out by then stays so.
    """
    database, kept = context.database, context.policy.kept
    expired = await desk.expire()
    if expired:
        log.info("%d holds were not fetched in time", expired)
    now = context.clock()

    def older(days: int) -> datetime:
        return now - timedelta(days=days)

    async with database.writing() as connection:  # whoever closed one without forgetting whose it was
        await connection.execute(update(holds).where(CLOSED, holds.c.ticket.is_not(None)).values(ticket=None))
    rules: tuple[OldRows, ...] = (
        (keys, keys.c.at < older(kept.keys)),
        (checks, checks.c.until < older(1)),
        (tries, and_(tries.c.last < older(kept.tries), func.coalesce(tries.c.locked_until, tries.c.last) < now)),
        (holds, and_(CLOSED, holds.c.placed < older(kept.holds))),
        *others(kept, now),
    )
    for table, old in rules:
        await _take_out(database, table, old)
    await _shorten_changes(database)


async def _take_out(database: Database, table: Table, old: ColumnElement[bool]) -> None:
    key: Any = tuple_(*table.primary_key.columns)
    while True:
        async with database.writing() as connection:
            rows = (await connection.execute(select(*table.primary_key.columns).where(old).limit(TOGETHER))).all()
            if rows:
                await connection.execute(delete(table).where(key.in_([tuple(row) for row in rows]), old))
        if len(rows) < TOGETHER:
            return


async def _shorten_changes(database: Database) -> None:
    """Of each record only the newest change: an index that is behind learns of the record from that one."""
    query = select(changes.c.record_id, func.max(changes.c.number)).group_by(changes.c.record_id)
    several = query.having(func.count() > 1).limit(TOGETHER)
    while True:
        async with database.writing() as connection:
            rows = (await connection.execute(several)).all()
            for record_id, newest in rows:
                older = (changes.c.record_id == record_id) & (changes.c.number < newest)
                await connection.execute(delete(changes).where(older))
        if len(rows) < TOGETHER:
            return
