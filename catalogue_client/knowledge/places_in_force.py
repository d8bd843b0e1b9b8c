"""The places of the directory with the hours, special days and details that staff have entered."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from catalogue_client.errors import Unavailable
from catalogue_client.knowledge.errors import BadStatement
from catalogue_client.knowledge.special_days import KIND as DAYS
from catalogue_client.knowledge.special_days import MINUTES, SpecialDays, span_of, special_days
from catalogue_client.knowledge.spoken_texts import in_every_language
from catalogue_client.knowledge.statements import Statement, Statements
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.values.opening_hours import Hours, Place, PlaceDetails

log = logging.getLogger(__name__)

KIND = "place"
TEXTS = ("address", "way", "equipment")
WEEK = 7


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """What a form of staff says of a place."""

    hours: tuple[str, ...] = ("",) * WEEK
    """Monday first: "10:00-19:00", "closed" or ""; when all are "", what is shipped counts."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """address, way and equipment -> language -> text."""
    phone: str = ""


class PlacesInForce:
    """Implements the protocol Places over a directory and the store.

    While the store is away, what was read from it last counts.
    """

    def __init__(self, directory: PlaceDirectory, statements: Statements, days: SpecialDays) -> None:
        self.statements = statements
        self.days = days
        self._directory = directory
        self._kept: tuple[Mapping[str, Statement], Mapping[str, Statement]] = ({}, {})

    async def places(self, at: datetime) -> tuple[Place, ...]:
        """Return the places that exist at `at`, branches first."""
        return await self._in_force(await self._directory.places(at), at)

    async def find_place(self, name: str, at: datetime, said: str = "") -> tuple[Place, ...]:
        """Return the places whose name or alias fits what was said, best first; empty when none does."""
        return await self._in_force(await self._directory.find_place(name, at, said), at)

    async def written(self, place_id: str) -> Statement | None:
        """Return what staff have entered for a place; None for nothing. Raises NotFound, LibraryError."""
        self._directory.place(place_id)
        return (await self.statements.current(KIND)).get(place_id)

    async def write(self, place_id: str, draft: PlaceDraft, by: str, *, after: int) -> int:
        """Put a place's hours and details in force; return the version's number.

        Raises NotFound, BadStatement, ChangedMeanwhile, LibraryError.
        """
        self._directory.place(place_id)
        value: dict[str, Any] = {}
        if any(span.strip() for span in draft.hours):
            spans = [span_of(f"hours_{day}", text or "closed") for day, text in enumerate(draft.hours)]
            value["hours"] = [list(span) if span else None for span in spans]
        for name in TEXTS:
            if kept := in_every_language(name, draft.texts.get(name, {})):
                value[name] = kept
        if phone := "".join(draft.phone.split()).replace("-", "").replace("(", "").replace(")", ""):
            if not (phone.removeprefix("+").isdecimal() and 5 <= len(phone) <= 16):
                raise BadStatement("phone", "bad_phone")
            value["phone"] = phone
        return await self.statements.write(f"{KIND}:{place_id}", value, by, after=after)

    async def _in_force(self, places: tuple[Place, ...], at: datetime) -> tuple[Place, ...]:
        try:
            self._kept = await self.statements.current(KIND), await self.statements.current(DAYS)
        except Unavailable as error:
            log.warning("hours are those that were read last: %s", error)
        facts, days = self._kept
        return tuple(
            replace(
                _with(place, facts[place.id].value if place.id in facts else {}),
                special_days=special_days(days, place.id, at.date()),
            )
            for place in places
        )


def _with(place: Place, value: Mapping[str, Any]) -> Place:
    details = PlaceDetails(**{name: value[name] for name in (*TEXTS, "phone") if name in value})
    if "hours" not in value:
        return replace(place, details=details)
    spans = enumerate(value["hours"])
    hours = tuple(Hours(day, span[0], span[1]) for day, span in spans if span)
    always = len(hours) == WEEK and all((span.opens, span.closes) == (0, MINUTES) for span in hours)
    return replace(place, hours=hours, round_the_clock=always, details=details)
