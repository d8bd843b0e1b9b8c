"""Series and works in several volumes: the whole, one by its number, the next."""

from __future__ import annotations

from rapidfuzz import fuzz

from catalogue_client.search import work_tables
from catalogue_client.search.documents import Filter
from catalogue_client.search.finder import Finder
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.remembered import Remembered
from catalogue_client.values.bibliographic import Query
from languages.folding import folded_words
from languages.stemming import stems

ALIKE = 80
"""Least likeness, of 100, of the name of a series to what was said."""
ANCHOR = 0.6
"""Least strength with which a book must be found for others of its series to be offered."""


class SeriesFinder:
    """Looks up one index by series."""

    def __init__(self, index: SearchIndex, letters: Finder) -> None:
        self._index = index
        self._letters = letters

    def whole(self, said: str, filter: Filter) -> Remembered:
        """All books of the series that was named, in their order."""
        return Remembered("series", tuple((number, 1.0) for number, _ in self._books(said, filter)))

    def volume(self, said: str, volume: int, filter: Filter) -> Remembered:
        """The book of this number; nothing when the series has none of it."""
        numbers = [number for number, place in self._books(said, filter) if place == volume]
        return Remembered("series", tuple((number, 1.0) for number in numbers))

    def after(self, said: str, filter: Filter) -> Remembered:
        """The book after the one that was named; of a series without numbers nothing."""
        for record_id in self._anchors(said):
            if found := self.next_of(record_id, filter):
                return Remembered("series", tuple((number, 1.0) for number in found))
        return Remembered("series")

    def next_of(self, record_id: str, filter: Filter) -> list[int]:
        """Numbers of the documents that come after a record: the next volume, or the next book of its series."""
        at = work_tables.place_of(self._index.connection, record_id)
        if at is None:
            return []
        if at.volume is not None:
            later = [
                (volume, number)
                for volume, number in work_tables.volumes(self._index.connection, at.work)
                if volume > at.volume
            ]
            following = [number for volume, number in sorted(later) if volume == min(later)[0]]
            if following:
                return self._index.let_through(following, filter)
        for tag, place in work_tables.tags_of_work(self._index.connection, at.work).items():
            if tag.startswith(work_tables.SERIES) and place is not None:
                books = self._of_tags([tag], filter)
                numbers = [number for number, other in books if other is not None and other > place]
                places = [other for _, other in books if other is not None and other > place]
                if numbers:
                    return [number for number, other in zip(numbers, places, strict=True) if other == min(places)]
        return []

    def tag_of(self, record_id: str) -> str:
        """The tag of a record's series; "" when it is in none."""
        at = work_tables.place_of(self._index.connection, record_id)
        tags = work_tables.tags_of_work(self._index.connection, at.work) if at is not None else {}
        return next((tag for tag in tags if tag.startswith(work_tables.SERIES)), "")

    def _books(self, said: str, filter: Filter) -> list[tuple[int, int | None]]:
        """Numbers and places of the books of a series, or of the series of a book."""
        if tags := self._named(said):
            return self._of_tags(tags, filter)
        for record_id in self._anchors(said):
            at = work_tables.place_of(self._index.connection, record_id)
            assert at is not None
            if volumes := work_tables.volumes(self._index.connection, at.work):
                numbers = dict((number, volume) for volume, number in volumes)
                return [(number, numbers[number]) for number in self._index.let_through(list(numbers), filter)]
            if tag := self.tag_of(record_id):
                return self._of_tags([tag], filter)
        return []

    def _of_tags(self, tags: list[str], filter: Filter) -> list[tuple[int, int | None]]:
        """By place; books without one last. A translation stands where its work stands, whose series may have a name
        in each language."""
        places: dict[int, int | None] = {}
        for tag in tags:
            for number, place in work_tables.with_tag(self._index.connection, tag):
                places.setdefault(number, place)
        numbers = self._index.let_through(list(places), filter)
        return sorted(
            ((number, places[number]) for number in numbers), key=lambda pair: (pair[1] is None, pair[1] or 0)
        )

    def _named(self, said: str) -> list[str]:
        """Tags of the series whose name was said, in any case form."""
        asked = " ".join(stems(folded_words(said)))
        if not asked:
            return []
        marks = {
            tag: fuzz.token_set_ratio(asked, " ".join(stems(tag.removeprefix(work_tables.SERIES).split())))
            for tag in work_tables.series_tags(self._index.connection)
        }
        best = max(marks.values(), default=0.0)
        return [tag for tag, mark in marks.items() if mark >= max(ALIKE, best)]

    def _anchors(self, said: str) -> tuple[str, ...]:
        """The records that were named, the likeliest first."""
        found = self._letters.find(Query(words=said, limit=3))
        return found.record_ids if found.strength >= ANCHOR and not found.did_you_mean else ()
