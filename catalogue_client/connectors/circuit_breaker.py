"""Leaves a system in peace that does not answer: it is not asked for a while, then by one caller."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from catalogue_client.errors import BadAnswer, Unavailable

FAILURES = 3
"""One after another, before the system is left in peace."""
FIRST_REST_S = 2.0
LONGEST_REST_S = 60.0

Answer = TypeVar("Answer")


class CircuitBreaker:
    """One for each system: what one reader found out, all others need not wait for."""

    def __init__(
        self, name: str, clock: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random
    ) -> None:
        """`name` is for the log. `clock` tells seconds, `chance` a number below 1 (for the jitter)."""
        self._name = name
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """The system is not asked now."""
        return self._failures >= FAILURES and self._clock() < self._rests_until

    async def ask(self, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """What `act` answers. Raises what it raises, and Unavailable without asking while the system rests."""
        if self.resting:
            raise Unavailable(f"{self._name} did not answer and is left in peace for now")
        if self._failures >= FAILURES:
            self._rest()  # this caller tries; the others need not wait for it
        try:
            answer = await act()
        except (Unavailable, BadAnswer):
            self._failures += 1
            if self._failures >= FAILURES:
                self._rest()
            raise
        self._failures = 0
        return answer

    def _rest(self) -> None:
        """The longer it is away the longer it rests, never all nodes for the same time."""
        longest = min(LONGEST_REST_S, FIRST_REST_S * 2 ** (self._failures - FAILURES))
        self._rests_until = self._clock() + longest * (0.5 + self._chance() / 2)
