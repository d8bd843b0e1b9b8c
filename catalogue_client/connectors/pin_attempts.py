"""Counts wrong PINs for library systems that do not: five by a ticket or a line close it for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from catalogue_client.errors import Locked

MOST_WRONG = 5
CLOSED_FOR = timedelta(minutes=15)


class PinAttempts:
    """In memory: a restart forgets it, which costs an attacker more than it gives him."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: dict[tuple[str, str], list[datetime]] = {}

    def check(self, ticket: str, caller: str) -> None:
        """Raises Locked."""
        since = self._clock() - CLOSED_FOR
        self._wrong = {who: kept for who, tries in self._wrong.items() if (kept := [at for at in tries if at > since])}
        for who in _keys(ticket, caller):
            if len(tries := self._wrong.get(who, [])) >= MOST_WRONG:
                raise Locked(tries[-1] + CLOSED_FOR)

    def wrong(self, ticket: str, caller: str) -> None:
        """Note a wrong try."""
        for who in _keys(ticket, caller):
            self._wrong.setdefault(who, []).append(self._clock())

    def right(self, ticket: str, caller: str) -> None:
        """Forget the wrong tries of a ticket, not those of the line: it may have been guessing at others."""
        self._wrong.pop(("ticket", ticket), None)


def _keys(ticket: str, caller: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("ticket", ticket), ("line", caller)
