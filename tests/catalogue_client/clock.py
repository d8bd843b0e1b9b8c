"""A clock that the test turns."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

ALMATY = timezone(timedelta(hours=5))


class Clock:
    """Says what the test wants."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 10, 0, tzinfo=ALMATY)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: int) -> None:
        self.now += timedelta(**span)
