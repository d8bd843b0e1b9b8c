"""When librarians take calls, as staff write it."""

from __future__ import annotations

import pytest

from catalogue_client.values.opening_hours import Hours
from voice.configuration.working_hours import working_hours


def test_days_and_spans() -> None:
    assert working_hours("") == ()
    assert working_hours("Mon-tue 09:00-18:00, sat 10:30-24:00") == (
        Hours(0, 540, 1080),
        Hours(1, 540, 1080),
        Hours(5, 630, 1440),
    )


@pytest.mark.parametrize(
    "text", ["9-18", "mon 18:00-09:00", "fri-mon 09:00-18:00", "mon 09:00-25:00", "пн 09:00-18:00"]
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        working_hours(text)
