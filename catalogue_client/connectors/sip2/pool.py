"""A few links to one SIP2 server, each with one request at a time."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from catalogue_client.connectors.sip2.connection import Sip2Connection, connect
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.errors import Unavailable


class Pool:
    """Opens links when they are needed, keeps good ones, never more than the settings allow."""

    def __init__(self, settings: Sip2Settings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        self._places = asyncio.Semaphore(settings.connections)
        self._idle: list[Sip2Connection] = []

    @asynccontextmanager
    async def link(self) -> AsyncIterator[Sip2Connection]:
        """A link of one's own. Raises Unavailable when there is none in time."""
        try:
            async with asyncio.timeout(self._settings.answer_s):
                await self._places.acquire()
        except TimeoutError as error:
            raise Unavailable("every connection to the SIP2 server is busy") from error
        try:
            link = await self._fresh()
            try:
                yield link
            finally:
                if link.spoiled:
                    await link.close()
                else:
                    self._idle.append(link)
        finally:
            self._places.release()

    async def _fresh(self) -> Sip2Connection:
        while self._idle:
            link = self._idle.pop()
            if not link.spoiled:
                return link
            await link.close()
        return await connect(self._settings, self._context)

    async def close(self) -> None:
        """Close the idle links."""
        while self._idle:
            await self._idle.pop().close()
