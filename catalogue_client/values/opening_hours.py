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

    def name(self, language: str) -> str:
        """Return the name in a language (kk, ru, en), else the Kazakh one, else any."""
        return self.names.get(language) or self.names.get("kk") or next(iter(self.names.values()))
