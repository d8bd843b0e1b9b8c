"""Asks one SRU server over HTTP, page after page."""

from __future__ import annotations

import asyncio
import logging
import random

import aiohttp
from pymarc import Record

from catalogue_client.connectors.sru.answers import Page, read_page
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.errors import BadAnswer, Unavailable

log = logging.getLogger(__name__)

LARGEST = 8_000_000
"""Bytes of an answer."""
MOST_PAGES = 20
PAUSE_S = 0.2
"""Longest pause before a question is asked again; drawn by chance, so that many callers do not come back at once."""


class SruServer:
    """Answers are whole or an error."""

    def __init__(self, settings: SruSettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = session

    async def find(self, cql: str, limit: int) -> tuple[int, tuple[Record, ...]]:
        """How many records fit, and the first `limit` of them in the server's order.

        Raises Unavailable, BadAnswer, Unsupported.
        """
        first = await self._page(cql, 1, min(self._settings.page, limit))
        total = first.total if first.total is not None else limit
        wanted = min(limit, total)
        # A server gives fewer records than asked for as it likes: the rest in pieces of that size, all at once.
        size = first.given or wanted or 1
        starts = range(size + 1, wanted + 1, size)[: MOST_PAGES - 1]
        pieces = await asyncio.gather(
            *(self._piece(cql, start, min(size, wanted + 1 - start)) for start in starts if first.given)
        )
        found = [*first.records, *(record for piece in pieces for record in piece)]
        return first.total if first.total is not None else len(found), tuple(found[:limit])

    async def _piece(self, cql: str, start: int, count: int) -> list[Record]:
        """Those of `count` records that can be had: what fails behind good records costs none of them."""
        found: list[Record] = []
        given = 0
        try:
            while given < count:
                page = await self._page(cql, start + given, count - given)
                found += page.records
                given += page.given
                if page.given == 0:
                    break
        except (Unavailable, BadAnswer) as error:
            log.info("records from %d on are not to be had: %s", start + given, error)
        return found

    async def _page(self, cql: str, start: int, count: int) -> Page:
        version = self._settings.version
        asked = {
            "version": version, "operation": "searchRetrieve", "query": cql, "startRecord": str(start),
            "maximumRecords": str(count), "recordSchema": self._settings.schema,
        }  # fmt: skip
        # 2.0 gave the old word recordPacking another meaning.
        asked |= {"recordXMLEscaping": "xml", "queryType": "cql"} if version == "2.0" else {"recordPacking": "xml"}
        try:
            return read_page(await self._content(asked))
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError):
            await asyncio.sleep(random.uniform(0, PAUSE_S))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"the SRU server does not answer ({type(error).__name__})") from error
        try:
            return read_page(await self._content(asked))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"the SRU server does not answer ({type(error).__name__})") from error

    async def _content(self, asked: dict[str, str]) -> bytes:
        async with self._session.get(self._settings.url, params=asked) as answer:
            if answer.status != 200:
                # Zebra answers 404 with a page in HTML when it cannot open its database.
                raise Unavailable(f"the SRU server answers HTTP {answer.status}")
            content = bytearray()
            async for chunk in answer.content.iter_any():
                content += chunk
                if len(content) > LARGEST:
                    raise BadAnswer("the SRU server's answer is longer than any page of records")
            return bytes(content)
