"""Wrong passphrases are counted by name and by address, and too many of them shut the door for a while."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WITHIN_S = 15 * 60
KEPT = 10_000
"""Names and addresses remembered at once; the oldest are forgotten first, so that memory stays small."""


class LoginRateLimit:
    """Counts failures in a sliding window; `most` of them are allowed."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def are_spent(self, who: str) -> bool:
        """Whether `who` has failed too often lately."""
        return self.wait_s(who) > 0

    def wait_s(self, who: str) -> float:
        """Seconds until `who` may try again; 0 for now."""
        failures = self._failures.get(who)
        if failures is None or len(failures) < self._most:
            return 0.0
        return max(0.0, failures[0] + WITHIN_S - self._clock())

    def failed(self, who: str) -> None:
        """Count a wrong log-in of this name or address."""
        self._failures.setdefault(who, deque(maxlen=self._most)).append(self._clock())
        self._failures.move_to_end(who)
        while len(self._failures) > KEPT:
            self._failures.popitem(last=False)

    def succeeded(self, who: str) -> None:
        """Forget the wrong log-ins of this name or address."""
        self._failures.pop(who, None)
