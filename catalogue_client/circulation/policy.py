"""The library's rules: rules.toml as values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RULES = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True, slots=True)
class Category:
    """What readers of one category may do."""

    loans: int
    """Books at home at once."""
    holds: int
    loan_days: int
    renewals: int


@dataclass(frozen=True, slots=True)
class PinRules:
    """When wrong PINs lock a ticket or a line, and for how long."""

    tries: int
    lock_minutes: int
    longest_lock_minutes: int
    caller_forgets_minutes: int
    slow_s: float
    slowest_s: float
    shared_callers: tuple[str, ...]
    """What stands in place of a number that is withheld."""
    check_s: float


@dataclass(frozen=True, slots=True)
class RetentionDays:
    """Days that rows stay after nobody needs them; see rules.toml."""

    keys: int
    tries: int
    holds: int
    outbox: int
    trips: int
    courier_events: int
    tasks: int


@dataclass(frozen=True, slots=True)
class CirculationPolicy:
    """All rules of one library; numbers are days unless the name says otherwise."""

    pins: PinRules
    categories: Mapping[str, Category]
    kept_at_branch: int
    kept_at_station: int
    blocks_after: int
    new_days: int
    kept: RetentionDays
    rare_before: int
    """A year: older editions do not leave the reading room."""

    def category(self, name: str) -> Category:
        """Return the rules of a category; an unknown one is treated as an adult."""
        return self.categories.get(name, self.categories["adult"])


def load_circulation_policy(path: Path = RULES) -> CirculationPolicy:
    """Read the rules. Raises OSError, tomllib.TOMLDecodeError, KeyError or TypeError for a file that holds none."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return CirculationPolicy(
        pins=PinRules(**tables["pins"] | {"shared_callers": tuple(tables["pins"]["shared_callers"])}),
        categories={name: Category(**limits) for name, limits in tables["categories"].items()},
        kept_at_branch=tables["holds"]["kept_at_branch"],
        kept_at_station=tables["holds"]["kept_at_station"],
        blocks_after=tables["overdue"]["blocks_after"],
        new_days=tables["new"]["days"],
        kept=RetentionDays(**tables["kept"]),
        rare_before=tables["rare"]["before"],
    )
