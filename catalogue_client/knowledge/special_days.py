"""Days whose hours are not those of their weekday: shipped holidays, and what staff have entered for a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from catalogue_client.knowledge.errors import BadStatement
from catalogue_client.knowledge.shipped import shipped
from catalogue_client.knowledge.spoken_texts import spoken
from catalogue_client.knowledge.statements import Statement, Statements
from catalogue_client.values.opening_hours import Hours, SpecialDay
from languages.codes import LANGUAGES

KIND = "day"
AHEAD = timedelta(days=366)
MOST_COMING = 3
MINUTES = 1440


@dataclass(frozen=True, slots=True)
class EnteredDay:
    """What staff have entered for a day."""

    special: SpecialDay
    place_id: str
    """"" for every place."""
    number: int
    """Of the version in force."""


class SpecialDays:
    """Reads and writes them in the store."""

    def __init__(self, statements: Statements, clock: Callable[[], datetime]) -> None:
        self.statements = statements
        self._clock = clock

    async def coming(self) -> tuple[SpecialDay, ...]:
        """Return the next days that concern every place, the nearest first. Raises LibraryError."""
        return special_days(await self.statements.current(KIND), "", self._clock().date())[:MOST_COMING]

    async def entered(self) -> tuple[EnteredDay, ...]:
        """Return what staff have entered for today and later, in order of days. Raises LibraryError."""
        found = [_entered(key, kept) for key, kept in (await self.statements.current(KIND)).items()]
        today = self._clock().date()
        return tuple(
            sorted(
                (entered for entered in found if entered.special.day >= today),
                key=lambda entered: (entered.special.day, entered.place_id),
            )
        )

    async def write(self, day: str, place_id: str, names: Mapping[str, str], hours: str, by: str, *, after: int) -> int:
        """Put a day's hours in force and return the version's number.

        `day` is ISO, "2026-12-16"; `hours` "10:00-16:00", "closed", or "" where they are not known. Raises
        BadStatement, ChangedMeanwhile, LibraryError.
        """
        subject = _subject(self._day(day).isoformat(), place_id)
        value: dict[str, Any] = {"hours": None}
        if hours.strip():
            value["hours"] = [list(span) for span in [span_of("hours", hours)] if span]
        given = {language: spoken(f"name_{language}", language, names.get(language, "")) for language in LANGUAGES}
        if any(given.values()):
            if missing := [language for language, name in given.items() if not name]:
                raise BadStatement(f"name_{missing[0]}", "missing_language")
            value["names"] = {language: name.rstrip(".") for language, name in given.items()}
        return await self.statements.write(subject, value, by, after=after)

    async def take_back(self, day: str, place_id: str, by: str, *, after: int) -> int:
        """What was entered for a day counts no longer. Raises ChangedMeanwhile, LibraryError."""
        return await self.statements.write(_subject(day, place_id), {}, by, after=after)

    async def newest(self, day: str, place_id: str) -> int:
        """Return the number of a day's newest version; 0 when nothing was ever entered. Raises LibraryError."""
        history = await self.statements.history(_subject(day, place_id))
        return history[0].number if history else 0

    def _day(self, text: str) -> date:
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            raise BadStatement("day", "bad_day") from None
        if day < self._clock().date():
            raise BadStatement("day", "past_day")
        if day > self._clock().date() + AHEAD:
            raise BadStatement("day", "far_day")
        return day


def special_days(kept: Mapping[str, Statement], place_id: str, first: date) -> tuple[SpecialDay, ...]:
    """Return the special days of a place, or with "" those of every place, from `first` on for a year, in order.

    What was entered for the place counts before what was entered for all, and that before what is shipped; a name is
    taken from the next that has one.
    """
    found: dict[date, SpecialDay] = {}
    for ahead in range(AHEAD.days):
        day = first + timedelta(days=ahead)
        keys = [f"{day.isoformat()}/{place_id}"] if place_id else []
        layers = [_entered(key, kept[key]).special for key in (*keys, day.isoformat()) if key in kept]
        if names := shipped().days.get(f"{day:%m-%d}"):
            layers.append(SpecialDay(day, names))
        if layers:
            named = next((layer.names for layer in layers if layer.names), {})
            found[day] = SpecialDay(day, named, layers[0].hours)
    return tuple(found.values())


def _subject(day: str, place_id: str) -> str:
    return f"{KIND}:{day}" + (f"/{place_id}" if place_id else "")


def _entered(key: str, kept: Statement) -> EnteredDay:
    text, _, place_id = key.partition("/")
    day, spans = date.fromisoformat(text), kept.value.get("hours")
    hours = None if spans is None else tuple(Hours(day.weekday(), opens, closes) for opens, closes in spans)
    return EnteredDay(SpecialDay(day, kept.value.get("names", {}), hours), place_id, kept.number)


CLOSED = "closed"


def span_of(field: str, text: str) -> tuple[int, int] | None:
    """Return the minutes after midnight that "10:00-19:00" means, None for "closed". Raises BadStatement."""
    said = text.replace("–", "-").replace("—", "-").replace(" ", "").lower()
    if said in (CLOSED, "-"):
        return None
    ends = said.split("-")
    if len(ends) != 2:
        raise BadStatement(field, "bad_hours")
    opens, closes = (_minutes(field, end) for end in ends)
    if not opens < closes:
        raise BadStatement(field, "bad_hours")
    return opens, closes


def _minutes(field: str, text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and len(hours) <= 2):
        raise BadStatement(field, "bad_hours")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > MINUTES:
        raise BadStatement(field, "bad_hours")
    return found
