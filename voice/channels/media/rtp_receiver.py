"""What comes in by RTP, put in order and decoded: frames of 20 ms and keys. No input or output of its own."""

from __future__ import annotations

from collections.abc import Mapping

from voice.channels.call import Frame, Key
from voice.channels.media import rtp
from voice.channels.media.g711 import LAWS, PCMA, PCMU
from voice.channels.media.inband_dtmf import InbandDtmf
from voice.channels.media.jitter_buffer import JitterBuffer
from voice.channels.sip.key_events import KeyEvents
from voice.channels.telephone_keys import KeyWays, Way
from voice.values.audio import FRAME_MS

RATE = 8000
"""Hz of G.711."""
SAMPLES = RATE * FRAME_MS // 1000
SILENCE = bytes(2 * SAMPLES)
LONGEST_PAUSE = 3000
"""Packets, a minute, after which a stream is not known again."""
MOST_IN_PACKET = 2000
"""Bytes of payload that are taken from one packet: 250 ms; no telephone sends more."""


class RtpReceiver:
    """The audio of one peer, through all the streams it may begin."""

    def __init__(self) -> None:
        self.keys_type: int | None = None
        """Payload type of telephone-event; None when it was not agreed."""
        self.laws: Mapping[int, int] = {PCMA: PCMA, PCMU: PCMU}
        """Payload type -> G.711 law."""
        self.source = 0
        """SSRC of the present stream; 0 before the first."""
        self.received = 0
        """Packets of the present stream."""
        self.highest = 0
        """Sequence number last received."""
        self.jitter = 0.0
        """In samples (RFC 3550, section 6.4.1)."""
        self._buffer = JitterBuffer()
        self._in_band = InbandDtmf()
        self._rest = b""
        self._key_events = KeyEvents()
        self._ways = KeyWays()
        self._transit = 0.0

    @property
    def lost(self) -> int:
        return self._buffer.lost

    def goes_on(self, packet: rtp.Packet) -> bool:
        """Whether this packet belongs to the present stream, a little later."""
        return packet.source == self.source and 0 < (packet.sequence - self.highest) % 65536 <= LONGEST_PAUSE

    def take(self, packet: rtp.Packet, now: float) -> list[Frame | Key]:
        """What is due with this packet. `now` in monotonic seconds."""
        if packet.source != self.source:
            # The first stream, or a new one after a hold or a transfer.
            self.source, self.received, self.jitter, self._buffer = packet.source, 0, 0.0, JitterBuffer()
        self._measure(packet, now)
        return self._decoded(self._buffer.put(packet, now), now)

    def overdue(self, now: float) -> list[Frame | Key]:
        """What has waited too long for a packet before it."""
        return self._decoded(self._buffer.overdue(now), now)

    def key(self, key: str, way: Way, now: float) -> list[Frame | Key]:
        """A key that came by another way than RTP, if it counts."""
        return [Key(key)] if self._ways.counts(key, way, now) else []

    def _measure(self, packet: rtp.Packet, now: float) -> None:
        transit = now * RATE - packet.timestamp
        if self.received and packet.payload_type in self.laws:
            change = abs(transit - self._transit)
            self.jitter += (min(change, RATE) - self.jitter) / 16
        self._transit = transit
        self.received += 1
        self.highest = packet.sequence

    def _decoded(self, due: list[rtp.Packet | None], now: float) -> list[Frame | Key]:
        events: list[Frame | Key] = []
        for packet in due:
            if packet is None:
                events += self._frames(SILENCE, now)
            elif packet.payload_type == self.keys_type:
                events += self._key(packet, now)
            elif (law := self.laws.get(packet.payload_type)) is not None:
                events += self._frames(LAWS[law].decode(packet.payload[:MOST_IN_PACKET]), now)
        return events

    def _frames(self, pcm: bytes, now: float) -> list[Frame | Key]:
        """Packets may be of any length (RFC 3551, section 4.2): cut them to 20 ms."""
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % len(SILENCE)
        self._rest = pcm[whole:]
        events: list[Frame | Key] = [Frame(pcm[at : at + len(SILENCE)]) for at in range(0, whole, len(SILENCE))]
        if not self._ways.has_events:
            for key in self._in_band.feed(pcm[:whole]):
                events += self.key(key, Way.TONE, now)
        return events

    def _key(self, packet: rtp.Packet, now: float) -> list[Frame | Key]:
        event = rtp.event_of(packet.payload)
        if not event or not self._key_events.begins(event, packet.timestamp, now) or not event.key:
            return []
        return self.key(event.key, Way.EVENT, now)
