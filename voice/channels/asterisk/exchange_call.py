"""One call that an Asterisk exchange hands on; what chan_websocket and AudioSocket have in common."""

from __future__ import annotations

import asyncio
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable

from voice.channels.call import Call, CallEvent, Frame, FrameSource, HangUp, Key, ShutdownNotice
from voice.channels.call_ending import put_hang_up
from voice.channels.capacity import Seat
from voice.channels.line_cleaning import LineCleaning
from voice.channels.telephone_keys import keys_in
from voice.values.audio import FRAME_MS, ChannelKind

FRAME_S = FRAME_MS / 1000
STALL_S = 0.1
"""Seconds of delay after which the clock goes on from now, instead of sending a burst."""
MOST_EVENTS = 500
"""Events that wait for the assistant: ten seconds of speech; what comes beyond that is dropped."""

OnCall = Callable[[Call], Awaitable[None]]


class ExchangeCall(ABC):
    """Implements `Call` but for the ways of sending. The exchange owns SIP, the network and codecs; the clock is ours.

    What is sent cannot be taken back, so no frame is sent ahead of its time; and neither protocol fills pauses, so
    silence is sent whenever there is nothing to say.
    """

    kind = ChannelKind.TELEPHONE
    private = True

    def __init__(self, rate: int, caller: str) -> None:
        self.id = secrets.token_hex(6)
        self.rate = rate
        self.caller = caller
        self._frame_bytes = rate * 2 * FRAME_MS // 1000
        self._silence = bytes(self._frame_bytes)
        self._source: FrameSource = lambda: self._silence
        self._events: asyncio.Queue[CallEvent] = asyncio.Queue()
        self._rest = b""
        self._cleaning = LineCleaning(rate, lambda pcm: self._put(Frame(pcm)))
        self._over = False

    async def events(self) -> AsyncIterator[CallEvent]:
        """See `Call`."""
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HangUp):
                return

    def speak_from(self, source: FrameSource) -> None:
        """See `Call`."""
        self._source = source

    async def hang_up(self) -> None:
        """See `Call`."""
        if not self._over:
            self.ended("Dauys hung up")
            await self._send_hang_up()

    async def hand_over(self, target: str) -> bool:
        """See `Call`. The dialplan goes on behind Dauys: it may call a person, but we cannot tell it whom."""
        return False

    def took_audio(self, pcm: bytes) -> None:
        """Audio has come, of any length."""
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % self._frame_bytes
        self._rest = pcm[whole:]
        for at in range(0, whole, self._frame_bytes):
            self._cleaning.came(pcm[at : at + self._frame_bytes])

    def took_keys(self, digits: str) -> None:
        """Keys have been reported: mostly one, several where the exchange sends a string."""
        for key in keys_in(digits):
            self._put(Key(key))

    def closing(self) -> None:
        """Dauys is about to end."""
        self._events.put_nowait(ShutdownNotice())

    def ended(self, reason: str) -> None:
        """The call is over."""
        if not self._over:
            self._over = True
            put_hang_up(self._events, reason)

    async def pace(self) -> None:
        """Send a frame at every deadline until the call is over."""
        due = time.monotonic()
        while not self._over:
            pcm = self._source()
            self._cleaning.played(pcm)
            await self._send_audio(pcm)
            due += FRAME_S
            wait = due - time.monotonic()
            if wait < -STALL_S:
                due = time.monotonic()
            await asyncio.sleep(max(0.0, wait))

    def _put(self, event: Frame | Key) -> None:
        if not self._over and self._events.qsize() < MOST_EVENTS:
            self._events.put_nowait(event)

    @abstractmethod
    async def receive(self) -> None:
        """Take in what comes; returns when the connection has gone."""

    @abstractmethod
    async def _send_audio(self, pcm: bytes) -> None:
        """Send one frame."""

    @abstractmethod
    async def _send_hang_up(self) -> None:
        """Ask the exchange to end the call."""


async def hold(call: ExchangeCall, on_call: OnCall, seat: Seat) -> None:
    """Run a call to its end."""
    seat.confirm()
    seat.on_closing = call.closing

    async def received() -> None:
        try:
            await call.receive()
        finally:
            call.ended("the reader hung up")

    receiving, pacing = asyncio.create_task(received()), asyncio.create_task(call.pace())
    try:
        await on_call(call)
    finally:
        await call.hang_up()
        for task in (receiving, pacing):
            task.cancel()
        await asyncio.gather(receiving, pacing, return_exceptions=True)
