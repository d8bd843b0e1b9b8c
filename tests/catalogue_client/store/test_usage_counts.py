"""Counts a day and missed phrases: added up, forgotten in time, with nobody in them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock


async def test_counts_add_up_by_day_and_the_audit_is_counted_with_them(
    library: OpenedLibrary, clock: Clock, home: Path
) -> None:
    record = (await library.catalogue.search(Query(words="Плаха"))).records[0]
    await library.circulation.place_hold("100001", record.id, "chekhov", key="k")
    today = clock().date()
    await library.staff.usage.add({"searches": 2}, {})
    await library.staff.usage.add({"searches": 3, "conversations": 1}, {})
    clock.pass_by(days=1)
    await library.staff.usage.add({"searches": 1}, {})
    found = await library.staff.usage.since(today)
    assert found["searches"] == {today: 5, today + timedelta(days=1): 1}
    assert found["conversations"] == {today: 1}
    assert found["holds"] == {today: 1}
    assert (await library.staff.usage.since(today + timedelta(days=1)))["holds"] == {}


async def test_missed_phrases_are_counted_and_forgotten(library: OpenedLibrary, clock: Clock) -> None:
    await library.staff.usage.add({}, {("ауа райы", "kk"): 1, ("погода", "ru"): 3})
    await library.staff.usage.add({}, {("ауа райы", "kk"): 1})
    assert [(one.words, one.count) for one in await library.staff.usage.missed()] == [("погода", 3), ("ауа райы", 2)]
    clock.pass_by(days=20)
    await library.staff.usage.add({}, {("погода", "ru"): 1})
    clock.pass_by(days=11)
    await library.staff.usage.add({}, {})
    assert [(one.words, one.count) for one in await library.staff.usage.missed()] == [("погода", 4)]
    assert await library.staff.usage.forget_phrases() == 1
    assert await library.staff.usage.missed() == ()
