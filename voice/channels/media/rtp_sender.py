"""What goes out by RTP: a packet for every 20 ms, audio or a key. No input or output of its own."""

from __future__ import annotations

import secrets
from collections import deque

from voice.channels.media.g711 import LAWS, Coding
from voice.channels.media.rtp import Packet, key_payload
from voice.channels.media.rtp_receiver import SAMPLES

KEY_PACKETS = 5
"""Packets of 20 ms that one of our own keys lasts; the last is sent three times (RFC 4733, section 2.5.1.4)."""
PAUSE_PACKETS = 3
"""Packets between two keys."""


class RtpSender:
    """One stream, from the first packet to the last."""

    def __init__(self) -> None:
        self.source = secrets.randbelow(1 << 32)
        """SSRC, by chance (RFC 3550, section 8)."""
        self.timestamp = secrets.randbelow(1 << 32)
        """Time of the next packet, in samples."""
        self.packets = 0
        self.octets = 0
        self._sequence = secrets.randbelow(1 << 16)
        self._keys: deque[tuple[str, int]] = deque()

    def press(self, keys: str) -> None:
        """Send keys, one after the other, in place of audio."""
        packets = KEY_PACKETS + 2 + PAUSE_PACKETS
        self._keys.extend((key, number) for key in keys for number in range(1, packets + 1))

    @property
    def keys_left(self) -> int:
        """Packets of keys that have not left yet."""
        return len(self._keys)

    def next_packet(self, pcm: bytes, coding: Coding, keys_type: int | None) -> bytes:
        """The packet for the next 20 ms; b"" for the pause between keys. To be called for every 20 ms of the call."""
        if self._keys and keys_type is not None:
            data = self._key_packet(*self._keys.popleft(), keys_type)
        else:
            data = self._packet(coding.number, LAWS[coding.law].encode(pcm), self.timestamp, self.packets == 0)
        self.skip()
        return data

    def skip(self) -> None:
        """Let 20 ms pass without a packet, while the call is held."""
        self.timestamp = (self.timestamp + SAMPLES) % (1 << 32)

    def _key_packet(self, key: str, number: int, keys_type: int) -> bytes:
        """All packets of a key bear the time of its beginning (RFC 4733, section 2.5.1.2)."""
        if number > KEY_PACKETS + 2:
            return b""
        began = (self.timestamp - (number - 1) * SAMPLES) % (1 << 32)
        payload = key_payload(key, min(number, KEY_PACKETS) * SAMPLES, end=number >= KEY_PACKETS)
        return self._packet(keys_type, payload, began, number == 1)

    def _packet(self, payload_type: int, payload: bytes, timestamp: int, marker: bool) -> bytes:
        packet = Packet(payload_type, self._sequence, timestamp, self.source, payload, marker)
        self._sequence = (self._sequence + 1) % (1 << 16)
        self.packets += 1
        self.octets += len(payload)
        return packet.encode()
