"""Changes of which nobody knows yet whether they were made: the reader hears at the next contact what became of them.

The database was away when it happened, so they are noted in a file of this node, sealed. A change is kept together with
its idempotency key, or neither is: whether the key is there says whether the change was made.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.store.schema import keys, loans, records
from catalogue_client.values.accounts import PendingRequest, PendingRequestKind

log = logging.getLogger(__name__)

FILE = "unsure"
OVER_AFTER = timedelta(minutes=2)
"""Longer than any transaction lives: what is not made by then is not made at all."""


@dataclass(frozen=True, slots=True)
class _Note:
    key: str
    ticket: str
    kind: PendingRequestKind
    subject: str
    made: datetime


class UnknownOutcomes:
    """The notes of one node. They are kept as long as idempotency keys are."""

    def __init__(self, home: Path, context: StoreContext) -> None:
        """`home` is the folder of their file."""
        self._path = home / FILE
        self._database = context.database
        self._encryption = context.encryption
        self._clock = context.clock
        self._kept = timedelta(days=context.policy.kept.keys)

    async def note(self, ticket: str, kind: PendingRequestKind, subject: str, *, key: str) -> None:
        """Note a change whose outcome is not known. Never raises: the reader has heard that already."""
        note = _Note(key, ticket, kind, subject, self._clock())
        try:
            await asyncio.to_thread(self._change, lambda notes: [*notes, note])
        except OSError:
            log.exception("a change whose outcome is not known could not be noted")

    async def news(self, ticket: str) -> tuple[PendingRequest, ...]:
        """Return what became of a reader's changes, as far as it is settled. Raises Unavailable."""
        try:
            notes = await asyncio.to_thread(self._change, self._still_worth_it)
        except OSError:
            log.exception("changes whose outcome is not known cannot be read")
            return ()
        mine = [note for note in notes if note.ticket == ticket]
        outcomes = [await self._outcome_of(note) for note in mine]
        return tuple(outcome for outcome in outcomes if outcome is not None)

    async def heard(self, keys: Sequence[str]) -> None:
        """Forget those that the reader has heard of, by the keys of their requests. Never raises."""
        with contextlib.suppress(OSError):
            await asyncio.to_thread(self._change, lambda notes: [note for note in notes if note.key not in keys])

    async def _outcome_of(self, note: _Note) -> PendingRequest | None:
        async with self._database.reading() as connection:
            mine = keys.c.key == self._encryption.digest("key", note.key)
            kept = await connection.scalar(select(keys.c.answer).where(mine))
            title = ""
            if kept is None and note.kind == "hold":
                title = await connection.scalar(select(records.c.title).where(records.c.id == note.subject)) or ""
            elif kept is None and note.kind == "renew":
                number = int(note.subject) if note.subject.isdecimal() else 0
                query = select(records.c.title).join(loans, loans.c.record_id == records.c.id)
                title = await connection.scalar(query.where(loans.c.id == number)) or ""
        if kept is not None:
            answer: Any = json.loads(self._encryption.unseal(base64.b64decode(kept)))
            title = str(answer["title"] if isinstance(answer, dict) else answer)
        elif self._clock() - note.made < OVER_AFTER:
            return None
        state, rule = ("done", "") if kept is not None else ("refused", "unavailable")
        return PendingRequest(
            note.key, note.ticket, note.kind, note.subject, title, "", "", "", note.made, None, cast(Any, state), rule
        )

    def _still_worth_it(self, notes: list[_Note]) -> list[_Note]:
        return [note for note in notes if self._clock() - note.made < self._kept]

    def _change(self, change: Callable[[list[_Note]], list[_Note]]) -> list[_Note]:
        """Read the notes, keep what `change` makes of them, and return that. One process at a time. Blocks."""
        with self._alone():
            before = self._read()
            after = change(before)
            if after != before:
                unfinished = self._path.with_suffix(".unfinished")
                with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    file.writelines(self._sealed(note) + "\n" for note in after)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(unfinished, self._path)
            return after

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> list[_Note]:
        if not self._path.exists():
            return []
        notes = []
        for line in self._path.read_text(encoding="ascii").splitlines():
            try:
                key, ticket, kind, subject, made = json.loads(self._encryption.unseal(base64.b64decode(line)))
                notes.append(_Note(key, ticket, kind, subject, datetime.fromisoformat(made)))
            except (ValueError, TypeError, InvalidTag):
                log.warning("a change whose outcome is not known cannot be read and is left out")
        return notes

    def _sealed(self, note: _Note) -> str:
        fields = [note.key, note.ticket, note.kind, note.subject, note.made.isoformat()]
        return base64.b64encode(self._encryption.seal(json.dumps(fields))).decode()
