"""RTP packets (RFC 3550, section 5.1) and the keys that travel in them (RFC 4733, section 2.3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from voice.channels.errors import BadMessage

KEYS = "0123456789*#ABCD"
"""Event codes 0 to 15 of RFC 4733, section 3.2."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet."""

    payload_type: int
    sequence: int
    """0 to 65535, wraps."""
    timestamp: int
    """In samples at 8000 Hz, 32 bits, wraps."""
    source: int
    payload: bytes
    marker: bool = False

    def encode(self) -> bytes:
        second = self.payload_type | (0x80 if self.marker else 0)
        return struct.pack(">BBHII", 0x80, second, self.sequence, self.timestamp, self.source) + self.payload


def parse(data: bytes) -> Packet:
    """Read a packet; contributing sources, header extension and padding are left out. Raises BadMessage."""
    if len(data) < 12 or data[0] >> 6 != 2:
        raise BadMessage("no RTP packet")
    first, second, sequence, timestamp, source = struct.unpack_from(">BBHII", data)
    start = 12 + 4 * (first & 15)
    if first & 0x10:
        if len(data) < start + 4:
            raise BadMessage("an RTP header extension cut short")
        start += 4 + 4 * struct.unpack_from(">H", data, start + 2)[0]
    end = len(data)
    if first & 0x20:
        padding = data[-1]
        if not 0 < padding <= end - start:
            raise BadMessage("RTP padding longer than the packet")
        end -= padding
    if start > end:
        raise BadMessage("an RTP packet cut short")
    return Packet(second & 0x7F, sequence, timestamp, source, data[start:end], bool(second & 0x80))


@dataclass(frozen=True, slots=True)
class Event:
    """A telephone-event payload."""

    code: int
    duration: int
    """Samples since its timestamp."""
    end: bool

    @property
    def key(self) -> str:
        """The key; "" for an event that is none, such as a flash hook."""
        return KEYS[self.code] if self.code < len(KEYS) else ""


def event_of(payload: bytes) -> Event | None:
    """Read a telephone-event payload; None when it is cut short."""
    if len(payload) < 4:
        return None
    code, second, duration = struct.unpack_from(">BBH", payload)
    return Event(code, duration, bool(second & 0x80))


def key_payload(key: str, duration: int, *, end: bool) -> bytes:
    """A telephone-event payload: `duration` in samples so far, volume -10 dBm0."""
    return struct.pack(">BBH", KEYS.index(key), (0x80 if end else 0) | 10, duration)
