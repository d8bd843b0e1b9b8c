"""The catalogue of a library system over SRU. A record's id is its own number there (001)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import aiohttp
from pymarc import Record

from catalogue_client.connectors.searched_catalogue import SearchedCatalogue
from catalogue_client.connectors.sru.answers import Unsupported
from catalogue_client.connectors.sru.cql import numbered, restricted, wanted
from catalogue_client.connectors.sru.server import SruServer
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.values.bibliographic import Query


class SruSource:
    """Implements the protocol MarcSource."""

    def __init__(self, server: SruServer, settings: SruSettings) -> None:
        self._server = server
        self._settings = settings

    async def find(self, query: Query, *, every: bool, limit: int) -> tuple[int, tuple[Record, ...]]:
        """Return what fits, narrowed by language and years where the server can. Raises Unavailable, BadAnswer."""
        cql = wanted(query, self._settings, every=every)
        narrow = restricted(cql, query, self._settings)
        if not narrow:
            return 0, ()
        try:
            return await self._server.find(narrow, limit)
        except Unsupported:
            if not cql or not (query.language or query.years):
                raise
            return await self._server.find(cql, limit)  # no index of dates, perhaps

    async def numbered(self, record_id: str) -> tuple[Record, ...]:
        """Return the record with that 001. Raises Unavailable, BadAnswer."""
        return (await self._server.find(numbered(record_id, self._settings), 1))[1]


@asynccontextmanager
async def sru_catalogue(settings: SruSettings) -> AsyncIterator[SearchedCatalogue]:
    """A catalogue with connections of its own, closed at the end."""
    timeout = aiohttp.ClientTimeout(total=settings.answer_s)
    connector = aiohttp.TCPConnector(limit=settings.connections)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        source = SruSource(SruServer(settings, session), settings)
        yield SearchedCatalogue(source, settings.places, date.today)
