"""Places of the library and when they are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one weekday, local time in minutes after midnight; 0 to 1440 is round the clock."""

    weekday: int
    """0 is Monday."""
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day whose hours are not those of its weekday: a holiday, or one that staff have entered."""

    day: date
    names: Mapping[str, str] = field(default_factory=dict)
    """Language code -> what the day is called in the nominative; empty when it has no name."""
    hours: tuple[Hours, ...] | None = None
    """None when nobody has said whether it is open; empty when it is closed."""


@dataclass(frozen=True, slots=True)
class PlaceDetails:
    """What a visitor wants to know beside the hours. Texts by language code; what is not known is empty."""

    address: Mapping[str, str] = field(default_factory=dict)
    way: Mapping[str, str] = field(default_factory=dict)
    """How to get there, as one sentence."""
    phone: str = ""
    """In E.164 form."""
    equipment: Mapping[str, str] = field(default_factory=dict)
    """What it has beside books, as one sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """A branch, a book station or a partner place."""

    id: str
    kind: Literal["branch", "station", "partner"]
    names: Mapping[str, str]
    """Language code -> name in the nominative."""
    located: Mapping[str, str] = field(default_factory=dict)
    """Language code -> "in the … library", with the right case ending, to end a sentence with; may lack a language."""
    hours: tuple[Hours, ...] = ()
    """Empty when the hours are not known."""
    round_the_clock: bool = False
    equipped: bool = False
    """Has Braille displays and sound interfaces for blind readers."""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    district: str = ""
    special_days: tuple[SpecialDay, ...] = ()
    """From the day that was asked for up to a year later, in order."""
    details: PlaceDetails = PlaceDetails()

    def name(self, language: str) -> str:
        """Return the name in a language (kk, ru, en), else the Kazakh one, else any."""
        return self.names.get(language) or self.names.get("kk") or next(iter(self.names.values()))
