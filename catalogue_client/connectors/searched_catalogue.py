"""The catalogue of a library system that answers queries with MARC records, whatever protocol it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from pymarc import Record as MarcRecord
from rapidfuzz import fuzz

from catalogue_client.catalogue.marc.description import Undescribed, describe
from catalogue_client.catalogue.marc.holdings import barcodes, standing
from catalogue_client.errors import NotFound
from catalogue_client.search.joined_finder import in_words
from catalogue_client.values.bibliographic import Availability, Format, Query, Record, Results
from catalogue_client.values.works import BookSeries, Likeness, SeriesVolume, SimilarRecord
from catalogue_client.works.identity import signatures
from catalogue_client.works.knowledge_base import knowledge_base
from languages.folding import fold

LOOKED_AT = 100
"""Records fetched to choose from: the server's order is not by fit."""
ALIKE = 90.0
"""Least likeness, of 100, of a title to what was said for it to be what was meant."""
APART = 10.0
"""By how much the first must lead to be offered alone."""

MOST_NAMES, MOST_VOLUMES = 4, 8
"""Names of a work, and books of a series, that a server is asked for one after the other."""


class MarcSource(Protocol):
    """A server's searches. Both raise Unavailable and BadAnswer."""

    async def find(self, query: Query, *, every: bool, limit: int) -> tuple[int, tuple[MarcRecord, ...]]:
        """Return how many records hold every word of `query` in any spelling, or any of its words, and `limit` of
        them in the server's order. It may leave language, years, format and place to the caller."""

    async def numbered(self, record_id: str) -> tuple[MarcRecord, ...]:
        """Return the records with that id; there should be one."""


class SearchedCatalogue:
    """Implements the protocol Catalogue over a MarcSource."""

    def __init__(self, source: MarcSource, places: Mapping[str, str], today: Callable[[], date]) -> None:
        """`places`: code of a place in the records -> its name in the nominative."""
        self._source = source
        self._places = places
        self._today = today

    async def search(self, query: Query) -> Results:
        """Return records that hold every word in any of its spellings; if there are none, those that hold some."""
        if query.school_class is not None or query.age is not None:
            return Results((), 0)  # no server knows what is read at which age
        query = in_words(query)
        if query.new and query.years is None:
            query = replace(query, years=(self._today().year - 1, self._today().year + 1))
        strict = await self._found(query, every=True)
        if strict.total:
            return strict
        loose = await self._found(query, every=False)
        meant = loose.records[0].title if loose.records and not loose.sure else ""
        return replace(loose, did_you_mean=meant)

    async def record(self, record_id: str) -> Record:
        """Raises NotFound."""
        records = self._records(await self._source.numbered(record_id))
        if not records:
            raise NotFound("no such record on the library system")
        return records[0]

    async def shelves(self, record_id: str, near: str | None = None) -> tuple[Availability, ...]:
        """As far as the record tells; how far places are from each other is not known here. Raises NotFound."""
        shelves = (await self.record(record_id)).available
        return tuple(sorted(shelves, key=lambda shelf: shelf.place_id != near))

    async def new_records(self, limit: int = 30, language: str | None = None) -> Results:
        """Published this year or last, newest first."""
        found = await self.search(Query(new=True, language=language, limit=LOOKED_AT))
        newest = sorted(found.records, key=lambda record: -(record.year or 0))
        return replace(found, records=tuple(newest[:limit]), sure=False, did_you_mean="")

    async def expressions(self, record_id: str) -> tuple[Record, ...]:
        """Looked for by the names that are known of the work. Raises NotFound."""
        record = await self.record(record_id)
        known, mine = knowledge_base().of((record.title,), record.author)
        work = set(mine)
        found = {record.id: record}
        for title in dict.fromkeys((record.title, *(name for _, name in (known.names if known else ())[:MOST_NAMES]))):
            for other in (await self.search(Query(title=title))).records:
                if work & set(signatures((other.title,), other.author)):
                    found.setdefault(other.id, other)
        return tuple(found.values())

    async def similar(self, record_id: str, limit: int = 10) -> tuple[SimilarRecord, ...]:
        """Other works of the same author: a server tells no more. Raises NotFound."""
        record = await self.record(record_id)
        if not record.author:
            return ()
        mine = set(signatures((record.title,), record.author))
        found = (await self.search(Query(author=record.author.split(", ")[0], limit=limit + 1))).records
        others = (other for other in found if other.id != record.id)
        return tuple(
            SimilarRecord(other, Likeness.AUTHOR, (("", other.author),))
            for other in others
            if not mine & set(signatures((other.title,), other.author))
        )[:limit]

    async def series(self, record_id: str) -> BookSeries | None:
        """The books of the series, as far as it is known which those are and the server has them. Raises NotFound."""
        record = await self.record(record_id)
        known = knowledge_base().of((record.title,), record.author)[0]
        if known is None or not known.series:
            return None
        volumes: list[SeriesVolume] = []
        for work in knowledge_base().in_series(known.series[0].name)[:MOST_VOLUMES]:
            place = next(place for place in work.series if place.name == known.series[0].name)
            wanted = set(signatures((work.title,), work.author))
            found = (await self.search(Query(title=work.title, author=work.author, limit=5))).records
            there = next((other for other in found if wanted & set(signatures((other.title,), other.author))), None)
            if there is not None:
                volumes.append(SeriesVolume(place.number, there))
        volumes.sort(key=lambda volume: (volume.number is None, volume.number or 0))
        return BookSeries(known.series[0].name, tuple(volumes)) if volumes else None

    async def next_in_series(self, record_id: str) -> Record | None:
        """Raises NotFound."""
        series = await self.series(record_id)
        if series is None:
            return None
        at = next((volume.number for volume in series.volumes if volume.record.id == record_id), None)
        later = [volume for volume in series.volumes if at is not None and (volume.number or 0) > at]
        return later[0].record if later else None

    async def _found(self, query: Query, *, every: bool) -> Results:
        """Sorted and filtered here: servers differ in what they can do of it."""
        total, found = await self._source.find(query, every=every, limit=max(LOOKED_AT, query.limit))
        read = self._records(found)
        fitting = [record for record in read if _fits(record, query)]
        marks = {id(record): _likeness(record, query) for record in fitting}
        fitting.sort(key=lambda record: (-marks[id(record)], not record.available))
        scores = [marks[id(record)] for record in fitting[:2]]
        sure = bool(scores) and scores[0] >= ALIKE and (len(scores) == 1 or scores[0] - scores[1] >= APART)
        # Where all was looked at, the number is exact; else it is the server's.
        return Results(
            tuple(fitting[: query.limit]), len(fitting) if total <= len(found) or not fitting else total, "", sure
        )

    def _records(self, found: tuple[MarcRecord, ...]) -> list[Record]:
        records = (self._record(marc) for marc in found)
        return list({record.id: record for record in records if record is not None}.values())

    def _record(self, marc: MarcRecord) -> Record | None:
        """None for a record that does not say what it describes."""
        try:
            description = describe(marc)
        except Undescribed:
            return None
        number = marc.get("001")
        names = self._places
        shelves = tuple(
            Availability(code, names.get(code, code), copies) for code, copies in standing(marc).most_common()
        )
        return Record(
            (number.data or "").strip() or description.id if number else description.id,
            description.title,
            description.author,
            description.language,
            description.year,
            tuple(Format(form) for form in description.formats),
            description.subjects,
            description.annotation,
            available=shelves,
            barcodes=barcodes(marc),
        )


def _fits(record: Record, query: Query) -> bool:
    return (
        (query.language is None or record.language == query.language)
        and (query.format is None or query.format in record.formats)
        and (query.years is None or (record.year is not None and query.years[0] <= record.year <= query.years[1]))
        and (query.place_id is None or any(shelf.place_id == query.place_id for shelf in record.available))
    )


def _likeness(record: Record, query: Query) -> float:
    """0 to 100: how like the record is to what was said of it."""
    title, author = fold(record.title), fold(record.author)
    heard = [fold(text) for text in (query.words, *query.alternatives) if text]
    marks = [
        max(fuzz.token_sort_ratio(text, title), fuzz.token_set_ratio(text, f"{title} {author}") - 5) for text in heard
    ]
    likeness = [max(marks)] if marks else []
    if query.title:
        likeness.append(fuzz.token_sort_ratio(fold(query.title), title))
    if query.author:
        likeness.append(fuzz.token_set_ratio(fold(query.author), author))
    return sum(likeness) / len(likeness) if likeness else 0.0
