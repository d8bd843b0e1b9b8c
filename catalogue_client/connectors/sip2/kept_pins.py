"""PINs of readers on the line, for servers that want one with each change. In memory only, and for minutes."""

from __future__ import annotations

import time
from collections.abc import Callable

KEPT_S = 900.0
"""A conversation is over by then; a later one begins with the PIN again."""


class KeptPins:
    """Keeps nothing where the settings do not say that the server needs it."""

    def __init__(self, wanted: bool, now: Callable[[], float] = time.monotonic) -> None:
        self._wanted = wanted
        self._now = now
        self._kept: dict[str, tuple[float, str]] = {}

    def keep(self, ticket: str, pin: str) -> None:
        """Keep a PIN that the server has confirmed."""
        self._forget_old()
        if self._wanted:
            self._kept[ticket] = (self._now(), pin)

    def of(self, ticket: str) -> str:
        """Return the PIN; "" where none is kept (any more)."""
        self._forget_old()
        return self._kept.get(ticket, (0.0, ""))[1]

    def _forget_old(self) -> None:
        oldest = self._now() - KEPT_S
        self._kept = {ticket: kept for ticket, kept in self._kept.items() if kept[0] > oldest}
