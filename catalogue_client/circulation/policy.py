"""The library's rules: policy.toml, or the library's own circulation.toml, as values."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue_client.errors import StorageError
from catalogue_client.store.rules_in_force import RulesInForce

RULES = Path(__file__).with_name("policy.toml")
OWN_FILE = "circulation.toml"


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


def lending_rules_in_force(home: Path, load: Callable[[Path], CirculationPolicy]) -> RulesInForce[CirculationPolicy]:
    """Return the rules of the library's own file in `home` where there is one, else the shipped ones, read again when
    it changes. What is kept for how long, and how PINs are locked, is settled at the start. Raises StorageError."""
    own = home / OWN_FILE

    def read() -> CirculationPolicy:
        path = own if own.exists() else RULES
        try:
            rules = load(path)
            _check(rules)
        except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            raise StorageError(f"the lending rules {path} need mending: {error!r}") from error
        return rules

    return RulesInForce(own, read)


def _check(rules: CirculationPolicy) -> None:
    """Raises KeyError without the category of adults, ValueError for a number that is none or below its least."""
    rules.categories["adult"]
    for name, category in rules.categories.items():
        least = {"loans": 1, "holds": 0, "loan_days": 1, "renewals": 0}
        for key, lowest in least.items():
            number = getattr(category, key)
            if not isinstance(number, int) or number < lowest:
                raise ValueError(f"categories.{name}.{key} has to be a number from {lowest} on")
    for key in ("kept_at_branch", "kept_at_station", "blocks_after"):
        number = getattr(rules, key)
        if not isinstance(number, int) or number < 0:
            raise ValueError(f"{key} has to be a number of days")
