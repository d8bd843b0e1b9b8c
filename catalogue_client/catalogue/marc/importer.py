"""Brings MARC files into the store: in batches, resumable, with a report of everything that was refused and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.catalogue.marc.description import Description, Undescribed, describe
from catalogue_client.catalogue.marc.marc_reader import Piece, read_records
from catalogue_client.circulation.items import ON_LOAN, ON_SHELF
from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.search.indexer import Indexer
from catalogue_client.store.change_feed import announce
from catalogue_client.store.database import Database
from catalogue_client.store.schema import copies, facts, records

BATCH = 500
"""Records that are kept together with the place reached in the file: after a break the import goes on there."""
STATUSES = {"": ON_SHELF, "lent": ON_LOAN, "lost": "lost", "away": "repair"}
"""What a record says of a copy -> how it stands in the store."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not taken, or a part of it."""

    file: str
    number: int
    """1-based in its file."""
    reason: str


@dataclass(slots=True)
class Report:
    """What became of an import."""

    taken: int = 0
    changed: int = 0
    """Of those taken, the ones that the store had already."""
    passed_over: int = 0
    """Taken by an earlier import of the same file."""
    copies: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    """Of this import and of those before it that were broken off in the same file."""
    fruitless: list[str] = field(default_factory=list)
    """Names of the files of which nothing was or had been taken: missing, or not of MARC records at all."""


class Importer:
    """Imports files into one store."""

    def __init__(
        self,
        database: Database,
        follower: Indexer,
        places: PlaceDirectory,
        rules: CirculationPolicy,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._follower = follower
        self._places = places
        self._rules = rules
        self._clock = clock

    async def import_files(
        self, paths: Iterable[Path], *, encoding: str | None = None, progress: Callable[[Path, int], None] | None = None
    ) -> Report:
        """Import MARC21, UNIMARC or RUSMARC files, ISO 2709 or MARCXML. `progress` gets the file and how many of its
        records were read.

        A file that cannot be read at all is one refusal with number 0. What was imported before is passed over.
        """
        report = Report()
        for path in paths:
            taken, passed_over = report.taken, report.passed_over
            try:
                mark = _mark(path)
                pieces = read_records(path, encoding)
                reached = await self._reached(mark)
                report.refusals += await self._refused_before(path, mark)
                report.passed_over += sum(1 for _ in islice(pieces, reached))
                while batch := list(islice(pieces, BATCH)):
                    reached = batch[-1].number
                    await self._take(path, batch, mark, report)
                    if progress:
                        progress(path, reached)
            except OSError as error:
                report.refusals.append(Refusal(path.name, 0, f"the file cannot be read: {error.strerror or error}"))
            if (report.taken, report.passed_over) == (taken, passed_over):
                report.fruitless.append(path.name)
        await self._follower.catch_up()
        return report

    async def _reached(self, mark: str) -> int:
        async with self._database.reading() as connection:
            return int(await connection.scalar(select(facts.c.value).where(facts.c.name == mark)) or 0)

    async def _refused_before(self, path: Path, mark: str) -> list[Refusal]:
        """Of the same file, by imports that were broken off or have ended."""
        query = select(facts.c.value).where(facts.c.name.like(f"{mark}:%")).order_by(facts.c.name)
        async with self._database.reading() as connection:
            stored = (await connection.scalars(query)).all()
        found = [Refusal(path.name, number, reason) for value in stored for number, reason in json.loads(value)]
        return sorted(found, key=lambda refusal: refusal.number)

    async def _take(self, path: Path, batch: list[Piece], mark: str, report: Report) -> None:
        found: dict[str, Description] = {}
        refused: list[Refusal] = []
        for piece in batch:
            try:
                if piece.record is None:
                    raise Undescribed(piece.problem)
                description = describe(piece.record)
                found[description.id] = description
                refused += self._at_unknown_places(path, piece.number, description)
            except Undescribed as error:
                refused.append(Refusal(path.name, piece.number, str(error)))
        async with self._database.writing() as connection:
            known = set((await connection.scalars(select(records.c.id).where(records.c.id.in_(found)))).all())
            await self._store(
                connection, [description for description in found.values() if description.id not in known], report
            )
            for description in found.values():
                if description.id in known:
                    await connection.execute(
                        update(records).where(records.c.id == description.id).values(self._row(description))
                    )
            await announce(connection, found)
            await connection.execute(delete(facts).where(facts.c.name == mark))
            await connection.execute(insert(facts).values(name=mark, value=str(batch[-1].number)))
            if refused:
                value = json.dumps([(refusal.number, refusal.reason) for refusal in refused], ensure_ascii=False)
                await connection.execute(insert(facts).values(name=f"{mark}:{batch[-1].number}", value=value))
        report.refusals += refused
        report.taken += len(found)
        report.changed += len(known)

    async def _store(self, connection: AsyncConnection, new: list[Description], report: Report) -> None:
        if not new:
            return
        today = self._clock().date()
        await connection.execute(
            insert(records), [self._row(description) | {"id": description.id, "added": today} for description in new]
        )
        # Copies only with a new record: those of a known one are on loan or on hold by now.
        standing = [
            {
                "record_id": description.id,
                "place_id": place_id,
                "format": description.formats[0],
                "status": STATUSES[kept_by],
            }
            for description in new
            for code, kept_by in description.copies
            if (place_id := self._places.by_code(code))
        ]
        if standing:
            await connection.execute(insert(copies), standing)
        report.copies += len(standing)

    def _at_unknown_places(self, path: Path, number: int, description: Description) -> list[Refusal]:
        codes = dict.fromkeys(code for code, _ in description.copies)
        unknown = (code for code in codes if not self._places.by_code(code))
        return [Refusal(path.name, number, f"copies at an unknown place were left out: {code!r}") for code in unknown]

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
            "reading_room_only": description.year is not None and description.year < self._rules.rare_before,
        }


def _mark(path: Path) -> str:
    """The name under which the place reached in a file is kept: it changes with the file."""
    whole = hashlib.blake2s(digest_size=12)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return "import:" + whole.hexdigest()
