"""Presses of keys in a stream of telephone-event packets (RFC 4733), also of telephones that read it in their own way.

By the rules all packets of a press bear the time of its beginning. Some telephones let the time grow with every packet,
give the end another time than the beginning, or give two keys one time; a long press comes in segments (2.5.1.3). So
the time is one sign among several: a press is new when its key is another, when the last one has ended, or when it
begins after the last one was over.
"""

from __future__ import annotations

from voice.channels.media.rtp import Event

PAUSE = 320
"""Samples, 40 ms, between two presses at least (ITU-T Q.24)."""
GAP_S = 0.03
"""Seconds without a packet that such a pause brings at least; packets of one press are 20 to 50 ms apart in their
times, though a network may bring several at once."""
NEXT_S = 0.07
"""Seconds in which the next packet of a press comes; the end that comes in them is its own, whatever its time."""
LONGEST_GAP_S = 0.5
"""Seconds without a packet after which the next one is a press of its own, whatever else it says: a key that is held is
reported every 50 ms (section 2.5.1.2)."""
SEGMENTS = (0xFFFF, 0x10000)
"""Samples from the beginning of one segment of a long press to the next."""
HALF = 1 << 31


class KeyEvents:
    """Follows one call. To be given every packet in order."""

    def __init__(self) -> None:
        self._last: Event | None = None
        self._began = 0
        """Time of the last packet, in samples."""
        self._at = 0.0
        self._ended = False

    def begins(self, event: Event, timestamp: int, now: float) -> bool:
        """Whether a press begins with this packet. `now` in monotonic seconds."""
        new = self._is_new(event, timestamp, now)
        self._ended = event.end or (self._ended and not new)
        self._last, self._began, self._at = event, timestamp, now
        return new

    def _is_new(self, event: Event, timestamp: int, now: float) -> bool:
        if self._last is None or event.code != self._last.code:
            return True
        since = (timestamp - self._began + HALF) % (2 * HALF) - HALF
        grows = event.duration >= self._last.duration
        if now - self._at > LONGEST_GAP_S and not (since == 0 and grows):
            return True
        if self._ended and not event.end:
            return True
        if since in SEGMENTS and not grows:
            return False
        if event.end and not self._ended and grows and now - self._at < NEXT_S:
            return False
        if not grows and not event.end:
            return True  # what has lasted 100 ms cannot last 20 ms, whatever the times say
        return since - self._last.duration >= PAUSE and now - self._at >= GAP_S
