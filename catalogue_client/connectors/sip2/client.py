"""Asks and changes over a pool of links; finds out what became of a change that no answer came for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from catalogue_client.connectors.sip2.messages import Sip2Message
from catalogue_client.connectors.sip2.pool import Pool
from catalogue_client.connectors.sip2.requests import Request
from catalogue_client.errors import BadAnswer, NotFound, OutcomeUnknown, Unavailable

T = TypeVar("T")

RENEW = 14
"""Place (0-based) of renewing among the flags of supported messages."""
RENEW_ALL = 15
HOLD = 13


class Sip2Client:
    """One SIP2 server, as the rest of this package sees it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._supported = ""

    def supports(self, place: int) -> bool:
        """Whether the server says it does this; one that says nothing is believed to."""
        return self._supported[place : place + 1] != "N"

    async def ask(self, request: Request) -> Sip2Message:
        """The answer to a question, asked twice if need be. Raises Unavailable, BadAnswer, and NotFound for a value
        that SIP2 cannot write."""
        try:
            return await self._send(request)
        except OutcomeUnknown:
            pass  # a question changes nothing: ask again on another link
        try:
            return await self._send(request)
        except OutcomeUnknown as error:
            raise Unavailable(str(error)) from error

    async def change(self, request: Request, look: Callable[[], Awaitable[T | None]]) -> Sip2Message | T:
        """Send a change. When no readable answer comes, `look` whether it was done; only if not, send it once more.

        Raises OutcomeUnknown when that cannot be found out, Unavailable when nothing was sent.
        """
        try:
            return await self._send(request)
        except (OutcomeUnknown, BadAnswer):
            done = await self.seen(look)
        if done is not None:
            return done
        try:
            return await self._send(request)
        except (Unavailable, BadAnswer) as error:
            done = await self.seen(look)
            if done is None:
                raise OutcomeUnknown("no answer twice, and nothing to be seen of the change yet") from error
            return done

    async def _send(self, request: Request) -> Sip2Message:
        async with self._pool.link() as link:
            self._supported = link.supported
            try:
                return await link.exchange(request)
            except ValueError as error:  # encode's; nothing was sent
                raise NotFound(f"SIP2 cannot ask for this: {error}") from error

    async def seen(self, look: Callable[[], Awaitable[T]]) -> T:
        """What `look` finds after a change. Raises OutcomeUnknown, never less: by now something may be changed."""
        try:
            return await look()
        except (Unavailable, BadAnswer) as error:
            raise OutcomeUnknown("the SIP2 server went away before the outcome could be seen") from error
