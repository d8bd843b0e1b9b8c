"""Asks one SRU server over HTTP, page after page."""

from __future__ import annotations

import asyncio
import random

import aiohttp
from pymarc import Record

from catalogue_client.connectors.sru.answers import Page, read_page
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.errors import BadAnswer, Unavailable

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
        found: list[Record] = []
        total, given = 0, 0
        for _ in range(MOST_PAGES):
            page = await self._page(cql, given + 1, min(self._settings.page, limit - given))
            total = page.total
            found += page.records
            given += page.given
            # A server gives fewer records than asked for as it likes; none at all is the end.
            if page.given == 0 or given >= min(limit, total):
                break
        return total, tuple(found[:limit])

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
