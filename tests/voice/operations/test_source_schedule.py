"""When a source of the catalogue is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalogue_client.catalogue.sync.feed import Feed
from catalogue_client.catalogue.sync.source_runs import SourceRun
from voice.operations.source_schedule import is_due

FEED = Feed("main", "/srv", at="03:30")
HOUR = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)


def run(begun: datetime) -> SourceRun:
    return SourceRun("main", begun, None, {})


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, HOUR - timedelta(minutes=1), False),
        (None, HOUR, True),
        (HOUR - timedelta(hours=24), HOUR, True),
        (HOUR, HOUR + timedelta(hours=20), False),
        (HOUR - timedelta(days=9), HOUR + timedelta(hours=12), True),
    ],
)
def test_a_source_runs_once_a_day_at_its_hour_or_when_the_machine_is_on_again(
    last: datetime | None, now: datetime, due: bool
) -> None:
    assert is_due(FEED, run(last) if last else None, now) is due
    assert not is_due(Feed("main", "/srv"), None, now)
