"""An Asterisk exchange as far as its two media protocols go: what it sends, in its order, and what it does not send."""

from __future__ import annotations

import asyncio
import json
import struct
import time
import uuid
from typing import Any

import aiohttp

SAMPLES = 160


class WebSocketExchange:
    """chan_websocket of Asterisk 22.10 with JSON control. It sends no audio while its caller is mute."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, rate: int) -> None:
        self._socket = socket
        self._rate = rate
        self.heard: list[tuple[float, bytes]] = []
        self.commands: list[dict[str, Any]] = []
        self.closed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def start(self, **variables: str) -> None:
        """Variables are given by their full names: one that the dialplan set as __X is called so here."""
        await self._socket.send_str(
            json.dumps(
                {
                    "event": "MEDIA_START",
                    "connection_id": "library",
                    "channel": "WebSocket/library/0x7f",
                    "channel_id": "1764000000.7",
                    "format": "slin" if self._rate == 8000 else f"slin{self._rate // 1000}",
                    "optimal_frame_size": self._rate * 2 // 50,
                    "ptime": 20,
                    "channel_variables": variables,
                }
            )
        )

    async def say(self, pcm: bytes) -> None:
        size = self._rate * 2 // 50
        for at in range(0, len(pcm), size):
            await self._socket.send_bytes(pcm[at : at + size])
            await asyncio.sleep(0.02)

    async def press(self, digit: str) -> None:
        await self._socket.send_str(json.dumps({"event": "DTMF_END", "channel_id": "1764000000.7", "digit": digit}))

    async def text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def hang_up(self) -> None:
        """The caller hangs up: the connection is closed, and that is all."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.heard.append((time.monotonic(), message.data))
            elif message.type is aiohttp.WSMsgType.TEXT:
                # MAX_TEXT_MESSAGE_LEN of Asterisk.
                assert len(message.data) <= 128
                self.commands.append(json.loads(message.data))
        self.closed.set()


class AudioSocketExchange:
    """AudioSocket of Asterisk 22.10. On a hang-up of the caller it sends nothing and closes the connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: int = 0x10) -> None:
        self._reader = reader
        self._writer = writer
        self._kind = kind
        self.heard: list[tuple[float, bytes]] = []
        self.ended = asyncio.Event()
        """A 0x00 has come."""
        self._reading = asyncio.create_task(self._read())
        self._send(0x01, uuid.uuid4().bytes)

    def _send(self, kind: int, data: bytes) -> None:
        self._writer.write(struct.pack(">BH", kind, len(data)) + data)

    async def say(self, pcm: bytes) -> None:
        size = 2 * SAMPLES * (2 if self._kind == 0x12 else 1)
        for at in range(0, len(pcm), size):
            self._send(self._kind, pcm[at : at + size])
            await asyncio.sleep(0.02)

    def press(self, digit: str) -> None:
        self._send(0x03, digit.encode())

    async def hang_up(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()
        await self._reading

    async def _read(self) -> None:
        try:
            while True:
                kind, length = struct.unpack(">BH", await self._reader.readexactly(3))
                data = await self._reader.readexactly(length)
                if kind == self._kind:
                    self.heard.append((time.monotonic(), data))
                elif kind == 0x00:
                    self.ended.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
