"""Working hours as staff write them: "mon-fri 09:00-18:00, sat 10:00-16:00"."""

from __future__ import annotations

import re

from catalogue_client.values.opening_hours import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")


def working_hours(text: str) -> tuple[Hours, ...]:
    """A row for each day, in the order of the text; none for an empty text. Raises ValueError saying how to write."""
    return tuple(hours for span in text.lower().split(",") if span.strip() for hours in _days(span.strip()))


def _days(span: str) -> list[Hours]:
    found = _SPAN.fullmatch(span)
    if not found or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise ValueError('must be written like "mon-fri 09:00-18:00, sat 10:00-16:00"')
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    opens, closes = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if not (first <= last and opens < closes <= 1440 and int(found[4]) < 60 and int(found[6]) < 60):
        raise ValueError("must go from an earlier day and hour to a later one")
    return [Hours(day, opens, closes) for day in range(first, last + 1)]
