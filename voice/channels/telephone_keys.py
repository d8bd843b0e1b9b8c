"""Keys as a line reports them: which signs are keys, and one press reported in two ways at once counted once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

TELEPHONE_KEYS = frozenset("0123456789*#")
SAME_S = 1.0
"""Seconds within which the same key by another way is the same press."""
MOST_KEYS = 32
"""Keys that are taken from one string: no ticket or telephone number is longer."""


def keys_in(text: str) -> Iterator[str]:
    """The keys of a string, one after another: exactly one sign is a key, and what is no key is left out."""
    return (sign for sign in text[:MOST_KEYS] if sign in TELEPHONE_KEYS)


class Way(Enum):
    """How a telephone tells its keys."""

    EVENT = auto()
    """RTP events (RFC 4733)."""
    INFO = auto()
    """SIP INFO (RFC 6086)."""
    TONE = auto()
    """Tones in the audio (ITU-T Q.24)."""


@dataclass(slots=True)
class _Press:
    key: str
    at: float
    ways: set[Way]


class KeyWays:
    """Which of the ways of one call counts. A telephone that agrees to events need not send them, so all ways count
    until the first event has come; from then on events alone."""

    def __init__(self) -> None:
        self.has_events = False
        """An event has come."""
        self._presses: deque[_Press] = deque()

    def counts(self, key: str, way: Way, now: float) -> bool:
        """Return whether this press is to be reported; to be asked once for each press that a way brings.
        `now` in monotonic seconds."""
        if way is Way.EVENT:
            self.has_events = True
        elif self.has_events:
            return False
        while self._presses and now - self._presses[0].at > SAME_S:
            self._presses.popleft()
        for press in self._presses:
            if press.key == key and way not in press.ways:
                press.ways.add(way)
                return False
        self._presses.append(_Press(key, now, {way}))
        return key in TELEPHONE_KEYS
