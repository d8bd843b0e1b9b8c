"""One clock for all calls: whoever has joined is called every 20 ms.

A timer for each call would wake the process 50 times a second for each; 120 calls would spend a third of a core on that
alone. Here all calls of a slot leave together, and slots follow each other so that no slot is long.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from voice.values.audio import FRAME_MS

FRAME_S = FRAME_MS / 1000
SLOTS = 4
"""A new call joins the emptiest; empty ones cost nothing."""
STALL_S = 0.1
"""Seconds of delay after which the clock goes on from now, instead of sending a burst."""

log = logging.getLogger(__name__)

Tick = Callable[[], None]


class FrameClock:
    """Belongs to one event loop. It runs while somebody has joined."""

    def __init__(self) -> None:
        self._slots: tuple[dict[Tick, None], ...] = tuple({} for _ in range(SLOTS))
        self._timer: asyncio.Handle | None = None
        self._slot = 0
        self._due = 0.0
        """Seconds of the monotonic clock at which the present slot is due."""
        self.latest_s = 0.0
        """How late the latest slot was called, in seconds."""

    def join(self, tick: Tick) -> None:
        """Call `tick` every 20 ms from now on. It must neither block nor fail; one that raises is called no more."""
        min(self._slots, key=len)[tick] = None
        if self._timer is None:
            self._due = time.monotonic()
            self._timer = asyncio.get_running_loop().call_soon(self._turn)

    def leave(self, tick: Tick) -> None:
        """Call `tick` no more. Harmless when it has not joined."""
        for slot in self._slots:
            slot.pop(tick, None)
        if self._timer and not any(self._slots):
            self._timer.cancel()
            self._timer = None

    def _turn(self) -> None:
        self.latest_s = max(self.latest_s, time.monotonic() - self._due)
        for tick in list(self._slots[self._slot]):
            try:
                tick()
            except Exception:
                log.exception("a call's audio broke off")
                self._slots[self._slot].pop(tick, None)
        if not any(self._slots):
            self._timer = None
            return
        steps = next(step for step in range(1, SLOTS + 1) if self._slots[(self._slot + step) % SLOTS])
        self._slot = (self._slot + steps) % SLOTS
        self._due += steps * FRAME_S / SLOTS
        now = time.monotonic()
        if now - self._due > STALL_S:
            self._due = now
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(0.0, self._due - now), self._turn)
