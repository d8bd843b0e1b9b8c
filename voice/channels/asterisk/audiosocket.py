"""Asterisk's AudioSocket (Asterisk 18 and later): one TCP connection a call, three bytes before every piece."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from voice.channels.asterisk.exchange_call import ExchangeCall, OnCall, hold
from voice.channels.capacity import Capacity, capacity_of
from voice.channels.errors import PortTaken
from voice.values.allowlist import Network, is_allowed

HANG_UP, IDENTITY, KEY, ERROR = 0x00, 0x01, 0x03, 0xFF
AUDIO = {0x10: 8000, 0x12: 16000}
"""Kind of a piece of audio -> Hz. 0x12 needs Asterisk 22.7."""
START_S = 2.0
"""Seconds in which the first piece of audio has to come."""
MOST_UNSENT = 65_536
"""Bytes that the exchange may leave unread before the connection is closed."""

log = logging.getLogger(__name__)

Piece = tuple[int, bytes]


class AudioSocketCall(ExchangeCall):
    """One call."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: int) -> None:
        super().__init__(AUDIO[kind], "")
        self._reader = reader
        self._writer = writer
        self._kind = kind

    async def receive(self) -> None:
        """Take in what comes until the connection ends; mostly nothing but its end says that the caller hung up."""
        while piece := await read_piece(self._reader):
            kind, data = piece
            if kind == self._kind:
                self.took_audio(data)
            elif kind == KEY:
                self.took_keys(data.decode("ascii", errors="replace"))
            elif kind in (HANG_UP, ERROR):
                return

    async def _send_audio(self, pcm: bytes) -> None:
        if self._writer.is_closing():
            self.ended("the reader hung up")
            return
        self._writer.write(struct.pack(">BH", self._kind, len(pcm)) + pcm)
        if self._writer.transport.get_write_buffer_size() > MOST_UNSENT:
            self._writer.transport.abort()

    async def _send_hang_up(self) -> None:
        if not self._writer.is_closing():
            self._writer.write(struct.pack(">BH", HANG_UP, 0))


async def read_piece(reader: asyncio.StreamReader) -> Piece | None:
    """Kind and content of the next piece; None at the end of the connection. Lengths are big-endian, samples little."""
    try:
        kind, length = struct.unpack(">BH", await reader.readexactly(3))
        return kind, await reader.readexactly(length)
    except (asyncio.IncompleteReadError, OSError):
        return None


class AudioSocketServer:
    """Takes an exchange's connections."""

    def __init__(self, on_call: OnCall, capacity: Capacity, allow: Sequence[Network]) -> None:
        self._on_call = on_call
        self._capacity = capacity
        self._allow = tuple(allow)
        self.calls: set[asyncio.Task[None]] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its identity to its end."""
        task = asyncio.current_task()
        assert task
        peer = writer.get_extra_info("peername")
        welcome = peer and is_allowed(peer[0], self._allow)
        seat = self._capacity.seat(peer[0]) if welcome else None
        if not seat:
            writer.close()
            return
        self.calls.add(task)
        try:
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            first = await _first_audio(reader)
            if first:
                call = AudioSocketCall(reader, writer, first[0])
                call.took_audio(first[1])
                await hold(call, self._on_call, seat)
        except Exception:
            log.exception("a call broke off")
        finally:
            seat.leave()
            self.calls.discard(task)
            writer.close()

    async def close(self) -> None:
        """End every call."""
        for task in list(self.calls):
            task.cancel()
        await asyncio.gather(*self.calls, return_exceptions=True)
        await asyncio.sleep(0)  # a transport closes in the next round of the loop


async def _first_audio(reader: asyncio.StreamReader) -> Piece | None:
    """The first piece of audio: it tells the rate. None when the peer is no exchange."""
    try:
        async with asyncio.timeout(START_S):
            piece = await read_piece(reader)
            if not piece or piece[0] != IDENTITY or len(piece[1]) != 16:
                return None
            while piece and piece[0] not in AUDIO:
                piece = await read_piece(reader)
            return piece
    except TimeoutError:
        return min(AUDIO), b""  # a muted telephone sends nothing: narrow-band is what all exchanges have


@asynccontextmanager
async def serve_audiosocket(
    address: str, port: int, on_call: OnCall, *, max_calls: int | Capacity, allow: Sequence[Network]
) -> AsyncIterator[int]:
    """Answer an exchange's calls while the context lasts; yields the port. Raises PortTaken."""
    calls = AudioSocketServer(on_call, capacity_of(max_calls), allow)
    try:
        server = await asyncio.start_server(calls.take, address, port)
    except OSError as error:
        raise PortTaken(address, port, "asterisk.audiosocket_port", error) from error
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await calls.close()
