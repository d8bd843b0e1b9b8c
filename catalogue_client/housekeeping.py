"""What has to be done now and then though nobody asks: holds that were not fetched, keys that are long answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete

from catalogue_client.errors import LibraryError
from catalogue_client.holds import Holds
from catalogue_client.store.database import Database
from catalogue_client.store.schema import keys

log = logging.getLogger(__name__)

EVERY_S = 3600.0
FIRST_AFTER_S = 60.0
"""A program that answers one question ends before it."""


async def keep_house(database: Database, holds: Holds, keep_keys: timedelta, clock: Callable[[], datetime]) -> None:
    """Tidy up every hour until cancelled. Several nodes may do so at once."""
    pause = FIRST_AFTER_S
    while True:
        await asyncio.sleep(pause)
        pause = EVERY_S
        try:
            await tidy(database, holds, keep_keys, clock)
        except LibraryError as error:
            log.warning("tidying up has to wait: %s", error)


async def tidy(database: Database, holds: Holds, keep_keys: timedelta, clock: Callable[[], datetime]) -> None:
    """Close holds that were not fetched in time and forget the answers to old idempotency keys."""
    expired = await holds.expire()
    async with database.writing() as connection:
        await connection.execute(delete(keys).where(keys.c.at < clock() - keep_keys))
    if expired:
        log.info("%d holds were not fetched in time", expired)
