"""Too many wrong PINs lock a ticket, and the line they came from, for longer and longer.

Only wrong tries count. While a PIN is being checked its try holds one of the places that are left before the lock, so
that guesses made at once are no more than guesses made in turn; who finds no place waits for one. A place whose holder
was killed is free again by itself. A caller who withholds the number, or shares one name with others, is slowed down
and never locked: somebody else's guesses must not keep readers out.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.callers import is_nobody
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import Locked, Unavailable
from catalogue_client.store.database import for_change
from catalogue_client.store.schema import checks, tries
from catalogue_client.store.upsert import insert_if_absent

LOOK_AGAIN_S = 0.05
"""Checking a PIN takes about so long."""
PATIENCE_S = 3.0
"""A reader waits no longer for a place."""


@dataclass(frozen=True, slots=True)
class Check:
    """A PIN that is being checked."""

    id: str
    ticket: str
    """The pseudonyms that a wrong try counts against."""
    caller: str
    slowed: bool
    """The caller is nobody in particular: there is no lock, and no place to hold."""

    @property
    def locking(self) -> tuple[str, ...]:
        """In one order for all, so that no two wait for each other."""
        return tuple(sorted((self.ticket,) if self.slowed else (self.ticket, self.caller)))


class _NoPlace(Exception):
    """All places are taken by PINs that are being checked."""


class PinLockout:
    """Counts tries by ticket and by caller, under pseudonyms. An unknown ticket is counted like any other."""

    def __init__(self, context: StoreContext, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """`sleep` pauses for seconds."""
        self._database = context.database
        self._encryption = context.encryption
        self._clock = context.clock
        self._rules = context.policy.pins
        self._sleep = sleep

    async def begin(self, ticket: str, caller: str) -> Check:
        """Note that a PIN is about to be checked; `end` notes how it was.

        Raises Locked while ticket or caller is locked, Unavailable
        when too many PINs of one ticket or caller are being checked for too long."""
        check = Check(
            secrets.token_hex(16),
            self._encryption.pseudonym("ticket", ticket),
            self._encryption.pseudonym("caller", caller),
            self.is_nobody(caller),
        )
        if check.slowed:
            await self._slow_down(check.caller)
        for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
            try:
                async with self._database.writing() as connection:
                    await self._take_places(connection, check)
                return check
            except _NoPlace:
                await self._sleep(LOOK_AGAIN_S)
        raise Unavailable("too many PINs are being checked at once")

    async def end(self, connection: AsyncConnection, check: Check, *, right: bool) -> int:
        """Note how a check ended: a right PIN lets the ticket start from nothing again, a wrong one counts.

        Return the number of tries that are left before a lock.
        """
        await connection.execute(delete(checks).where(checks.c.id == check.id))
        if right:
            await self.open(connection, check.ticket)
            return self._rules.tries
        now, left = self._clock(), self._rules.tries
        for subject in sorted((check.ticket, check.caller)):
            row = await self._row(connection, subject, now)
            failures = self._failures(row, now) + 1
            until = None if subject == check.caller and check.slowed else self._lock(failures, now)
            values = {"failures": failures, "last": now, "locked_until": until}
            await connection.execute(update(tries).where(tries.c.subject == subject).values(values))
            if subject in check.locking:
                left = min(left, max(0, self._rules.tries - failures))
        return left

    async def open(self, connection: AsyncConnection, ticket: str) -> None:
        """End every lock on a ticket, named by its pseudonym."""
        await connection.execute(delete(tries).where(tries.c.subject == ticket))

    def subject(self, ticket: str) -> str:
        """Return the pseudonym under which a ticket's tries are counted."""
        return self._encryption.pseudonym("ticket", ticket)

    def is_nobody(self, caller: str) -> bool:
        """Return whether many people may be behind this caller's name."""
        return is_nobody(caller, self._rules.shared_callers)

    async def _slow_down(self, caller: str) -> None:
        async with self._database.reading() as connection:
            query = select(tries).where(tries.c.subject == caller)
            row = (await connection.execute(query)).one_or_none()
        over = 0 if row is None else self._failures(row, self._clock()) - self._rules.tries + 1
        if over > 0:
            await self._sleep(min(self._rules.slowest_s, self._rules.slow_s * over))

    async def _take_places(self, connection: AsyncConnection, check: Check) -> None:
        now = self._clock()
        for subject in check.locking:
            row = await self._row(connection, subject, now)
            if row.locked_until and now < row.locked_until <= now + self._longest:
                raise Locked(row.locked_until.astimezone(now.tzinfo))
            mine = checks.c.subject == subject
            # One that lies far ahead was written before a clock was set back.
            over = (checks.c.until <= now) | (checks.c.until > now + 2 * self._held_for)
            await connection.execute(delete(checks).where(mine & over))
            held = await connection.scalar(select(func.count()).select_from(checks).where(mine)) or 0
            # After a lock has opened one try is let through: if it is wrong, the next lock stands.
            if held >= max(1, self._rules.tries - self._failures(row, now)):
                raise _NoPlace
            new = {"id": check.id, "subject": subject, "until": now + self._held_for}
            await connection.execute(insert(checks).values(new))

    async def _row(self, connection: AsyncConnection, subject: str, now: datetime) -> Row[tuple[object, ...]]:
        """Return the row of a subject, locked; made when there is none."""
        await insert_if_absent(connection, tries, {"subject": subject, "failures": 0, "last": now})
        query = for_change(connection, select(tries).where(tries.c.subject == subject))
        return (await connection.execute(query)).one()

    @property
    def _longest(self) -> timedelta:
        return timedelta(minutes=self._rules.longest_lock_minutes)

    @property
    def _held_for(self) -> timedelta:
        return timedelta(seconds=self._rules.check_s)

    def _failures(self, row: Row[tuple[object, ...]], now: datetime) -> int:
        """Return how many wrong tries still count."""
        quiet = abs(now - row.last)  # a clock that was set back must not keep old tries for ever
        forgets = (
            timedelta(minutes=self._rules.caller_forgets_minutes)
            if row.subject.startswith("caller:")
            else 2 * self._longest
        )
        return 0 if quiet > forgets else int(row.failures)

    def _lock(self, failures: int, now: datetime) -> datetime | None:
        over = failures - self._rules.tries
        if over < 0:
            return None
        return now + min(self._longest, timedelta(minutes=self._rules.lock_minutes * 2 ** min(over, 20)))
