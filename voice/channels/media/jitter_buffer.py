"""The jitter buffer: packets back in order, a late one awaited for a moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from voice.channels.media.rtp import Packet

WAIT_S = 0.06
"""Seconds that a missing packet is waited for."""
DEPTH = 3
"""Packets of 20 ms that wait for a missing one before it is given up."""
FAR = 100
"""Packets between two sequence numbers that are no reordering any more but another stream."""


@dataclass
class JitterBuffer:
    """One incoming stream. Packets in order go straight through: listening needs no even pace, only order."""

    lost: int = 0
    """Packets that never came in time."""
    _next: int | None = None
    _early: dict[int, Packet] = field(default_factory=dict)
    _waiting_since: float = 0.0

    def put(self, packet: Packet, now: float) -> list[Packet | None]:
        """The packets that are due now, in order; None stands for one that was lost. `now` in monotonic seconds."""
        if self._next is None:
            self._next = packet.sequence
        ahead = (packet.sequence - self._next) % 65536
        if 65536 - ahead <= FAR:
            return []  # late or doubled
        if ahead > FAR:  # the sender began again
            self._next, self._early = packet.sequence, {}
        if not self._early:
            self._waiting_since = now
        self._early.setdefault(packet.sequence, packet)
        return self._due(now, DEPTH)

    def overdue(self, now: float) -> list[Packet | None]:
        """What has waited long enough, when nothing more comes to push it out."""
        return self._due(now, 0) if self._early and now - self._waiting_since >= WAIT_S else []

    def _due(self, now: float, depth: int) -> list[Packet | None]:
        assert self._next is not None
        due: list[Packet | None] = []
        while self._early:
            packet = self._early.pop(self._next, None)
            if packet is None:
                if len(self._early) <= depth:
                    break
                self.lost += 1
            due.append(packet)
            self._waiting_since = now
            self._next = (self._next + 1) % 65536
        return due
