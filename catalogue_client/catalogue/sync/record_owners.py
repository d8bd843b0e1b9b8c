"""Which record of the store a source's record is: its own of before, one that nobody claims, or a new one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.catalogue.marc.description import Description
from catalogue_client.catalogue.sync.sync_schema import source_records
from catalogue_client.store.schema import records

UNNAMED = ""
"""The source of files that were imported without a name; a named one takes their records over."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The record of the store that a source's record is."""

    record_id: str
    known: bool = False
    """The source has brought it before."""
    other: str = ""
    """The source whose it is, when this one is not to touch it."""


async def owners(connection: AsyncConnection, source: str, described: Mapping[str, Description]) -> dict[str, Owner]:
    """Return the owner by key. A record of an unnamed import goes over to a named source that brings it too."""
    mine = select(source_records.c.key, source_records.c.record_id).where(
        source_records.c.source == source, source_records.c.key.in_(described)
    )
    found = {row.key: Owner(row.record_id, known=True) for row in await connection.execute(mine)}
    new = {key: one for key, one in described.items() if key not in found}
    if not new:
        return found
    candidates = {
        record_id for described_record in new.values() for record_id in (described_record.id, described_record.older_id)
    }
    query = select(source_records.c.source, source_records.c.key, source_records.c.record_id)
    claims: dict[str, set[str]] = defaultdict(set)
    for row in await connection.execute(query.where(source_records.c.record_id.in_(candidates))):
        claims[row.record_id].add(row.source)
    there = set((await connection.scalars(select(records.c.id).where(records.c.id.in_(candidates)))).all())
    taken: set[str] = set()
    for key, one in new.items():
        found[key] = _owner(source, key, one, claims, there, taken)
        taken.add(found[key].record_id)
    return found


def _owner(
    source: str, key: str, one: Description, claims: Mapping[str, set[str]], there: set[str], taken: set[str]
) -> Owner:
    for record_id in (one.id, one.older_id):
        claimed = claims.get(record_id, set()) - {UNNAMED} if source != UNNAMED else claims.get(record_id, set())
        if record_id in there and not claimed and record_id not in taken:
            return Owner(record_id)  # nobody's, of an older store; or of an import without a name
        if source == UNNAMED and claimed - {UNNAMED}:
            return Owner(record_id, other=sorted(claimed - {UNNAMED})[0])
    if one.id not in there and one.id not in taken:
        return Owner(one.id)
    apart = hashlib.blake2s(f"{source}\t{key}".encode(), digest_size=8).hexdigest()
    return Owner(f"m{apart}")


async def take_over(connection: AsyncConnection, source: str, record_ids: list[str]) -> None:
    """Let a named source have what an unnamed import brought."""
    if source != UNNAMED and record_ids:
        claimed = (source_records.c.source == UNNAMED) & source_records.c.record_id.in_(record_ids)
        await connection.execute(delete(source_records).where(claimed))
