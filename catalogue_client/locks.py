"""Too many wrong PINs lock a ticket, and the line they came from, for longer and longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import Locked
from catalogue_client.rules import PinRules
from catalogue_client.secrecy import Secrecy
from catalogue_client.store.database import Database
from catalogue_client.store.schema import tries


class Locks:
    """Counts tries by ticket and by caller, under pseudonyms. An unknown ticket is counted like any other."""

    def __init__(self, database: Database, secrecy: Secrecy, rules: PinRules, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._secrecy = secrecy
        self._rules = rules
        self._clock = clock

    def subjects(self, ticket: str, caller: str) -> tuple[str, str]:
        """What a try counts against."""
        return self._secrecy.pseudonym("ticket", ticket), self._secrecy.pseudonym("caller", caller)

    async def count_try(self, subjects: tuple[str, str]) -> int:
        """Count a try that is about to be made, and return how many are left after it. Raises Locked, and counts
        nothing, while one of the two is locked."""
        now = self._clock()
        left = self._rules.tries
        async with self._database.writing() as connection:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            for subject in sorted(subjects):  # one order for all, so that no two wait for each other
                new = {"subject": subject, "failures": 0, "last": now}
                await connection.execute(insert(tries).values(new).on_conflict_do_nothing())
                query = select(tries).where(tries.c.subject == subject).with_for_update()
                row = (await connection.execute(query)).one()
                if row.locked_until and now < row.locked_until <= now + self._longest:
                    raise Locked(row.locked_until.astimezone(now.tzinfo))
                failures = (0 if self._forgotten(subject, row.last, now) else row.failures) + 1
                values = {"failures": failures, "last": now, "locked_until": self._lock(failures, now)}
                await connection.execute(update(tries).where(tries.c.subject == subject).values(values))
                left = min(left, max(0, self._rules.tries - failures))
        return left

    async def forgive(self, connection: AsyncConnection, subjects: tuple[str, str]) -> None:
        """The try was right: the ticket starts anew; the line only gets this one try back, or somebody with a ticket
        of their own could go on guessing other people's for ever."""
        ticket, caller = subjects
        await connection.execute(delete(tries).where(tries.c.subject == ticket))
        fewer = case((tries.c.failures > 0, tries.c.failures - 1), else_=0)
        await connection.execute(
            update(tries).where(tries.c.subject == caller).values(failures=fewer, locked_until=None)
        )

    @property
    def _longest(self) -> timedelta:
        return timedelta(minutes=self._rules.longest_lock_minutes)

    def _forgotten(self, subject: str, last: datetime, now: datetime) -> bool:
        quiet = abs(now - last)  # a clock that was set back must not keep old tries for ever
        return quiet > (
            timedelta(minutes=self._rules.caller_forgets_minutes)
            if subject.startswith("caller:")
            else 2 * self._longest
        )

    def _lock(self, failures: int, now: datetime) -> datetime | None:
        """The try that reaches the limit is still let through; if it is wrong too, the lock stands."""
        over = failures - self._rules.tries
        if over < 0:
            return None
        return now + min(self._longest, timedelta(minutes=self._rules.lock_minutes * 2 ** min(over, 20)))
