"""The windows in which a courier comes: from the weekly rounds, without blackout days and full windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from catalogue_client.delivery.delivery_policy import WEEKDAYS, DeliveryPolicy
from catalogue_client.values.shipments import Slot


def windows(rules: DeliveryPolicy, now: datetime, district: str) -> Iterator[tuple[Slot, int]]:
    """Yield every window with its capacity, the earliest first, from the notice time to the last day ahead.

    `now` is aware; windows are in its zone. A district that is not known has the rounds of every district only.
    """
    earliest = now + timedelta(minutes=rules.limits.notice_minutes)
    for ahead in range(rules.limits.days_ahead + 1):
        day = now.date() + timedelta(days=ahead)
        if any(blackout.first <= day <= blackout.last for blackout in rules.blackouts):
            continue
        rounds = [
            weekly
            for weekly in rules.rounds
            if WEEKDAYS[day.weekday()] in weekly.weekdays and (not weekly.districts or district in weekly.districts)
        ]
        for weekly in sorted(rounds, key=lambda weekly: weekly.starts):
            starts = datetime.combine(day, time.fromisoformat(weekly.starts), now.tzinfo)
            ends = datetime.combine(day, time.fromisoformat(weekly.ends), now.tzinfo)
            if starts >= earliest:
                yield Slot(slot_id(starts, ends), starts, ends), weekly.capacity


def slot_id(starts: datetime, ends: datetime) -> str:
    """Return the name of a window: the same for the same window each time."""
    return f"{starts:%Y%m%d%H%M}-{ends:%H%M}"


def free(rules: DeliveryPolicy, now: datetime, district: str, taken: Mapping[datetime, int]) -> Iterator[Slot]:
    """Yield the windows with room; `taken` counts the open deliveries by the beginning of their window."""
    for slot, capacity in windows(rules, now, district):
        if taken.get(slot.starts, 0) < capacity:
            yield slot
