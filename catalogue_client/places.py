"""The places of places.toml: which are in force at a moment, what they are called, which are near one another."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from catalogue_client.errors import NotFound
from catalogue_client.records import Hours, Place
from catalogue_client.search.folding import fold
from catalogue_client.search.stemming import stems

PLACES = Path(__file__).with_name("places.toml")
FITS = 78.0
"""Least likeness, of 100, at which a place is what was said."""
AS_GOOD = 6.0
"""Places within this of the best are offered too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of places.toml."""

    place: Place
    stop: int | None
    """Number of the metro station along the line."""
    weight: float
    """Share of the stock that stands there, compared with other places."""


class Directory:
    """Answers questions about places. Implements the protocol Places."""

    def __init__(self, entries: Iterable[Entry], kinds: Iterable[str] = ()) -> None:
        """`kinds`: words that many names share ("library", "station"); readers leave them out or say others."""
        # Later dates last, so that they win in _in_force.
        self._entries = sorted(entries, key=lambda entry: entry.place.valid_from or date.min)
        self._spoken = {id(entry): _spoken(entry.place) for entry in self._entries}
        self._kinds = frozenset(_key(kind) for kind in kinds)
        self._bare = {
            id(entry): tuple(bare for spoken in self._spoken[id(entry)] if (bare := self._without_kind(spoken)))
            for entry in self._entries
        }

    async def places(self, at: datetime) -> tuple[Place, ...]:
        """The places that exist at `at`, branches first, in the order of the file."""
        return tuple(entry.place for entry in self._in_force(at.date()))

    async def find_place(self, name: str, at: datetime) -> tuple[Place, ...]:
        """Places whose name or alias fits what was said, best first; empty when none does."""
        asked = _key(name)
        if not asked:
            return ()
        scored = [(self._likeness(asked, entry), entry.place) for entry in self._in_force(at.date())]
        best = max(score for score, _ in scored)
        if best < FITS:
            return ()
        fitting = [pair for pair in scored if pair[0] >= max(FITS, best - AS_GOOD)]
        return tuple(place for _, place in sorted(fitting, key=lambda pair: -pair[0]))

    def place(self, place_id: str) -> Place:
        """The latest form of a place, whatever the date. Raises NotFound."""
        for entry in reversed(self._entries):
            if entry.place.id == place_id:
                return entry.place
        raise NotFound(f"no place {place_id!r}")

    def name(self, place_id: str) -> str:
        """The place's own name; its id when the place is not in the file any more."""
        try:
            return self.place(place_id).name("kk")
        except NotFound:
            return place_id

    def by_code(self, code: str) -> str | None:
        """The id of the place that another system calls `code`: by id, by name, by alias; None when none is."""
        asked = _key(code)
        for entry in self._entries:
            if entry.place.id == code or (asked and asked in self._spoken[id(entry)]):
                return entry.place.id
        return None

    def stock_weights(self, at: date) -> dict[str, float]:
        """Place id -> share of the stock, for places that exist at `at`."""
        return {entry.place.id: entry.weight for entry in self._in_force(at)}

    def distance(self, near: str, place_id: str) -> float:
        """How far one place is from another as far as is known: the place itself, then metro stations by stops,
        then the same district, then all others alike. No addresses are known, so no metres are either."""
        if near == place_id:
            return 0.0
        here, there = self._latest(near), self._latest(place_id)
        if here and there and here.stop is not None and there.stop is not None:
            return float(abs(here.stop - there.stop))
        if here and there and here.place.district and here.place.district == there.place.district:
            return 2.0
        return 100.0

    def _latest(self, place_id: str) -> Entry | None:
        return next((entry for entry in reversed(self._entries) if entry.place.id == place_id), None)

    def _in_force(self, on: date) -> list[Entry]:
        latest: dict[str, Entry] = {}
        for entry in self._entries:
            if entry.place.valid_from is None or entry.place.valid_from <= on:
                latest[entry.place.id] = entry
        return list(latest.values())

    def _likeness(self, asked: str, entry: Entry) -> float:
        whole = max(fuzz.token_sort_ratio(asked, spoken) for spoken in self._spoken[id(entry)])
        bare = self._without_kind(asked)
        if not bare:
            return whole
        return max(whole, *(_bare_likeness(bare, spoken) for spoken in self._bare[id(entry)]), 0.0)

    def _without_kind(self, key: str) -> str:
        return " ".join(word for word in key.split() if word not in self._kinds)


def _bare_likeness(asked: str, spoken: str) -> float:
    """A part of a name fits too, less well than a whole one."""
    part = FITS if set(asked.split()) <= set(spoken.split()) else 0.0
    return max(part, fuzz.token_sort_ratio(asked, spoken))


def load_places(path: Path = PLACES) -> Directory:
    """Read places.toml. Raises OSError, tomllib.TOMLDecodeError or KeyError when it is not such a file."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Directory((_entry(table) for table in tables["place"]), tables.get("kinds", ()))


def _entry(table: dict[str, Any]) -> Entry:
    round_the_clock = table.get("round_the_clock", False)
    opens, closes = (0, 1440) if round_the_clock else map(_minutes, table.get("hours", ("00:00", "00:00")))
    place = Place(
        id=table["id"],
        kind=table["kind"],
        names=table["names"],
        located=table.get("located", {}),
        hours=tuple(Hours(day, opens, closes) for day in range(7)) if closes > opens else (),
        round_the_clock=round_the_clock,
        equipped=table.get("equipped", False),
        aliases=tuple(table.get("aliases", ())),
        valid_from=table.get("valid_from"),
        district=table.get("district", ""),
    )
    return Entry(place, table.get("stop"), table["weight"])


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _spoken(place: Place) -> tuple[str, ...]:
    return tuple(
        key for name in (*place.names.values(), *place.located.values(), *place.aliases) if (key := _key(name))
    )


def _key(name: str) -> str:
    return " ".join(stems(fold(name).split()))
