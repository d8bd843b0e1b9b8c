"""Hours, special days and details that staff enter, over the places that ship."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound, Unavailable
from catalogue_client.knowledge.errors import BadStatement
from catalogue_client.knowledge.places_in_force import PlaceDraft
from catalogue_client.values.opening_hours import Hours, Place, SpecialDay
from tests.catalogue_client.clock import Clock

NO = {"kk": "", "ru": "", "en": ""}
WEEK = ("10:00-19:00",) * 5 + ("10:00 – 17:00", "closed")
ADDRESS = {"kk": "Ойдан шығарылған көше, 1", "ru": "Выдуманная улица, 1", "en": "1 Invented Street"}


async def place(library: OpenedLibrary, clock: Clock, name: str = "кітапхана 14") -> Place:
    (found,) = await library.places.find_place(name, clock.now)
    return found


def on(one: Place, day: date) -> SpecialDay | None:
    return next((special for special in one.special_days if special.day == day), None)


async def test_hours_and_details_are_those_that_staff_entered_last(library: OpenedLibrary, clock: Clock) -> None:
    before = await place(library, clock)
    assert before.hours == () and before.details.phone == ""
    draft = PlaceDraft(WEEK, {"address": ADDRESS}, "+7 (700) 000-00-00")
    number = await library.staff.places.write(before.id, draft, "staff:dana", after=0)
    after = await place(library, clock)
    assert after.hours == (*(Hours(day, 600, 1140) for day in range(5)), Hours(5, 600, 1020))
    assert after.details.phone == "+77000000000"
    assert after.details.address["ru"] == "Выдуманная улица, 1."
    assert (after.names, after.equipped) == (before.names, before.equipped)
    everywhere = {one.id: one for one in await library.places.places(clock.now)}
    assert everywhere[before.id] == after
    await library.staff.places.write(before.id, PlaceDraft(), "staff:dana", after=number)
    assert await place(library, clock) == before


async def test_seven_whole_days_are_round_the_clock(library: OpenedLibrary, clock: Clock) -> None:
    one = await place(library, clock)
    number = await library.staff.places.write(one.id, PlaceDraft(("0:00-24:00",) * 7), "staff:dana", after=0)
    assert (await place(library, clock)).round_the_clock
    always = await place(library, clock, "Жамбыл кітапханасы")
    await library.staff.places.write(always.id, PlaceDraft(WEEK), "staff:dana", after=0)
    assert not (await place(library, clock, "Жамбыл кітапханасы")).round_the_clock
    assert number


async def test_a_holiday_is_known_by_name_and_its_hours_only_once_they_are_entered(
    library: OpenedLibrary, clock: Clock
) -> None:
    day, one = date(2026, 12, 16), await place(library, clock)
    assert on(one, day) == SpecialDay(day, one.special_days[0].names, None)
    assert one.special_days[0].names["en"] == "Independence Day"
    days = library.staff.places.days
    everywhere = await days.write("2026-12-16", "", NO, "closed", "staff:dana", after=0)
    assert on(await place(library, clock), day).hours == ()
    await days.write("2026-12-16", one.id, NO, "10:00-14:00", "staff:dana", after=0)
    special = on(await place(library, clock), day)
    assert special and special.hours == (Hours(2, 600, 840),) and special.names["en"] == "Independence Day"
    other = await place(library, clock, "Чехов")
    assert on(other, day).hours == ()
    await days.take_back("2026-12-16", "", "staff:dana", after=everywhere)
    assert on(await place(library, clock, "Чехов"), day).hours is None
    assert [(entered.special.day, entered.place_id) for entered in await days.entered()] == [(day, one.id)]


async def test_a_day_of_the_librarys_own_has_a_name(library: OpenedLibrary, clock: Clock) -> None:
    names = {"kk": "Тазалық күні", "ru": "Санитарный день", "en": "Cleaning day"}
    await library.staff.places.days.write("2026-11-30", "", names, "closed", "staff:dana", after=0)
    (first, *_) = await library.staff.places.days.coming()
    assert (first.day, first.names, first.hours) == (date(2026, 11, 30), names, ())


@pytest.mark.parametrize(
    ("day", "hours", "names", "field", "reason"),
    [
        ("2027-02-30", "closed", NO, "day", "bad_day"),
        ("soon", "closed", NO, "day", "bad_day"),
        ("2020-01-01", "closed", NO, "day", "past_day"),
        ("2099-01-01", "closed", NO, "day", "far_day"),
        ("2026-12-16", "25:00-26:00", NO, "hours", "bad_hours"),
        ("2026-12-16", "18:00-9:00", NO, "hours", "bad_hours"),
        ("2026-12-16", "утром", NO, "hours", "bad_hours"),
        ("2026-12-16", "10:0-18:00", NO, "hours", "bad_hours"),
        ("2026-12-16", "closed", {**NO, "ru": "Праздник"}, "name_kk", "missing_language"),
        ("2026-12-16", "closed", {"kk": "Күн", "ru": "<i>День</i>", "en": "Day"}, "name_ru", "markup"),
    ],
)
async def test_a_day_that_cannot_be_is_refused(
    library: OpenedLibrary, day: str, hours: str, names: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(BadStatement) as refused:
        await library.staff.places.days.write(day, "", names, hours, "staff:dana", after=0)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert not await library.staff.places.days.entered()


async def test_details_that_cannot_be_are_refused(library: OpenedLibrary, clock: Clock) -> None:
    one = await place(library, clock)
    for draft, field in (
        (PlaceDraft(("10:00-19:00",) * 6 + ("sometimes",)), "hours_6"),
        (PlaceDraft(phone="call us"), "phone"),
        (PlaceDraft(texts={"way": {**NO, "ru": "Прямо."}}), "way_kk"),
    ):
        with pytest.raises(BadStatement) as refused:
            await library.staff.places.write(one.id, draft, "staff:dana", after=0)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await library.staff.places.write("atlantis", PlaceDraft(), "staff:dana", after=0)


async def test_while_the_store_is_away_hours_are_those_that_were_read_last(
    library: OpenedLibrary, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await place(library, clock)
    await library.staff.places.write(one.id, PlaceDraft(WEEK), "staff:dana", after=0)
    known = await place(library, clock)

    async def away(kind: str) -> None:
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(library.staff.places, "statements", type("Away", (), {"current": staticmethod(away)})())
    assert await place(library, clock) == known
    clock.now += timedelta(days=30)
    assert on(await place(library, clock), date(2026, 12, 16)) is None
