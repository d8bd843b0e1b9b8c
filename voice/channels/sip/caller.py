"""A calling party: phones a number, speaks, presses keys, listens. For the demonstration, tests and benchmarks."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from voice.channels.call import Frame, Key
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.errors import BadMessage, LineError
from voice.channels.sip.g711 import PCMA, PCMU
from voice.channels.sip.media import FRAME_S, SAMPLES, SILENCE, MediaSession, open_media
from voice.channels.sip.message import Message, address, parse, respond
from voice.channels.sip.sdp import OUR_KEYS, Media, read, write

ANSWER_S = 10.0
"""Seconds in which the other side has to answer."""


class Caller(asyncio.DatagramProtocol):
    """One outgoing call. Made by `dial`."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._responses: asyncio.Queue[Message] = asyncio.Queue()
        self._dialog: Dialog | None = None
        self._out: deque[bytes] = deque()
        self.media: MediaSession | None = None
        self.heard: list[tuple[float, bytes]] = []
        """Every frame that came, as PCM at 8000 Hz, with the monotonic second at which it came."""
        self.sent: list[tuple[float, bytes]] = []
        """Every frame that left, likewise."""
        self.last_speech_at = 0.0
        """Monotonic second at which the last frame of speech left."""
        self.hung_up = asyncio.Event()
        """Set when the other side has ended the call."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            message = parse(data)
        except BadMessage:
            return
        if message.status:
            if message.sequence[1] == "INVITE":
                self._responses.put_nowait(message)
            elif self._dialog:
                self._dialog.answered(message)
        else:
            if message.method == "BYE":
                self.hung_up.set()
            if message.method != "ACK":
                self._send(respond(message, 200), (addr[0], addr[1]))

    def _send(self, message: Message, peer: tuple[str, int]) -> None:
        assert self._transport
        self._transport.sendto(message.encode(), peer)

    async def invite(self, host: str, port: int, user: str) -> None:
        """Set the call up. Raises LineError when it is refused or not answered."""
        assert self._transport
        here = self._transport.get_extra_info("sockname")
        self.media = await open_media(here[0], (20000, 29998), self._hear)
        tag, call_id = secrets.token_hex(6), secrets.token_hex(12)
        self._dialog = Dialog(
            call_id=call_id,
            local=f"<sip:reader@{here[0]}>;tag={tag}",
            remote=f"<sip:{user}@{host}>",
            target=f"sip:{user}@{host}:{port}",
            route=(),
            contact=f"<sip:reader@{here[0]}:{here[1]}>",
            peer=(host, port),
            host=f"{here[0]}:{here[1]}",
        )
        offer = write(Media(here[0], self.media.port, (PCMA, PCMU), OUR_KEYS), 1)
        self._send(self._dialog.request("INVITE", ("content-type", "application/sdp"), body=offer), (host, port))
        try:
            async with asyncio.timeout(ANSWER_S):
                while (answer := await self._responses.get()).status < 200:
                    pass
        except TimeoutError:
            raise LineError(f"Nobody answers at {host} port {port}.") from None
        self._dialog.remote = answer.header("to")
        if answer.status >= 300:
            raise LineError(f"The call was refused: {answer.start}.")
        self._dialog.target = address(answer.header("contact"))
        self._send(self._dialog.request("ACK", number=1), self._dialog.peer)
        self.media.speak_from(self._next_frame)
        self.media.start(read(answer.body))

    def _hear(self, event: Frame | Key) -> None:
        if isinstance(event, Frame):
            self.heard.append((time.monotonic(), event.pcm))

    def _next_frame(self) -> bytes:
        frame = self._out.popleft() if self._out else SILENCE
        now = time.monotonic()
        if frame is not SILENCE:
            self.last_speech_at = now
        self.sent.append((now, frame))
        return frame

    async def say(self, pcm: bytes) -> None:
        """Send speech (PCM at 8000 Hz) at its own pace; returns when its last frame has left."""
        size = 2 * SAMPLES
        self._out.extend(pcm[start : start + size].ljust(size, b"\0") for start in range(0, len(pcm), size))
        while left := len(self._out):
            await asyncio.sleep(FRAME_S * left)

    async def press(self, keys: str) -> None:
        """Press keys, 200 ms each; returns when the last is released."""
        assert self.media
        self.media.press(keys)
        while left := self.media.keys_left:
            await asyncio.sleep(FRAME_S * left)

    async def hang_up(self) -> None:
        """End the call. Harmless when it never stood."""
        if self._dialog and self._dialog.remote.find("tag=") >= 0 and not self.hung_up.is_set():
            await self._dialog.ask(self._dialog.request("BYE"), self._send)
        if self.media:
            self.media.close()


@asynccontextmanager
async def dial(host: str, port: int, user: str = "library") -> AsyncIterator[Caller]:
    """Phone `user` at `host`; hangs up at the end of the context. Raises LineError."""
    loop = asyncio.get_running_loop()
    local = "127.0.0.1" if host.startswith("127.") else "0.0.0.0"
    transport, caller = await loop.create_datagram_endpoint(Caller, local_addr=(local, 0))
    try:
        await caller.invite(host, port, user)
        yield caller
    finally:
        await caller.hang_up()
        transport.close()
        await asyncio.sleep(0)  # a transport closes in the next round of the loop
