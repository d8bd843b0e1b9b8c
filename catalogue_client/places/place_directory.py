"""The places of places.toml: which are in force at a moment, what they are called, which are near one another."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from catalogue_client.errors import NotFound, StorageError
from catalogue_client.values.opening_hours import Hours, Place
from languages.folding import fold
from languages.stemming import stems

OTHER = "other"
"""Words of names that mean no kind of place."""
METRO = "metro"
"""A kind of station."""
PLACES = Path(__file__).with_name("places.toml")
FITS = 78.0
"""Least likeness, of 100, at which a place is what was said."""
AS_GOOD = 6.0
"""Places within this of the best are offered too."""
PART = 95.0
"""Likeness of a name that holds every word that was said and others: Alatau is the station, and may be the hub."""
WORD_FITS = 80.0
"""Least likeness of two words of names, where both have LONG letters; shorter ones must be equal: хаб is not Абай."""
LONG = 4


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One table of places.toml."""

    place: Place
    stop: int | None
    """Number of the metro station along the line."""
    weight: float
    """Share of the stock that stands there, compared with other places."""


class PlaceDirectory:
    """Finds places and what is known of them. Implements the protocol Places."""

    def __init__(self, entries: Iterable[PlaceEntry], kinds: Mapping[str, Iterable[str]] | None = None) -> None:
        """`kinds`: words that many names share ("library", "station"), by the kind of place that they mean; readers
        leave them out or say others."""
        # Later dates last, so that they win in _in_force.
        self._entries = sorted(entries, key=lambda entry: entry.place.valid_from or date.min)
        self._spoken = {id(entry): _spoken(entry.place) for entry in self._entries}
        self._kinds = {_key(word): kind for kind, words in (kinds or {}).items() for word in words}
        self._bare = {
            id(entry): tuple(bare for spoken in self._spoken[id(entry)] if (bare := self._without_kind(spoken)))
            for entry in self._entries
        }

    async def places(self, at: datetime) -> tuple[Place, ...]:
        """Return the places that exist at `at`, branches first, in the order of the file."""
        return tuple(entry.place for entry in self._in_force(at.date()))

    async def find_place(self, name: str, at: datetime, said: str = "") -> tuple[Place, ...]:
        """Return the places whose name or alias fits what was said, best first; empty when none does.

        Several when it is not clear which is meant. Of `said`, all that the reader said, only the kind of place counts.
        """
        asked = _key(name)
        if not asked:
            return ()
        here = self._in_force(at.date())
        kind = self._kind(f"{asked} {_key(said)}")
        if not self._without_kind(asked):
            return tuple(entry.place for entry in here if _is(entry, kind))
        scored = [(self._likeness(asked, entry), entry) for entry in here]
        best = max(score for score, _ in scored)
        fitting = [pair for pair in scored if pair[0] >= max(FITS, best - AS_GOOD)]
        fitting = [pair for pair in fitting if _is(pair[1], kind)] or fitting
        return tuple(entry.place for _, entry in sorted(fitting, key=lambda pair: -pair[0]))

    def place(self, place_id: str) -> Place:
        """Return the latest form of a place, whatever the date. Raises NotFound."""
        for entry in reversed(self._entries):
            if entry.place.id == place_id:
                return entry.place
        raise NotFound(f"no place {place_id!r}")

    def name(self, place_id: str) -> str:
        """Return the place's own name; its id when the place is not in the file any more."""
        try:
            return self.place(place_id).name("kk")
        except NotFound:
            return place_id

    def by_code(self, code: str) -> str | None:
        """Return the id of the place that another system calls `code`: by id, by name, by alias; None when none is."""
        asked = _key(code)
        for entry in self._entries:
            if entry.place.id == code or (asked and asked in self._spoken[id(entry)]):
                return entry.place.id
        return None

    def stock_weights(self, at: date) -> dict[str, float]:
        """Return the share of the stock by place id, for places that exist at `at`."""
        return {entry.place.id: entry.weight for entry in self._in_force(at)}

    def distance(self, near: str, place_id: str) -> float:
        """Return how far one place is from another as far as is known: the place itself, then metro stations by stops,
        then the same district, then all others alike.

        No addresses are known, so no metres are either.
        """
        if near == place_id:
            return 0.0
        here, there = self._latest(near), self._latest(place_id)
        if here and there and here.stop is not None and there.stop is not None:
            return float(abs(here.stop - there.stop))
        if here and there and here.place.district and here.place.district == there.place.district:
            return 2.0
        return 100.0

    def _latest(self, place_id: str) -> PlaceEntry | None:
        return next((entry for entry in reversed(self._entries) if entry.place.id == place_id), None)

    def _in_force(self, on: date) -> list[PlaceEntry]:
        latest: dict[str, PlaceEntry] = {}
        for entry in self._entries:
            if entry.place.valid_from is None or entry.place.valid_from <= on:
                latest[entry.place.id] = entry
        return list(latest.values())

    def _kind(self, said: str) -> str:
        """Return the kind of place that the words name, "" when they name none or several."""
        kinds = {self._kinds[word] for word in said.split() if word in self._kinds} - {OTHER}
        if METRO in kinds:
            kinds.discard("station")
        return kinds.pop() if len(kinds) == 1 else ""

    def _likeness(self, asked: str, entry: PlaceEntry) -> float:
        if asked in self._spoken[id(entry)]:
            return 100.0
        bare = self._without_kind(asked)
        return max((_bare_likeness(bare, spoken) for spoken in self._bare[id(entry)]), default=0.0)

    def _without_kind(self, key: str) -> str:
        return " ".join(word for word in key.split() if word not in self._kinds)


def _is(entry: PlaceEntry, kind: str) -> bool:
    return entry.stop is not None if kind == METRO else entry.place.kind == kind


def _bare_likeness(asked: str, spoken: str) -> float:
    """Return a likeness, 0 to 100: a part of a name fits too, less well than a whole one."""
    words = spoken.split()
    part = PART if all(any(_is_word(part, word) for word in words) for part in asked.split()) else 0.0
    return max(part, _like(asked, spoken))


def _like(asked: str, spoken: str) -> float:
    """Return a likeness, 0 to 100; numbers and short names fit only when they are equal."""
    if len(asked) < LONG or _numbers(asked) != _numbers(spoken):
        return 100.0 * (asked == spoken)
    return float(fuzz.token_sort_ratio(asked, spoken))


def _numbers(key: str) -> set[str]:
    return {word for word in key.split() if word.isdecimal()}


def _is_word(asked: str, word: str) -> bool:
    if min(len(asked), len(word)) < LONG or asked.isdecimal():
        return asked == word
    return fuzz.ratio(asked, word) >= WORD_FITS


def load_places(home: Path | None = None) -> PlaceDirectory:
    """Read the places that ship and, from the state folder `home`, the library's own.

    A place of the library's own replaces the shipped one of its id; `only_these = true` leaves all shipped ones out.
    Raises StorageError with what is wrong in the library's file.
    """
    tables = tomllib.loads(PLACES.read_text(encoding="utf-8"))
    entries = [_entry(table) for table in tables["place"]]
    own_file = home / PLACES.name if home is not None else None
    if own_file is not None and own_file.exists():
        try:
            own = tomllib.loads(own_file.read_text(encoding="utf-8"))
            mine = [_entry(table) for table in own.get("place", ())]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(
                f"the file {own_file} cannot be used ({error}): mend it after the pattern of the places that ship, or "
                "move it away"
            ) from error
        replaced = {entry.place.id for entry in mine}
        kept = [] if own.get("only_these") else [entry for entry in entries if entry.place.id not in replaced]
        entries = [*kept, *mine]
    return PlaceDirectory(entries, tables.get("kinds"))


def _entry(table: dict[str, Any]) -> PlaceEntry:
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
    return PlaceEntry(place, table.get("stop"), table.get("weight", 0.1))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _spoken(place: Place) -> tuple[str, ...]:
    return tuple(
        key for name in (*place.names.values(), *place.located.values(), *place.aliases) if (key := _key(name))
    )


def _key(name: str) -> str:
    return " ".join(stems(fold(name).split()))
