"""How much the service is used: counts a day, and phrases that were not understood. Nobody's name, line or hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Date, Integer, String, Table, delete, func, select

from catalogue_client.store.database import Database
from catalogue_client.store.schema import audit, metadata
from catalogue_client.store.upsert import upsert

usage = Table(
    "usage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
)
missed_phrases = Table(
    "missed_phrases",
    metadata,
    Column("words", String(200), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", Date, nullable=False),
)

KEPT_DAYS = 730
PHRASES_DAYS = 30
"""Long enough to better the phrasebook, short enough that nobody's habits can be read from it."""
FROM_AUDIT = {
    "loans": ("lend", "renew"),
    "holds": ("hold",),
    "deliveries": ("book_delivery", "book_collection"),
    "readers": ("register",),
}
"""What is counted from the library's audit -> its actions: lent or renewed, reserved, booked, registered."""


@dataclass(frozen=True, slots=True)
class MissedPhrase:
    """Words that were not understood."""

    words: str
    language: str
    """Of the answers at that time: kk, ru or en."""
    count: int
    last: date


class Usage:
    """Counts in the library's database, so that all nodes add to the same numbers."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, counts: Mapping[str, int], missed: Mapping[tuple[str, str], int]) -> None:
        """Add to today's counts. `missed` has (words, language) for keys. Raises LibraryError: nothing is added."""
        today = self._clock().date()
        async with self._database.writing() as connection:
            for what, count in sorted(counts.items()):
                new = {"day": today, "what": what[:32], "count": count}
                await upsert(connection, usage, new, {"count": usage.c.count + count})
            for (words, language), count in sorted(missed.items()):
                phrase = {"words": words[:200], "language": language, "count": count, "last": today}
                both = {"count": missed_phrases.c.count + count, "last": today}
                await upsert(connection, missed_phrases, phrase, both)
            await connection.execute(delete(usage).where(usage.c.day < today - timedelta(days=KEPT_DAYS)))
            old = missed_phrases.c.last < today - timedelta(days=PHRASES_DAYS)
            await connection.execute(delete(missed_phrases).where(old))

    async def since(self, first: date) -> dict[str, dict[date, int]]:
        """Return the counts by what was counted and by day, from `first` on.

        What the audit knows is counted from there. Raises LibraryError.
        """
        zone = self._clock().tzinfo
        found: dict[str, dict[date, int]] = {what: {} for what in FROM_AUDIT}
        names = {action: what for what, actions in FROM_AUDIT.items() for action in actions}
        begin = datetime.combine(first, datetime.min.time(), zone)
        entries = select(audit.c.at, audit.c.action).where(audit.c.at >= begin, audit.c.action.in_(names))
        counts = select(usage.c.day, usage.c.what, usage.c.count.label("times")).where(usage.c.day >= first)
        async with self._database.reading() as connection:
            for row in await connection.execute(counts):
                found.setdefault(row.what, {})[row.day] = row.times
            for entry in await connection.execute(entries):
                days, day = found[names[entry.action]], entry.at.astimezone(zone).date()
                days[day] = days.get(day, 0) + 1
        return found

    async def missed(self, most: int = 50) -> tuple[MissedPhrase, ...]:
        """Return up to `most` phrases, those missed most often first. Raises LibraryError."""
        times = missed_phrases.c.count.label("times")
        known = select(missed_phrases.c.words, missed_phrases.c.language, times, missed_phrases.c.last)
        query = known.order_by(times.desc(), missed_phrases.c.words).limit(most)
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return tuple(MissedPhrase(row.words, row.language, row.times, row.last) for row in rows)

    async def forget_phrases(self) -> int:
        """Delete all phrases. Return the number there were."""
        async with self._database.writing() as connection:
            count = await connection.scalar(select(func.count()).select_from(missed_phrases))
            await connection.execute(delete(missed_phrases))
        return int(count or 0)
