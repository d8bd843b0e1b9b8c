"""A calling party: phones a number, speaks, presses keys, listens. For the demonstration, tests and benchmarks."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from voice.channels.call import Frame, Key
from voice.channels.errors import LineError
from voice.channels.frame_clock import FRAME_S, FrameClock
from voice.channels.media.media_session import MediaSession, open_media
from voice.channels.media.rtp_receiver import SAMPLES, SILENCE
from voice.channels.media.sdp import Media, read, write
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.hybrid import Hybrid
from voice.channels.sip.message import SipMessage, address, respond
from voice.channels.sip.transaction import Transactions
from voice.channels.sip.transport import Peer, SipTransport, address_towards, open_transport

ANSWER_S = 10.0
"""Seconds in which the other side has to answer."""
FAREWELL_S = 2.0
"""Seconds in which the other side may answer our BYE."""
UNRETURNED = 10
"""Frames that wait at most at a hybrid."""
PORTS = (20000, 29999)
"""UDP ports for speech."""


class Caller:
    """One outgoing call. Made by `dial`."""

    def __init__(self, clock: FrameClock, hybrid: Hybrid | None = None) -> None:
        self._clock = clock
        self._hybrid = hybrid
        self._unreturned: deque[bytes] = deque(maxlen=UNRETURNED)
        self._wire: SipTransport | None = None
        self._transactions = Transactions(self._send)
        self._dialog: Dialog | None = None
        self._stands = False
        self._out: deque[bytes] = deque()
        self.media: MediaSession | None = None
        self.heard: list[tuple[float, bytes]] = []
        """Every frame that came, as PCM at 8000 Hz, with the monotonic second at which it came."""
        self.sent: list[tuple[float, bytes]] = []
        """Every frame that left, likewise."""
        self.last_speech_at = 0.0
        """Monotonic second at which the last frame of speech left."""
        self.transferred_to = ""
        """Where the other side wants us to call instead (REFER)."""
        self.hung_up = asyncio.Event()
        """Set when the other side has ended the call."""

    @property
    def port(self) -> int:
        """The SIP port from which we call."""
        assert self._wire
        return self._wire.port

    def take(self, message: SipMessage, peer: Peer) -> None:
        """A message has come in."""
        if message.status:
            if message.status == 200 and message.sequence[1] == "INVITE" and self._stands and self._dialog:
                # Our ACK was lost (RFC 3261, section 13.2.2.4).
                self._send(self._dialog.request("ACK", number=message.sequence[0]), peer)
            self._transactions.answered(message)
        elif message.method != "ACK" and self._transactions.is_new(message):
            self._transactions.answer(message, respond(message, 200), peer)
            if message.method == "BYE":
                self.hung_up.set()
            elif message.method == "REFER":
                self.transferred_to = address(message.header("refer-to"))

    def _send(self, message: SipMessage, peer: Peer) -> None:
        if self._wire:
            self._wire.send(message, peer)

    async def invite(self, wire: SipTransport, here: str, host: str, port: int, user: str) -> None:
        """Set the call up. Raises LineError when it is refused or not answered."""
        self._wire = wire
        self.media = await open_media(here, PORTS, self._hear, self._clock)
        self._dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=f"<sip:reader@{here}>;tag={secrets.token_hex(6)}",
            remote=f"<sip:{user}@{host}>",
            target=f"sip:{user}@{host}:{port}",
            route=(),
            peer=Peer(host, port),
            host=f"{here}:{wire.port}",
            user="reader",
        )
        answer = await self._offer(Media(here, self.media.port), 1)
        if answer is None:
            raise LineError(f"Nobody answers at {host} port {port}.")
        if answer.status >= 300:
            raise LineError(f"The call was refused: {answer.start}.")
        self.media.speak_from(self._next_frame)

    async def hold(self, held: bool) -> None:
        """Hold the call, or take it up again (RFC 3264, section 8.4)."""
        assert self.media and self._dialog
        here = self._dialog.host.rpartition(":")[0]
        await self._offer(Media(here, self.media.port, direction="sendonly" if held else "sendrecv"), 2)

    async def _offer(self, media: Media, version: int) -> SipMessage | None:
        assert self.media and self._dialog
        headers = (("content-type", "application/sdp"), ("supported", "timer"))
        invite = self._dialog.request("INVITE", *headers, body=write(media, 1, version))
        answer = await self._transactions.ask(invite, self._dialog.peer, ANSWER_S)
        if answer is not None and answer.status < 300:
            self._dialog.remote = answer.header("to")
            self._dialog.target = address(answer.header("contact"))
            self._stands = True
            self._send(self._dialog.request("ACK", number=invite.sequence[0]), self._dialog.peer)
            self.media.start(read(answer.body))
        return answer

    def _hear(self, event: Frame | Key) -> None:
        if isinstance(event, Frame):
            self.heard.append((time.monotonic(), event.pcm))
            self._unreturned.append(event.pcm)

    def _next_frame(self) -> bytes:
        frame = self._out.popleft() if self._out else SILENCE
        now = time.monotonic()
        if frame is not SILENCE:
            self.last_speech_at = now
        if self._hybrid:
            frame = self._hybrid.frame(self._unreturned.popleft() if self._unreturned else SILENCE, frame)
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
        """End the call. Harmless when it never stood or the other side has ended it."""
        if self.media:
            self.media.close()
        if self._dialog and self._stands and not self.hung_up.is_set():
            await self._transactions.ask(self._dialog.request("BYE"), self._dialog.peer, FAREWELL_S)
        self._transactions.close()


@asynccontextmanager
async def dial(
    host: str, port: int, user: str = "library", clock: FrameClock | None = None, hybrid: Hybrid | None = None
) -> AsyncIterator[Caller]:
    """Phone `user` at the IPv4 address `host`; hangs up at the end of the context. Who makes many calls gives them one
    `clock`; a `hybrid` returns what the caller hears. Raises LineError."""
    try:
        here = address_towards(host, port)
    except OSError as error:
        raise LineError(f"There is no way to {host}: {error.strerror or error}.") from error
    caller = Caller(clock or FrameClock(), hybrid)
    async with open_transport(here, 0, caller.take, tcp=False) as wire:
        try:
            await caller.invite(wire, here, host, port, user)
            yield caller
        finally:
            await caller.hang_up()
