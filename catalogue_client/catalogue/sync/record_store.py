"""Keeps described records and their copies in the store, inside the transaction of a run."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.catalogue.marc.description import Description
from catalogue_client.catalogue.marc.holdings import CopyNote
from catalogue_client.catalogue.sync.copy_changes import CopyChanges, KnownCopy, compare_copies, with_items
from catalogue_client.catalogue.sync.place_codes import PlaceOf
from catalogue_client.catalogue.sync.record_owners import Owner, owners, take_over
from catalogue_client.catalogue.sync.sync_report import Refusal, SyncReport
from catalogue_client.catalogue.sync.sync_schema import source_records
from catalogue_client.circulation.items import GONE, IN_TRANSIT, KEPT, ItemStore
from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.store.change_feed import announce
from catalogue_client.store.schema import copies, loans, records

IDS_AT_ONCE = 500
"""Of one question: SQLite takes some thousands."""
COPIES_AND_LOANS = copies.outerjoin(loans, (loans.c.copy_id == copies.c.id) & loans.c.returned.is_(None))
"""Each copy with the loan that it is out on."""

Described = Mapping[str, tuple[Description, str]]
"""Key of a record in its source -> what it describes, digest of its bytes."""


def key_of(identifier: str) -> str:
    """Return the key of a record that its source calls `identifier`."""
    return "o" + hashlib.blake2s(identifier.encode("utf-8", "replace"), digest_size=9).hexdigest()


class RecordStore:
    """Its methods work inside the caller's transaction."""

    def __init__(self, items: ItemStore, rules: CirculationPolicy, clock: Callable[[], datetime]) -> None:
        self._items = items
        self._rules = rules
        self._clock = clock

    async def keep(
        self,
        connection: AsyncConnection,
        source: str,
        run: int,
        described: Described,
        place_of: PlaceOf,
        report: SyncReport,
        *,
        dry: bool,
    ) -> None:
        """Make records and copies what `described` says; `dry` only counts."""
        if not described:
            return
        owned = await owners(connection, source, {key: one for key, (one, _) in described.items()})
        mine = {key: owner for key, owner in owned.items() if not owner.other}
        for key, owner in owned.items():
            if owner.other:
                title = described[key][0].title
                report.refusals.append(Refusal("", 0, f"{title}: the source {owner.other} brings this record already"))
        ids = {owner.record_id: key for key, owner in mine.items()}
        query = select(records).where(records.c.id.in_(ids))
        known = {row.id: row._asdict() for row in await connection.execute(query)}
        rows = {record_id: self._row(described[key][0]) for record_id, key in ids.items()}
        new = [record_id for record_id in rows if record_id not in known]
        changed = [record_id for record_id in known if _differs(known[record_id], rows[record_id])]
        report.new += len(new)
        report.changed += len(changed)
        report.unchanged += len(rows) - len(new) - len(changed)
        if not dry:
            await self._write(connection, {key: rows[key] for key in new}, {key: rows[key] for key in changed})
            await _own(connection, source, run, mine, {key: digest for key, (_, digest) in described.items()})
        wanted = {record_id: described[key][0] for record_id, key in ids.items()}
        await self._keep_copies(connection, source, run, wanted, set(known), place_of, report, dry=dry)

    async def _write(
        self, connection: AsyncConnection, new: dict[str, dict[str, Any]], changed: dict[str, dict[str, Any]]
    ) -> None:
        today = self._clock().date()
        if new:
            added = {"added": today, "popularity": 0}
            await connection.execute(insert(records), [row | added | {"id": one} for one, row in new.items()])
        if changed:
            columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in next(iter(changed.values()))}
            statement = update(records).where(records.c.id == bindparam("which")).values(columns)
            renamed = [
                {"which": one} | {f"new_{name}": value for name, value in row.items()} for one, row in changed.items()
            ]
            await connection.execute(statement, renamed)
        await announce(connection, [*new, *changed])

    async def _keep_copies(
        self,
        connection: AsyncConnection,
        source: str,
        run: int,
        wanted: Mapping[str, Description],
        known: set[str],
        place_of: PlaceOf,
        report: SyncReport,
        *,
        dry: bool,
    ) -> None:
        there = await _known_copies(connection, known)
        new: list[dict[str, Any]] = []
        items = {record_id: with_items(description.copies) for record_id, description in wanted.items()}
        changed = await _take_over_copies(connection, source, run, items, there)
        refreshed: set[str] = set()
        for record_id, description in wanted.items():
            mine = there.get(record_id, [])
            changes = compare_copies(mine, items[record_id], description.formats[0], place_of)
            new += [row | {"record_id": record_id} for row in changes.new]
            changed += changes.changed
            if mine and (changes.new or changes.changed):
                refreshed.add(record_id)
            _count(changes, report)
            for note in description.copies:
                if place_of(note.code) is None:
                    report.quality.unknown_codes[note.code] += 1
        if dry:
            return
        if new:
            await connection.execute(insert(copies), new)
        await _change_copies(connection, changed)
        if refreshed:
            await self._items.give_to_waiting(connection, sorted(refreshed), self._clock().date())

    async def delete(
        self, connection: AsyncConnection, source: str, run: int, keys: Iterable[str], report: SyncReport
    ) -> None:
        """Mark records and their copies as gone. Copies at readers stay until they come back."""
        these = (source_records.c.source == source) & source_records.c.key.in_(list(keys))
        if run:
            these &= (source_records.c.run < run) | (source_records.c.gone == "asked")
        ids = (await connection.scalars(select(source_records.c.record_id).where(these))).all()
        there = await _known_copies(connection, ids)
        changed: list[tuple[int, dict[str, Any]]] = []
        for mine in there.values():
            changes = compare_copies(mine, {}, "", lambda _: None)
            changed += changes.changed
            _count(changes, report)
        await _change_copies(connection, changed)
        await connection.execute(update(records).where(records.c.id.in_(ids)).values(gone=True))
        await connection.execute(update(source_records).where(these).values(gone="done"))
        await announce(connection, ids)

    def _row(self, description: Description) -> dict[str, Any]:
        return {
            "title": description.title,
            "author": description.author,
            "language": description.language[:8],
            "year": description.year,
            "formats": ";".join(description.formats),
            "subjects": ";".join(description.subjects),
            "aliases": ";".join(alias.replace(";", ",") for alias in description.aliases),
            "annotation": description.annotation,
            "work_titles": ";".join(description.place.titles),
            "isbns": ";".join(description.place.isbns),
            "series": ";".join(description.place.series),
            "volume": description.place.volume,
            "narrator": description.narrator,
            "reading_room_only": description.year is not None and description.year < self._rules.rare_before,
            "gone": False,
        }


def _differs(known: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return any(known[name] != value for name, value in row.items())


def _count(changes: CopyChanges, report: SyncReport) -> None:
    report.copies_new += len(changes.new)
    report.copies_changed += len(changes.changed) - changes.gone
    report.copies_gone += changes.gone
    report.copies_bound += changes.bound


async def _own(
    connection: AsyncConnection, source: str, run: int, mine: Mapping[str, Owner], digests: Mapping[str, str]
) -> None:
    """Note which source brought which record, and how it was."""
    known = [key for key, owner in mine.items() if owner.known]
    new = [
        {
            "source": source,
            "key": key,
            "record_id": owner.record_id,
            "digest": digests[key],
            "run": run,
            "gone": "",
        }
        for key, owner in mine.items()
        if not owner.known
    ]
    if known:
        statement = update(source_records).where(
            source_records.c.source == source, source_records.c.key == bindparam("which")
        )
        values = {"digest": bindparam("new_digest"), "run": run, "gone": ""}
        renamed = [{"which": key, "new_digest": digests[key]} for key in known]
        await connection.execute(statement.values(values), renamed)
    if new:
        await take_over(connection, source, [owner.record_id for owner in mine.values() if not owner.known])
        await connection.execute(insert(source_records), new)


async def _known_copies(connection: AsyncConnection, record_ids: Iterable[str]) -> dict[str, list[KnownCopy]]:
    ids = list(record_ids)
    if not ids:
        return {}
    query = select(copies, loans.c.id.label("loan")).select_from(COPIES_AND_LOANS).where(copies.c.record_id.in_(ids))
    found: dict[str, list[KnownCopy]] = defaultdict(list)
    for row in await connection.execute(query.order_by(copies.c.id)):
        found[row.record_id].append(_known(row))
    return found


async def _take_over_copies(
    connection: AsyncConnection,
    source: str,
    run: int,
    wanted: Mapping[str, Mapping[str, CopyNote]],
    there: dict[str, list[KnownCopy]],
) -> list[tuple[int, dict[str, Any]]]:
    """Bring copies whose bar code stands in another record of the source now to that record, in `there`.

    Only those that a reader has or that are set aside, or that the other record has no more: a second row would stand
    on the shelf while the book is out. Return copy ids with the columns to set.
    """
    record_of = {
        item: record_id
        for record_id, notes in wanted.items()
        for item in notes.keys() - {copy.item for copy in there.get(record_id, ())}
        if item.startswith("=")
    }
    items, moves = sorted(record_of), []
    for start in range(0, len(items), IDS_AT_ONCE):
        ours = (source_records.c.record_id == copies.c.record_id) & (source_records.c.source == source)
        these = (copies.c.item != "") & copies.c.item.in_(items[start : start + IDS_AT_ONCE])
        query = (
            select(copies, loans.c.id.label("loan"), source_records.c.run)
            .select_from(COPIES_AND_LOANS.join(source_records, ours))
            .where(these)
        )
        for row in await connection.execute(query.order_by(copies.c.id)):
            copy, record_id = _known(row), record_of.get(row.item)
            if record_id is None or row.item in wanted.get(row.record_id, ()):
                continue
            # Seen in this run and not changed: works bound in one volume share a bar code, and each keeps its row.
            has_it = row.run == run and row.record_id not in wanted
            if copy.reported != GONE and (has_it or not copy.bound):
                continue
            del record_of[row.item]
            there[row.record_id] = [other for other in there.get(row.record_id, ()) if other.id != row.id]
            there.setdefault(record_id, []).append(copy)
            moves.append((copy.id, {"record_id": record_id}))
    return moves


def _known(row: Row[Any]) -> KnownCopy:
    bound = row.loan is not None or row.status in (KEPT, IN_TRANSIT)
    return KnownCopy(row.id, row.item, row.code, row.place_id, row.format, row.status, row.reported, bound)


async def _change_copies(connection: AsyncConnection, changed: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """One statement for each set of columns that change together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for copy_id, values in changed:
        alike[tuple(sorted(values))].append({"which": copy_id} | {f"new_{name}": it for name, it in values.items()})
    for names, rows in alike.items():
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        await connection.execute(update(copies).where(copies.c.id == bindparam("which")).values(columns), rows)
