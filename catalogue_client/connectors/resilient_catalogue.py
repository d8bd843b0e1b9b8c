"""Searching a library system; while it is away, what it has shown before, with its age."""

from __future__ import annotations

import logging

from catalogue_client.connectors.circuit_breaker import CircuitBreaker
from catalogue_client.connectors.offline_catalogue import OfflineCatalogue
from catalogue_client.errors import BadAnswer, StorageError, Unavailable
from catalogue_client.protocols import Catalogue
from catalogue_client.values.bibliographic import Availability, Query, Record, Results
from catalogue_client.values.works import BookSeries, SimilarRecord

log = logging.getLogger(__name__)


class ResilientCatalogue:
    """Implements the protocol Catalogue: `catalogue` in front, `copy` behind."""

    def __init__(self, catalogue: Catalogue, copy: OfflineCatalogue, breaker: CircuitBreaker) -> None:
        self._catalogue = catalogue
        self._copy = copy
        self._breaker = breaker

    async def search(self, query: Query) -> Results:
        """Return what the system finds, or else its copy.

        Raises Unavailable when the system is away and the copy knows nothing that fits.
        """
        try:
            found = await self._breaker.ask(lambda: self._catalogue.search(query))
        except (Unavailable, BadAnswer) as error:
            return await self._copied(query, error)
        await self._keep(*found.records)
        return found

    async def record(self, record_id: str) -> Record:
        """Raises NotFound."""
        try:
            record = await self._breaker.ask(lambda: self._catalogue.record(record_id))
        except (Unavailable, BadAnswer):
            return (await self._copy.record(record_id))[0]
        await self._keep(record)
        return record

    async def shelves(self, record_id: str, near: str | None = None) -> tuple[Availability, ...]:
        """Return where copies stand, or last stood. Raises NotFound."""
        try:
            return await self._breaker.ask(lambda: self._catalogue.shelves(record_id, near))
        except (Unavailable, BadAnswer):
            record, _ = await self._copy.record(record_id)
            return tuple(sorted(record.available, key=lambda shelf: shelf.place_id != near))

    async def new_records(self, limit: int = 30, language: str | None = None) -> Results:
        """Return what is new. Raises Unavailable while the system is away: a copy does not show it."""
        found = await self._breaker.ask(lambda: self._catalogue.new_records(limit, language))
        await self._keep(*found.records)
        return found

    async def expressions(self, record_id: str) -> tuple[Record, ...]:
        """Return what the system has of the work; while it is away, the record alone. Raises NotFound."""
        try:
            return await self._breaker.ask(lambda: self._catalogue.expressions(record_id))
        except (Unavailable, BadAnswer):
            return ((await self._copy.record(record_id))[0],)

    async def similar(self, record_id: str, limit: int = 10) -> tuple[SimilarRecord, ...]:
        """Return what is like a book. Raises NotFound, Unavailable while the system is away."""
        return await self._breaker.ask(lambda: self._catalogue.similar(record_id, limit))

    async def series(self, record_id: str) -> BookSeries | None:
        """Return the series of a book. Raises NotFound, Unavailable while the system is away."""
        return await self._breaker.ask(lambda: self._catalogue.series(record_id))

    async def next_in_series(self, record_id: str) -> Record | None:
        """Return the next volume. Raises NotFound, Unavailable while the system is away."""
        return await self._breaker.ask(lambda: self._catalogue.next_in_series(record_id))

    async def _copied(self, query: Query, error: Unavailable | BadAnswer) -> Results:
        log.info("searching the offline copy: %s", error)
        found = await self._copy.search(query)
        if not found.records:
            raise error
        return found

    async def _keep(self, *records: Record) -> None:
        try:
            await self._copy.keep(records)
        except StorageError:
            log.exception("the offline copy could not be kept")  # the reader has the answer all the same
