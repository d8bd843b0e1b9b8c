"""The outbox: what is wanted of an outside courier is written with the booking, and worked off until it is so.

A row says how things shall be (a courier comes, or none does), not which request to send. So a crash, a lost answer
or a request that was repeated leaves nothing to undo: the next worker reads how things are and goes on from there.
A lease keeps a row for one worker; a worker that was too slow finds its lease gone and records nothing.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.delivery.delivery_schema import outbox
from catalogue_client.store.upsert import upsert

Wants = Literal["trip", "none"]

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 600.0


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One leased row."""

    number: int
    wants: Wants
    tries: int
    """How often it failed so far."""
    lease: str


async def want(connection: AsyncConnection, number: int, wants: Wants, at: datetime) -> None:
    """Write what is wanted from now on, in the transaction of the change that wants it; to be worked off from `at`."""
    values = {"wants": wants, "state": "new", "tries": 0, "next_at": at, "error": ""}
    # Whoever holds the lease keeps it, and finds that something else is wanted now.
    await upsert(connection, outbox, {"number": number, **values}, values)


async def lease(connection: AsyncConnection, now: datetime, *, most: int, seconds: float) -> tuple[OutboxMessage, ...]:
    """Take up to `most` rows that are due, the longest due first; they are ours for `seconds`, once committed."""
    due = (
        select(outbox.c.number)
        .where(
            outbox.c.state == "new",
            outbox.c.next_at <= now,
            or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now),
        )
        .order_by(outbox.c.next_at, outbox.c.number)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    numbers = (await connection.scalars(due)).all()
    if not numbers:
        return ()
    mark = secrets.token_hex(16)
    rows = await connection.execute(
        update(outbox)
        .where(outbox.c.number.in_(numbers))
        .values(lease=mark, lease_until=now + timedelta(seconds=seconds))
        .returning(outbox.c.number, outbox.c.wants, outbox.c.tries)
    )
    return tuple(OutboxMessage(row.number, cast(Wants, row.wants), row.tries, mark) for row in rows)


async def still_ours(connection: AsyncConnection, message: OutboxMessage) -> bool:
    """Return whether the lease holds and the same is still wanted."""
    query = select(outbox.c.lease, outbox.c.wants).where(outbox.c.number == message.number)
    row = (await connection.execute(query)).one()
    return bool(row.lease == message.lease and row.wants == message.wants)


async def settle(connection: AsyncConnection, message: OutboxMessage) -> None:
    """It is as it was wanted."""
    await _write(connection, message, {"state": "done", "error": ""})


async def again(connection: AsyncConnection, message: OutboxMessage, at: datetime, error: str = "") -> None:
    """Not yet; look again at `at`. `error` is kept for staff and counts as a failed try."""
    tries = message.tries + 1 if error else 0
    await _write(connection, message, {"next_at": at, "tries": tries, "error": error})


async def _write(connection: AsyncConnection, message: OutboxMessage, values: dict[str, Any]) -> None:
    mine = (outbox.c.number == message.number) & (outbox.c.lease == message.lease)
    free = {"lease": None, "lease_until": None}
    # What is wanted may have changed while we worked: then the row stays new, and due as the change said.
    same = mine & (outbox.c.wants == message.wants)
    changed = await connection.execute(update(outbox).where(same).values(values | free))
    if not changed.rowcount:
        await connection.execute(update(outbox).where(mine).values(free))


def wait_s(tries: int, draw: Callable[[], float] = random.random, least_s: float | None = None) -> float:
    """Return the seconds before the next try: full jitter under a doubling ceiling, at least `least_s`."""
    ceiling = min(LONGEST_WAIT_S, FIRST_WAIT_S * float(1 << min(tries, 16)))
    return max(draw() * ceiling, least_s or 0.0)


async def errors(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, str]:
    """Return, by number, what went wrong the last time, for staff; only of deliveries that are not settled."""
    query = select(outbox.c.number, outbox.c.error).where(outbox.c.number.in_(numbers), outbox.c.state == "new")
    return {row.number: row.error for row in await connection.execute(query)}
