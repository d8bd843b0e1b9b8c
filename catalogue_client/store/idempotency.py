"""One key, one deed: a change that is requested twice is made once, with the same answer both times."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import KeyReused
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.schema import keys
from catalogue_client.store.upsert import insert_if_absent

LONGEST_KEY = 128

Answer = TypeVar("Answer")


async def once(
    connection: AsyncConnection,
    encryption: Encryption,
    key: str,
    request: tuple[object, ...],
    answers: TypeAdapter[Answer],
    act: Callable[[], Awaitable[Answer]],
    at: datetime,
) -> Answer:
    """Do `act` inside the transaction of `connection`, unless `key` has been answered before: then give that answer.

    The key is stored before anything is done and kept only together with all that was done: a crash in between
    leaves neither. A refusal (any exception) is not kept: nothing was changed, so the same key may try again.
    Key, request and answer name readers and titles, and stand there for a month: digests under the pepper, and sealed.

    Raises KeyReused when the key came with another request before, ValueError when it is empty or too long.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"an idempotency key has 1 to {LONGEST_KEY} characters, this one {len(key)}")
    digest = encryption.digest("request", json.dumps(request, ensure_ascii=False, default=str))
    kept_key = encryption.digest("key", key)
    new = {"key": kept_key, "request": digest, "at": at}
    # Whoever is storing this key now is waited for.
    if await insert_if_absent(connection, keys, new):
        answer = await act()
        kept = base64.b64encode(encryption.seal(answers.dump_json(answer).decode())).decode()
        await connection.execute(update(keys).where(keys.c.key == kept_key).values(answer=kept))
        return answer
    row = (await connection.execute(select(keys.c.request, keys.c.answer).where(keys.c.key == kept_key))).one()
    if row.request != digest:
        raise KeyReused(f"the key was used for another request at first ({key[:8]}…)")
    return answers.validate_json(encryption.unseal(base64.b64decode(row.answer)))
