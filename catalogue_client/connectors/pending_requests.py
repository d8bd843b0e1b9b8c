"""What readers requested while the library system was away: kept in a file, sent when it is back, then reported.

A request is stored before its reader hears that it is accepted. It is sent with the key it came with, by connectors
that look before they repeat, so a crash between sending and noting the answer does nothing twice.
"""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import IO, TypeVar, cast

from catalogue_client.errors import KeyReused, StorageError
from catalogue_client.values.accounts import PendingRequest, PendingRequestKind, PendingRequestState

SQL: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

Answer = TypeVar("Answer")


class PendingRequestStore:
    """Made by `PendingRequestStore.open`; `close` at the end."""

    def __init__(self, connection: sqlite3.Connection, lock: IO[str]) -> None:
        self._connection = connection
        self._lock = lock
        self._worker = ThreadPoolExecutor(1, "pending requests")

    @classmethod
    def open(cls, folder: Path) -> PendingRequestStore:
        """Open the requests kept in `folder`. Raises StorageError."""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / SQL["database"]
            connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            connection.executescript(SQL["create"])
            lock = (folder / SQL["lock"]).open("w")
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"the pending requests in {folder} cannot be used: {error}") from error
        return cls(connection, lock)

    def try_acquire_sender_lock(self) -> bool:
        """Return whether this process sends for all that share the folder; when it ends, another may."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Wait for what is being written, then let go of file and lock."""
        self._worker.shutdown()
        self._connection.close()
        self._lock.close()

    async def add(self, request: PendingRequest) -> PendingRequest:
        """Return the request as it is stored now: the same key, or the same thing that still waits, is one request.

        Raises KeyReused, StorageError.
        """
        return await self._in_worker(lambda: self._add(request))

    async def waiting(self, ticket: str | None = None) -> tuple[PendingRequest, ...]:
        """Return what is not settled yet, the oldest first; of one reader, or of all."""
        if ticket:
            return await self._in_worker(lambda: self._select("waiting_of_reader", ticket))
        return await self._in_worker(lambda: self._select("waiting"))

    async def settle(self, key: str, state: PendingRequestState, rule: str = "") -> bool:
        """Return whether it was still waiting."""
        return await self._in_worker(lambda: self._connection.execute(SQL["settle"], (state, rule, key)).rowcount > 0)

    async def settled(self, ticket: str) -> tuple[PendingRequest, ...]:
        """Return the reader's settled requests that were not acknowledged, the oldest first."""
        return await self._in_worker(lambda: self._select("settled_of_reader", ticket))

    async def forget(self, keys: Sequence[str]) -> None:
        """Delete these: nothing about a reader is kept that is settled and acknowledged."""
        await self._in_worker(lambda: self._connection.executemany(SQL["delete"], ((key,) for key in keys)))

    def _add(self, request: PendingRequest) -> PendingRequest:
        for known in self._select("by_key", request.key):
            if (known.ticket, known.kind, known.subject) != (request.ticket, request.kind, request.subject):
                raise KeyReused(f"the key was used for another request at first ({request.key[:8]}…)")
            return known
        for known in self._select("same", request.ticket, request.kind, request.subject):
            return known
        self._connection.execute(SQL["insert"], _to_row(request))
        return request

    def _select(self, statement: str, *values: str) -> tuple[PendingRequest, ...]:
        return tuple(_to_request(*row) for row in self._connection.execute(SQL[statement], values))

    async def _in_worker(self, act: Callable[[], Answer]) -> Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, act)
        except sqlite3.Error as error:
            raise StorageError(f"the pending requests of readers: {error}") from error


def _to_row(request: PendingRequest) -> tuple[str | None, ...]:
    due = request.due.isoformat() if request.due else None
    return (
        request.key, request.ticket, request.kind, request.subject, request.title, request.author, request.place_id,
        request.place, request.made.isoformat(), due, request.state, request.rule,
    )  # fmt: skip


def _to_request(
    key: str, ticket: str, kind: str, subject: str, title: str, author: str, place_id: str, place: str, made: str,
    due: str | None, state: str, rule: str,
) -> PendingRequest:  # fmt: skip
    return PendingRequest(
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
