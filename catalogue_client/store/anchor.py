"""Keeps the newest entry of this node's audit outside the database: what is cut from its end is seen.

The file is at most a moment behind and never ahead, so that neither a crash nor a lost transaction is taken for a cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import threading
from pathlib import Path

from sqlalchemy import select

from catalogue_client.errors import LibraryError
from catalogue_client.store.audit import Audit, Newest
from catalogue_client.store.database import Database
from catalogue_client.store.schema import audit as entries

log = logging.getLogger(__name__)

FILE = "audit_newest"
PAUSE_S = 1.0
"""So long many entries are waited for, so that they are written down together."""
AGAIN_S = 30.0
"""An entry that was committed later than it was noted is written down by then."""


class Anchor:
    """The file of one node. One database has one line in it, by a digest of its address."""

    def __init__(self, database: Database, audit: Audit, home: Path) -> None:
        self._database = database
        self._audit = audit
        self._path = home / FILE
        self._store = hashlib.sha256(database.dsn.encode()).hexdigest()[:16]
        self._writing = threading.Lock()
        """A cancelled write goes on in its thread while the last one begins: they take turns."""

    def newest(self) -> Newest | None:
        """Return what was written down last; None when nothing was.

        Raises OSError, and ValueError for a file that does not hold it.
        """
        kept = self._kept().get(self._store)
        return None if kept is None else Newest(str(kept["chain"]), int(str(kept["id"])), str(kept["hash"]))

    async def follow(self) -> None:
        """Write down again and again until cancelled, and once more then."""
        try:
            while True:
                await self._write_down()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN_S):
                        await self._audit.noted.wait()
                self._audit.noted.clear()
                await asyncio.sleep(PAUSE_S)
        finally:
            await self._write_down()

    async def _write_down(self) -> None:
        try:
            await self.write_down()
        except (LibraryError, OSError, ValueError) as error:
            log.warning("the newest entry of the audit cannot be written down: %s", error)

    async def write_down(self) -> None:
        """Keep the newest entry of the chain, unless the one that was kept before has vanished: then it stays, for
        whoever looks. Raises LibraryError, OSError and ValueError."""
        known = await asyncio.to_thread(self.newest)
        mine = select(entries.c.id, entries.c.hash).where(entries.c.chain == self._audit.chain)
        async with self._database.reading() as connection:
            last = (await connection.execute(mine.order_by(entries.c.id.desc()).limit(1))).one_or_none()
            if known is not None:
                there = await connection.scalar(select(entries.c.hash).where(entries.c.id == known.id))
                if there != known.hash:
                    log.error("entry %d of the audit, which was written down, is not in the database", known.id)
                    return
        if last is not None and (known is None or last.id > known.id):
            await asyncio.to_thread(self._write, Newest(self._audit.chain, int(last.id), last.hash))

    def _kept(self) -> dict[str, dict[str, object]]:
        try:
            parsed = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        if not isinstance(parsed, dict):
            raise ValueError(f"{self._path} does not hold what was written there")
        return parsed

    def _write(self, newest: Newest) -> None:
        with self._writing:
            before = self._kept()
            written = before.get(self._store)
            if written is not None and written["chain"] == newest.chain and int(str(written["id"])) > newest.id:
                return
            kept = before | {self._store: {"chain": newest.chain, "id": newest.id, "hash": newest.hash}}
            unfinished = self._path.with_name(f"{FILE}.{os.getpid()}.unfinished")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, self._path)
