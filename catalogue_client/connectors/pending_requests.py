"""What readers wished for while the library system was away: kept in a file, sent when it is back, then told.

A wish is stored before its reader hears that it is accepted. It is sent with the key it came with, by connectors that
look before they repeat, so a crash between sending and noting the answer does nothing twice.
"""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import IO, TypeVar, cast

from catalogue_client.errors import KeyReused, StorageError
from catalogue_client.values.accounts import PendingRequest, PendingRequestKind, PendingRequestState

FIELDS = "key, ticket, kind, subject, title, author, place_id, place, made, due, state, rule"
OPEN = "state = 'waiting'"

Answer = TypeVar("Answer")


class PendingRequestStore:
    """Made by `Wishes.open`; `close` at the end."""

    def __init__(self, connection: sqlite3.Connection, lock: IO[str]) -> None:
        self._connection = connection
        self._lock = lock
        self._worker = ThreadPoolExecutor(1, "wishes")

    @classmethod
    def open(cls, folder: Path) -> PendingRequestStore:
        """The wishes kept in `folder`. Raises StorageError."""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / "wishes.sqlite"
            connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            connection.executescript(
                """PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                CREATE TABLE IF NOT EXISTS wishes (key TEXT PRIMARY KEY, ticket TEXT NOT NULL, kind TEXT NOT NULL,
                    subject TEXT NOT NULL, title TEXT NOT NULL, author TEXT NOT NULL, place_id TEXT NOT NULL,
                    place TEXT NOT NULL, made TEXT NOT NULL, due TEXT, state TEXT NOT NULL, rule TEXT NOT NULL,
                    told INTEGER NOT NULL DEFAULT 0);
                CREATE INDEX IF NOT EXISTS wishes_of ON wishes (ticket, told);"""
            )
            lock = (folder / "wishes.lock").open("w")
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"the wishes in {folder} cannot be used: {error}") from error
        return cls(connection, lock)

    def try_acquire_sender_lock(self) -> bool:
        """One process sends for all that share the folder; when it ends, another may."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._worker.shutdown()
        self._connection.close()
        self._lock.close()

    async def add(self, wish: PendingRequest) -> PendingRequest:
        """The wish as it is stored now: the same key, or the same thing still wished for, is one wish.

        Raises KeyReused, StorageError.
        """
        return await self._alone(lambda: self._add(wish))

    async def waiting(self, ticket: str | None = None) -> tuple[PendingRequest, ...]:
        """Not settled yet, the oldest first; of one reader, or of all."""
        whose, values = ("AND ticket = ?", [ticket]) if ticket else ("", [])
        return await self._alone(lambda: self._some(f"{OPEN} {whose} ORDER BY made", values))

    async def settle(self, key: str, state: PendingRequestState, rule: str = "") -> bool:
        """Whether it was still waiting."""
        query = f"UPDATE wishes SET state = ?, rule = ? WHERE key = ? AND {OPEN}"
        return await self._alone(lambda: self._connection.execute(query, (state, rule, key)).rowcount > 0)

    async def news(self, ticket: str) -> tuple[PendingRequest, ...]:
        """What became of a reader's wishes and was not told yet, the oldest first."""
        where = "ticket = ? AND state IN ('done', 'refused') AND NOT told ORDER BY made"
        return await self._alone(lambda: self._some(where, [ticket]))

    async def told(self, keys: Sequence[str]) -> None:
        """The reader has heard these. They are deleted: nothing about a reader is kept that is settled and told."""
        await self._alone(
            lambda: self._connection.executemany("DELETE FROM wishes WHERE key = ?", ((k,) for k in keys))
        )

    def _add(self, wish: PendingRequest) -> PendingRequest:
        for known in self._some("key = ?", [wish.key]):
            if (known.ticket, known.kind, known.subject) != (wish.ticket, wish.kind, wish.subject):
                raise KeyReused(f"the key was used for another request at first ({wish.key[:8]}…)")
            return known
        same = f"ticket = ? AND kind = ? AND subject = ? AND {OPEN}"
        for known in self._some(same, [wish.ticket, wish.kind, wish.subject]):
            return known
        values = (
            wish.key, wish.ticket, wish.kind, wish.subject, wish.title, wish.author, wish.place_id, wish.place,
            wish.made.isoformat(), wish.due.isoformat() if wish.due else None, wish.state, wish.rule,
        )  # fmt: skip
        self._connection.execute(f"INSERT INTO wishes ({FIELDS}) VALUES ({','.join('?' * 12)})", values)
        return wish

    def _some(self, where: str, values: Sequence[object]) -> tuple[PendingRequest, ...]:
        rows = self._connection.execute(f"SELECT {FIELDS} FROM wishes WHERE {where}", values)
        return tuple(
            PendingRequest(
                key,
                ticket,
                cast(PendingRequestKind, kind),
                subject,
                title,
                author,
                place_id,
                place,
                datetime.fromisoformat(made),
                date.fromisoformat(due) if due else None,
                cast(PendingRequestState, state),
                rule,
            )
            for key, ticket, kind, subject, title, author, place_id, place, made, due, state, rule in rows
        )

    async def _alone(self, act: Callable[[], Answer]) -> Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, act)
        except sqlite3.Error as error:
            raise StorageError(f"the wishes of readers: {error}") from error
