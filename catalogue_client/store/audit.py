"""Who did what and when, in a chain: every entry is sealed with the one before it, so none can be changed unseen.

The seals are made with a key from the pepper, which is not in the database: whoever has the database alone can make no
entry that fits. Entries that older forms sealed without a key are ended by an entry HANDED_OVER under the key, made
when the tables were upgraded: it names how many they are, and holds the last of them as the entry before it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.store.database import take_turns
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.schema import audit

HANDED_OVER = "handed_over"


class Audit:
    """Writes one node's chain inside the transactions of those who act."""

    def __init__(self, chain: str, encryption: Encryption) -> None:
        self.chain = chain
        self._encryption = encryption
        self._last: tuple[object, str] = (None, "")
        """The last transaction that wrote and its last hash: until it ends nobody else writes to this chain."""
        self.noted = asyncio.Event()
        """Set with every entry."""
        self.written_down: Callable[[], Newest | None] = lambda: None
        """The newest entry that is kept outside the database, None where nothing is; raises OSError and ValueError."""

    async def note(
        self, connection: AsyncConnection, at: datetime, actor: str, action: str, subject: str, outcome: str = "done"
    ) -> None:
        """Add an entry. `actor` is a pseudonym, `subject` what was acted on; nothing secret in either."""
        transaction, before = connection.get_transaction(), self._last[1]
        if transaction is None or transaction is not self._last[0]:
            await take_turns(connection, f"audit:{self.chain}")
            last = select(audit.c.hash).where(audit.c.chain == self.chain).order_by(audit.c.id.desc()).limit(1)
            before = await connection.scalar(last) or ""
        seal = _seal(self._encryption, before, self.chain, at, actor, action, subject, outcome)
        entry = {"at": at, "actor": actor, "action": action, "subject": subject, "outcome": outcome}
        await connection.execute(insert(audit).values(chain=self.chain, hash=seal, **entry))
        self._last = (transaction, seal)
        self.noted.set()


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest entry of one chain."""

    chain: str
    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Trail:
    """What a look through the whole audit has shown."""

    entries: int
    """That fit the one before them, over all chains."""
    last: str
    """The hash of the newest: whoever writes it down will see whether entries vanish from the end."""
    broken: int | None
    """The id of the first entry that does not fit; None when all do."""
    gone: int | None = None
    """The id of an entry that was there once, as is written down elsewhere, and is not any more; None when it is."""


@dataclass(slots=True)
class _Chain:
    before: str = ""
    without_key: list[int] = field(default_factory=list)
    """Ids of entries of older forms that nothing under the key has confirmed so far."""
    keyed: bool = False


async def verify_chain(connection: AsyncConnection, encryption: Encryption, known: Newest | None = None) -> Trail:
    """Follow every chain to its end, or to its first break; `known` is an entry that was written down elsewhere."""
    chains: dict[str, _Chain] = {}
    entries, last = 0, ""
    found = known is None
    async for row in await connection.stream(select(audit).order_by(audit.c.id)):
        chain = chains.setdefault(row.chain, _Chain())
        if not _fits(encryption, chain, row):
            return Trail(entries, last, int(row.id))
        chain.before = last = row.hash
        entries += 1
        found = found or (known is not None and (row.chain, row.id, row.hash) == (known.chain, known.id, known.hash))
    if loose := [chain.without_key[0] for chain in chains.values() if chain.without_key]:
        return Trail(entries, last, min(loose))
    return Trail(entries, last, None, None if found or known is None else known.id)


def _fits(encryption: Encryption, chain: _Chain, row: Row[Any]) -> bool:
    parts = (chain.before, row.chain, row.at, row.actor, row.action, row.subject, row.outcome)
    if row.hash == _seal(encryption, *parts):
        if chain.without_key and row.action != HANDED_OVER:
            return False
        chain.without_key.clear()
        chain.keyed = True
        return True
    if chain.keyed or row.hash != hashlib.sha256(_entry(*parts)).hexdigest():
        return False
    chain.without_key.append(int(row.id))
    return True


def _entry(before: str, chain: str, at: datetime, *parts: str) -> bytes:
    return json.dumps([before, chain, at.astimezone(UTC).isoformat(), *parts], ensure_ascii=False).encode()


def _seal(encryption: Encryption, before: str, chain: str, at: datetime, *parts: str) -> str:
    return encryption.digest("audit", _entry(before, chain, at, *parts).decode())
