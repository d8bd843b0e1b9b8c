"""The audio of one call: a frame out every 20 ms by our own clock, frames and keys in."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from typing import cast

from voice.channels.call import FRAME_MS, Frame, FrameSource, Key
from voice.channels.sip import rtp
from voice.channels.sip.errors import BadMessage, LineError
from voice.channels.sip.g711 import LAWS
from voice.channels.sip.sdp import Media

RATE = 8000
"""Hz of G.711."""
FRAME_S = FRAME_MS / 1000
SAMPLES = RATE * FRAME_MS // 1000
SILENCE = bytes(2 * SAMPLES)
MOST_IN_PACKET = 2000
"""Bytes of payload that are taken from one packet: 250 ms; no telephone sends more."""
KEY_PACKETS = 5
"""Packets of 20 ms that one of our own keys lasts; the last is sent three times (RFC 4733, section 2.5.1.4)."""

log = logging.getLogger(__name__)


class MediaSession(asyncio.DatagramProtocol):
    """One RTP stream each way. Made by `open_media`; `close` it at the end."""

    def __init__(self, on_event: Callable[[Frame | Key], None]) -> None:
        self._on_event = on_event
        self._transport: asyncio.DatagramTransport | None = None
        self._peer: Media | None = None
        self._target: tuple[str, int] | None = None
        self._source: FrameSource = lambda: SILENCE
        self._reordering = rtp.Reordering()
        self._stream: int | None = None
        self._key_at: int | None = None
        self._keys_out: list[tuple[str, int]] = []
        self._pacing: asyncio.Task[None] | None = None
        self._sequence = secrets.randbelow(1 << 16)
        self._timestamp = secrets.randbelow(1 << 32)
        self._ssrc = secrets.randbelow(1 << 32)
        self.last_packet_at = time.monotonic()
        """Seconds of the monotonic clock at which the other side was last heard of."""
        self.latest_s = 0.0
        """How late the latest frame left, in seconds."""

    @property
    def port(self) -> int:
        assert self._transport
        return int(self._transport.get_extra_info("sockname")[1])

    @property
    def law(self) -> int:
        assert self._peer
        return self._peer.laws[0]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def speak_from(self, source: FrameSource) -> None:
        self._source = source

    def press(self, keys: str) -> None:
        """Send keys as RFC 4733 events, one after the other, in place of audio."""
        self._keys_out += [(key, packet) for key in keys for packet in range(1, KEY_PACKETS + 6)]

    @property
    def keys_left(self) -> int:
        """Packets of keys that have not left yet."""
        return len(self._keys_out)

    def start(self, peer: Media) -> None:
        """Send to `peer` from now on; called again when the call is re-negotiated (RFC 3264, section 8)."""
        self._peer, self._target = peer, (peer.host, peer.port)
        self.last_packet_at = time.monotonic()
        if self._pacing is None:
            self._pacing = asyncio.create_task(self._pace())

    def close(self) -> None:
        if self._pacing:
            self._pacing.cancel()
        if self._transport:
            self._transport.close()

    async def _pace(self) -> None:
        """Send a frame at every deadline; after a stall go on from now instead of sending a burst."""
        due = time.monotonic()
        first = True
        while True:
            self._send(first)
            first = False
            due += FRAME_S
            wait = due - time.monotonic()
            self.latest_s = max(self.latest_s, -wait)
            if wait < -5 * FRAME_S:
                due = time.monotonic()
            await asyncio.sleep(max(0.0, wait))

    def _send(self, first: bool) -> None:
        assert self._peer and self._target and self._transport
        pcm = self._source()
        if self._peer.receives:
            if self._keys_out and self._peer.keys is not None:
                self._send_key(self._peer.keys)
            else:
                self._send_packet(self.law, LAWS[self.law].encode(pcm), self._timestamp, first)
        self._timestamp = (self._timestamp + SAMPLES) % (1 << 32)

    def _send_key(self, payload_type: int) -> None:
        """One packet of the key: all packets of a key bear the time of its beginning (RFC 4733, section 2.5.1.2)."""
        key, number = self._keys_out.pop(0)
        began = (self._timestamp - (number - 1) * SAMPLES) % (1 << 32)
        lasted = min(number, KEY_PACKETS) * SAMPLES
        if number <= KEY_PACKETS + 2:
            payload = rtp.key_payload(key, lasted, end=number >= KEY_PACKETS)
            self._send_packet(payload_type, payload, began, number == 1)

    def _send_packet(self, payload_type: int, payload: bytes, timestamp: int, marker: bool) -> None:
        assert self._transport
        packet = rtp.Packet(payload_type, self._sequence, timestamp, self._ssrc, payload, marker)
        self._sequence = (self._sequence + 1) % (1 << 16)
        if not self._transport.is_closing():
            self._transport.sendto(packet.encode(), self._target)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        # Only the signalled host is listened to; its port may differ, behind a router (symmetric RTP, RFC 4961).
        if self._target is None or addr[0] != self._target[0]:
            return
        try:
            packet = rtp.parse(data)
        except BadMessage:
            return
        if self._stream is None:
            self._stream = packet.source
            self._target = addr
        elif packet.source != self._stream:
            # The peer began a new stream, after a hold or a transfer.
            self._stream, self._reordering = packet.source, rtp.Reordering()
        self.last_packet_at = time.monotonic()
        for due in self._reordering.put(packet):
            self._deliver(due)

    def _deliver(self, packet: rtp.Packet | None) -> None:
        if packet is None:
            self._on_event(Frame(SILENCE))
        elif self._peer and packet.payload_type == self._peer.keys:
            key = rtp.key_of(packet.payload)
            # Packets of one key, and its repeated end, bear one time: it is reported with the first that comes.
            if key and packet.timestamp != self._key_at:
                self._key_at = packet.timestamp
                if key in "0123456789*#":
                    self._on_event(Key(key))
        elif packet.payload_type in LAWS:
            self._on_event(Frame(LAWS[packet.payload_type].decode(packet.payload[:MOST_IN_PACKET])))

    def error_received(self, exc: Exception) -> None:
        """An ICMP error: the peer may be gone; the inactivity timeout decides."""


async def open_media(host: str, ports: tuple[int, int], on_event: Callable[[Frame | Key], None]) -> MediaSession:
    """Bind the first free even port (RFC 3550, section 11) of the range; (0, 0) takes any. Raises LineError."""
    loop = asyncio.get_running_loop()
    first, last = ports
    even = range(first + first % 2, last + 1, 2)
    start = secrets.randbelow(len(even)) if len(even) else 0
    for port in [*even[start:], *even[:start]]:
        try:
            _, session = await loop.create_datagram_endpoint(lambda: MediaSession(on_event), local_addr=(host, port))
        except OSError:
            continue
        return session
    raise LineError(f"No free port for speech from {first} to {last} on {host}. Widen telephone.rtp_ports.")
