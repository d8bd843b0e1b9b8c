"""What comes in by RTP, put in order and decoded: frames of 20 ms and keys. No input or output of its own."""

from __future__ import annotations

from voice.channels.call import FRAME_MS, Frame, Key
from voice.channels.sip import rtp
from voice.channels.sip.dtmf import InBandKeys
from voice.channels.sip.g711 import LAWS
from voice.channels.sip.jitter import JitterBuffer

RATE = 8000
"""Hz of G.711."""
SAMPLES = RATE * FRAME_MS // 1000
SILENCE = bytes(2 * SAMPLES)
MOST_IN_PACKET = 2000
"""Bytes of payload that are taken from one packet: 250 ms; no telephone sends more."""
TELEPHONE_KEYS = "0123456789*#"


class Incoming:
    """The audio of one peer, through all the streams it may begin."""

    def __init__(self) -> None:
        self.keys_type: int | None = None
        """Payload type of telephone-event; None when the peer sends keys in the audio, if at all."""
        self.source = 0
        """SSRC of the present stream; 0 before the first."""
        self.received = 0
        """Packets of the present stream."""
        self.highest = 0
        """Sequence number last received."""
        self.jitter = 0.0
        """In samples (RFC 3550, section 6.4.1)."""
        self._buffer = JitterBuffer()
        self._in_band = InBandKeys()
        self._rest = b""
        self._key_at: int | None = None
        self._transit = 0.0

    @property
    def lost(self) -> int:
        return self._buffer.lost

    def take(self, packet: rtp.Packet, now: float) -> list[Frame | Key]:
        """What is due with this packet. `now` in monotonic seconds."""
        if packet.source != self.source:
            # The first stream, or a new one after a hold or a transfer.
            self.source, self.received, self.jitter, self._buffer = packet.source, 0, 0.0, JitterBuffer()
        self._measure(packet, now)
        return self._decoded(self._buffer.put(packet, now))

    def overdue(self, now: float) -> list[Frame | Key]:
        """What has waited too long for a packet before it."""
        return self._decoded(self._buffer.overdue(now))

    def _measure(self, packet: rtp.Packet, now: float) -> None:
        transit = now * RATE - packet.timestamp
        if self.received and packet.payload_type in LAWS:
            change = abs(transit - self._transit)
            self.jitter += (min(change, RATE) - self.jitter) / 16
        self._transit = transit
        self.received += 1
        self.highest = packet.sequence

    def _decoded(self, due: list[rtp.Packet | None]) -> list[Frame | Key]:
        events: list[Frame | Key] = []
        for packet in due:
            if packet is None:
                events += self._frames(SILENCE)
            elif packet.payload_type == self.keys_type:
                events += self._key(packet)
            elif packet.payload_type in LAWS:
                events += self._frames(LAWS[packet.payload_type].decode(packet.payload[:MOST_IN_PACKET]))
        return events

    def _frames(self, pcm: bytes) -> list[Frame | Key]:
        """Packets may be of any length (RFC 3551, section 4.2): cut them to 20 ms."""
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % len(SILENCE)
        self._rest = pcm[whole:]
        events: list[Frame | Key] = [Frame(pcm[at : at + len(SILENCE)]) for at in range(0, whole, len(SILENCE))]
        if self.keys_type is None:
            keys = self._in_band.feed(pcm[:whole])
            events += [Key(key) for key in keys if key in TELEPHONE_KEYS]
        return events

    def _key(self, packet: rtp.Packet) -> list[Frame | Key]:
        """Packets of one key, and its repeated end, bear one time: it is reported with the first that comes
        (RFC 4733, section 2.5.1.2)."""
        key = rtp.key_of(packet.payload)
        if not key or packet.timestamp == self._key_at:
            return []
        self._key_at = packet.timestamp
        return [Key(key)] if key in TELEPHONE_KEYS else []
