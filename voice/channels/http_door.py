"""Stands before an HTTP server of aiohttp: a deadline for the head of a request, and so many connections at once.

aiohttp has no deadline for a head (RFC 9110, section 15.5.9). Whoever opens a thousand connections and sends half a
head on each would otherwise take every descriptor of the process, and with them the next call.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass

from aiohttp import web

from voice.channels.descriptors import descriptors_left, reserved_for_calls
from voice.values.allowlist import Network, is_allowed

END_OF_HEAD = b"\r\n\r\n"
FAREWELL_S = 1.0
"""For an answer to leave before the connection is cut."""
REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one server lets in."""

    most: int
    """Connections at once."""
    most_each: int
    """Of one address."""
    head_s: float
    """Seconds for the whole head of the first request."""
    whole_s: float | None = None
    """Seconds for a connection from its first byte to its last; None for one that may stay, such as a WebSocket."""
    proxies: tuple[Network, ...] = ()
    """Addresses that bring everybody's connections: `most_each` is not for them."""


class Door:
    """A protocol factory for `loop.create_server`."""

    def __init__(self, server: web.Server, limits: ConnectionLimits) -> None:
        self._server = server
        self.limits = limits
        self._inside: Counter[str] = Counter()
        self._full = False
        """It has been logged."""

    def __call__(self) -> asyncio.Protocol:
        return _Guarded(self)

    def admit(self, address: str) -> asyncio.Protocol | None:
        """A handler for a connection from there; None when nobody more is let in."""
        limits = self.limits
        mine = self._inside[address] < limits.most_each or is_allowed(address, limits.proxies)
        if not mine or self._inside.total() >= limits.most or descriptors_left() <= reserved_for_calls():
            if not self._full:
                log.warning("too many HTTP connections: further ones are refused")
            self._full = True
            return None
        self._inside[address] += 1
        return self._server()

    def leave(self, address: str) -> None:
        """A connection that was admitted is over."""
        self._full = False
        self._inside[address] -= 1
        if not self._inside[address]:
            del self._inside[address]


class _Guarded(asyncio.Protocol):
    """One connection: hands everything on to aiohttp's handler, and watches the time."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._inner: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._tail = b""
        self._head: asyncio.TimerHandle | None = None
        """Runs until the head has come."""
        self._whole: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        self._inner = self._door.admit(self._address)
        if self._inner is None:
            self._say(REFUSED)
            return
        loop, limits = asyncio.get_running_loop(), self._door.limits
        self._head = loop.call_later(limits.head_s, self._say, TOO_LATE)
        if limits.whole_s is not None:
            self._whole = loop.call_later(limits.whole_s, transport.abort)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._inner is None or self._transport is None or self._transport.is_closing():
            return
        if self._head:
            self._tail += data
            if END_OF_HEAD in self._tail:
                self._head.cancel()
                self._head, self._tail = None, b""
            else:
                self._tail = self._tail[1 - len(END_OF_HEAD) :]
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner else None

    def pause_writing(self) -> None:
        if self._inner:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._head, self._whole):
            if timer:
                timer.cancel()
        if self._inner:
            self._door.leave(self._address)
            self._inner.connection_lost(exc)
            self._inner = None

    def _say(self, answer: bytes) -> None:
        assert self._transport
        self._transport.write(answer)
        self._transport.close()
        # A peer that does not read keeps a closing connection open.
        asyncio.get_running_loop().call_later(FAREWELL_S, self._transport.abort)


async def open_door(runner: web.AppRunner, address: str, port: int, limits: ConnectionLimits) -> asyncio.Server:
    """Listen for `runner`, which has been set up; the caller closes what comes back before it cleans the runner up.

    Raises OSError when the port cannot be had.
    """
    assert runner.server
    loop = asyncio.get_running_loop()
    return await loop.create_server(Door(runner.server, limits), address, port)


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])
