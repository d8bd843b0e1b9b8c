"""The catalogue of ИРБИС64. A record's id is the code of the book (903), as loans and holds name it too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date

from pymarc import Record

from catalogue_client.connectors.irbis.client import IrbisClient
from catalogue_client.connectors.irbis.records import IrbisRecord, book_id, marc_of
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.searched_catalogue import SearchedCatalogue
from catalogue_client.connectors.spellings import spellings, words_of, years_of
from catalogue_client.values.bibliographic import Query

KEYWORD, TITLE, AUTHOR, CODE, YEAR = "K=", "T=", "A=", "I=", "G="
"""Prefixes of the dictionary, as the databases of ИРБИС64 come with them."""


class IrbisSource:
    """Implements the protocol MarcSource."""

    def __init__(self, client: IrbisClient, settings: IrbisSettings) -> None:
        self._client = client
        self._database = settings.catalogue

    async def find(self, query: Query, *, every: bool, limit: int) -> tuple[int, tuple[Record, ...]]:
        """Return what fits. Raises Unavailable, BadAnswer."""
        expression = expression_of(query, every=every)
        if not expression:
            return 0, ()
        total, found = await self._client.search(self._database, expression, limit)
        return total, tuple(marc_of(record) for record in found)

    async def numbered(self, record_id: str) -> tuple[Record, ...]:
        """Return the record with that code. Raises Unavailable, BadAnswer."""
        book = await book_of(self._client, self._database, record_id)
        return (marc_of(book),) if book else ()


async def book_of(client: IrbisClient, database: str, record_id: str) -> IrbisRecord | None:
    """The book with that code, or else with that MFN. Raises Unavailable, BadAnswer."""
    _, found = await client.search(database, term(CODE, record_id, whole=True), 2)
    return next((record for record in found if book_id(record) == record_id), None)


def expression_of(query: Query, *, every: bool) -> str:
    """What the reader said in the search language of ИРБИС64; `every` word must be there, or any of them will do."""
    link = " * " if every else " + "
    texts = [text for text in (query.words, *query.alternatives[:2]) if text]
    heard = [way for text in texts if (way := _words((KEYWORD, AUTHOR), text, link))]
    parts = [
        " + ".join(heard),
        _words((KEYWORD, TITLE), query.title, link),
        _words((AUTHOR,), query.author, link),
        _words((KEYWORD,), query.subject, link),
    ]
    said = [part for part in parts if part]
    if not said and query.years:  # what is new; else years are looked at afterwards
        said = [" + ".join(term(YEAR, str(year), whole=True) for year in years_of(query.years))]
    return link.join(f"({part})" for part in said)


def _words(prefixes: Iterable[str], text: str, link: str) -> str:
    ways = (" + ".join(term(prefix, way) for prefix in prefixes for way in spellings(word)) for word in words_of(text))
    return link.join(f"({way})" for way in ways)


def term(prefix: str, text: str, *, whole: bool = False) -> str:
    """One entry of the dictionary, which is in capitals; without `whole` all that begin like it."""
    plain = text.replace('"', " ").replace("$", " ").strip().upper()
    return f'"{prefix}{plain}{"" if whole else "$"}"'


@asynccontextmanager
async def irbis_catalogue(settings: IrbisSettings) -> AsyncIterator[SearchedCatalogue]:
    """A catalogue with a session of its own, closed at the end."""
    client = IrbisClient(settings)
    try:
        yield SearchedCatalogue(IrbisSource(client, settings), settings.places, date.today)
    finally:
        await client.close()
