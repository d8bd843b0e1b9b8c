"""The library's time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

LIBRARY_TIME = timezone(timedelta(hours=5), "Almaty")
"""UTC+5 all the year: the whole country since 1 March 2024."""

Clock = Callable[[], datetime]


def library_clock() -> datetime:
    """Now, with the library's offset."""
    return datetime.now(LIBRARY_TIME)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still, for tests and `--seed-time`."""
    return lambda: moment
