"""Who did what and when, in a chain: every entry is sealed with the one before it, so none can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.store.database import take_turns
from catalogue_client.store.schema import audit


class Audit:
    """Writes one node's chain inside the transactions of those who act."""

    def __init__(self, chain: str) -> None:
        self._chain = chain
        self._last: tuple[object, str] = (None, "")
        """The last transaction that wrote and its last hash: until it ends nobody else writes to this chain."""

    async def note(
        self, connection: AsyncConnection, at: datetime, actor: str, action: str, subject: str, outcome: str = "done"
    ) -> None:
        """Add an entry. `actor` is a pseudonym, `subject` what was acted on (`hold 12`); nothing secret in either."""
        transaction, before = connection.get_transaction(), self._last[1]
        if transaction is None or transaction is not self._last[0]:
            await take_turns(connection, f"audit:{self._chain}")
            last = select(audit.c.hash).where(audit.c.chain == self._chain).order_by(audit.c.id.desc()).limit(1)
            before = await connection.scalar(last) or ""
        seal = _seal(before, self._chain, at, actor, action, subject, outcome)
        entry = {"at": at, "actor": actor, "action": action, "subject": subject, "outcome": outcome}
        await connection.execute(insert(audit).values(chain=self._chain, hash=seal, **entry))
        self._last = (transaction, seal)


@dataclass(frozen=True, slots=True)
class Trail:
    """What a look through the whole audit has shown."""

    entries: int
    """That fit the one before them, over all chains."""
    last: str
    """The hash of the newest: whoever writes it down will see whether entries vanish from the end."""
    broken: int | None
    """The id of the first entry that does not fit; None when all do."""


async def look_through(connection: AsyncConnection) -> Trail:
    """Follow every chain to its end, or to its first break."""
    before: dict[str, str] = {}
    entries, last = 0, ""
    async for row in await connection.stream(select(audit).order_by(audit.c.id)):
        seal = _seal(before.get(row.chain, ""), row.chain, row.at, row.actor, row.action, row.subject, row.outcome)
        if seal != row.hash:
            return Trail(entries, last, int(row.id))
        before[row.chain] = last = row.hash
        entries += 1
    return Trail(entries, last, None)


def _seal(before: str, chain: str, at: datetime, *told: str) -> str:
    moment = at.astimezone(UTC).isoformat()
    return hashlib.sha256(json.dumps([before, chain, moment, *told], ensure_ascii=False).encode()).hexdigest()
