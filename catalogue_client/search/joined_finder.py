"""Joins the ways to find a book: by letters of its title and author, by theme, and by what a reader remembers of it.

What is remembered is never "sure": it is offered as what it is. Editions and translations of one work are one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalogue_client.search import work_tables
from catalogue_client.search.documents import Filter
from catalogue_client.search.exact_names import named_in_full
from catalogue_client.search.finder import Finder, SearchHits
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.query_reading import Carriers
from catalogue_client.search.remembered import Memory, Remembered, request_of
from catalogue_client.search.series import SeriesFinder
from catalogue_client.search.themes import themes
from catalogue_client.values.bibliographic import Query

EDITIONS = 3
"""Records of one work among the hits, reckoned with when works are to be counted."""
KNOWN_BY_TITLE = 0.85
"""Strength of a hit by title and author from which nothing that is remembered comes before it."""
PLOT_FITS = 0.42
"""Least share of what was said that must be written of a book."""
PLOT_GUESSED = 0.2
"""The same where nothing fits by title: a guess is better than nothing, and is said to be one."""
NAMED_AS_SAID = 0.96
"""Least worth of a character whose books come before those on a theme: “slavery” is not about Slavka."""
NEAR_BEST = 0.55
"""Least share of the best one's worth with which a book is offered beside it."""
SHORT = 4
"""Words of a theme; more of them tell a plot."""
PLOT_BEFORE_LETTERS = 0.1
"""By how much a plot must be met better than a title, to come before it."""
GUESSES = 9
"""Books offered by their plot."""

WORDED = ("words", "title", "author", "subject", "plot", "character", "series", "school_class", "age")
"""Fields of a query that name something to look for."""


class JoinedFinder:
    """Searches one index in every way. Nothing here waits for anything but the index file."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._letters = Finder(index)
        self._memory = Memory(index)
        self._series = SeriesFinder(index, self._letters)
        self._carriers = Carriers()

    def find(self, query: Query, added_since: str | None = None) -> SearchHits:
        """The works that fit a query, each by the record that fits best; every record where a place is asked for, or
        nothing is looked for but what is new or of a kind. Never raises for any text a reader can say.
        """
        if query.place_id or not any(getattr(query, name) for name in WORDED):
            return self.records(query, added_since)
        return self.once(self.records(replace(query, limit=query.limit * EDITIONS), added_since), query.limit)

    def records(self, query: Query, added_since: str | None = None) -> SearchHits:
        """Every record that fits a query, editions of one work too."""
        return self._found(query, added_since)

    def once(self, found: SearchHits, limit: int) -> SearchHits:
        """The same with each work once, by its first record."""
        works = work_tables.works(self._index.connection, found.record_ids)
        first: dict[int, str] = {}
        for record_id in found.record_ids:
            first.setdefault(works[record_id], record_id)
        ids = tuple(first.values())
        fewer = len(found.record_ids) - len(ids)
        return replace(found, record_ids=ids[:limit], total=max(found.total - fewer, len(ids)))

    def editions(self, record_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Record id -> ids of the other records of its work."""
        works = work_tables.works(self._index.connection, record_ids)
        members = work_tables.members(self._index.connection, set(works.values()))
        return {one: tuple(other for other in members[work] if other != one) for one, work in works.items()}

    def following(self, record_id: str, language: str) -> tuple[str, ...]:
        """Ids of the records of the next volume or book of a series, those in this language first."""
        documents = self._index.documents(self._series.next_of(record_id, Filter()))
        documents.sort(key=lambda document: (document.language != language, -document.popularity))
        return tuple(document.record_id for document in documents)

    def _found(self, query: Query, added_since: str | None) -> SearchHits:
        filter = Filter(query.language, query.format.value if query.format else None, query.years, added_since)
        if explicit := self._explicit(query, filter):
            return self._hits(explicit, query)
        if query.school_class is not None or query.age is not None:
            return SearchHits()
        query = in_words(query)
        said = query.words or query.subject
        plain = bool(said) and not (query.title or query.author or (query.words and query.subject))
        if plain and (asked := self._requested(said, query, filter)):
            return self._hits(asked, query)
        letters = self._letters.find(query, added_since)
        if named := self._named_in_full(query, filter, letters):
            return named
        if plain and not letters.sure and request_of(said).is_list:
            return SearchHits()  # what only sounds like it is no answer
        return letters if letters.sure or not plain else self._joined(said, query, filter, letters)

    def _explicit(self, query: Query, filter: Filter) -> Remembered | None:
        """What a slot names; None without one, or when nothing is found by it."""
        ways: list[Remembered] = []
        if query.school_class is not None:
            ways.append(self._memory.by_class(query.school_class, "", filter))
        if query.age is not None:
            ways.append(self._memory.by_age(query.age, filter))
        if query.character:
            ways.append(self._memory.by_character(query.character, filter))
        if query.series:
            ways.append(self._series.whole(query.series, filter))
        if query.plot:
            plot = self._memory.by_plot(query.plot, filter)
            ways.append(replace(plot, found=plot.found[:GUESSES]))
        ways = [way for way in ways if way.found]
        if not ways:
            return None
        both = set.intersection(*({number for number, _ in way.found} for way in ways))
        first = ways[0]
        return replace(first, found=tuple(pair for pair in first.found if pair[0] in both)) if both else first

    def _requested(self, said: str, query: Query, filter: Filter) -> Remembered | None:
        """What a request for a class, an age or a place in a series brings; None when it is no such request."""
        asked = request_of(said)
        if asked.school_class is not None:
            # A school teaches in one language: the reader's own, when none was said.
            found = self._memory.by_class(asked.school_class, asked.school or query.spoken, filter)
            if not found.found:
                found = self._memory.by_class(asked.school_class, "", filter)
        elif asked.age is not None:
            found = self._memory.by_age(asked.age, filter)
        elif asked.sequel_to:
            found = self._series.after(asked.sequel_to, filter)
        elif asked.series and asked.volume is not None:
            found = self._series.volume(asked.series, asked.volume, filter)
        elif asked.series:
            found = self._series.whole(asked.series, filter)
        else:
            return None
        return found if found.found else None

    def _named_in_full(self, query: Query, filter: Filter, letters: SearchHits) -> SearchHits | None:
        """Books of which all was said, before what is only like it; None where letters have found one of them first."""
        said = query.words or query.title
        if not said or query.subject or (query.words and query.title):
            return None
        readings = self._carriers.readings(said)
        well = letters.strength >= KNOWN_BY_TITLE and not letters.did_you_mean
        if not readings or (len(readings[0].words) == 1 and well):
            return None  # a word is also a surname or a theme
        named = named_in_full(self._index, readings, query.author, filter)
        if not named or (letters.record_ids and letters.record_ids[0] in {document.record_id for document in named}):
            return None
        named.sort(key=lambda document: (document.language != query.spoken, -document.popularity))
        ids = tuple(dict.fromkeys((*(document.record_id for document in named), *letters.record_ids)))
        sure = len({document.work or document.number for document in named}) == 1
        return SearchHits(ids[: query.limit], max(letters.total, len(ids)), sure, matched_by="name", strength=1.0)

    def _joined(self, said: str, query: Query, filter: Filter, letters: SearchHits) -> SearchHits:
        """Hits by title and author together with what fits what was said in another way, the best met first."""
        if query.language is None and (named := themes().named(said)).language:
            said, filter = named.rest, replace(filter, language=named.language)
        bare = self._carriers.readings(said)
        if not bare:
            return letters
        people = self._memory.by_character(bare[0].text, filter)
        weak = letters.did_you_mean or not letters.record_ids
        by_title = letters.strength >= KNOWN_BY_TITLE and not weak and letters.matched_by != "theme"
        if people.found and not by_title and (people.worth >= NAMED_AS_SAID or letters.matched_by != "theme"):
            return self._before(people, letters, query)
        if by_title or (letters.matched_by == "theme" and len(bare[0].words) <= SHORT):
            return letters
        plot = self._memory.by_plot(said, filter)
        rival = PLOT_FITS if letters.matched_by == "theme" else letters.strength * KNOWN_BY_TITLE - PLOT_BEFORE_LETTERS
        if plot.worth >= (PLOT_FITS if letters.record_ids else PLOT_GUESSED) and plot.worth > rival:
            near = tuple(pair for pair in plot.found if pair[1] >= NEAR_BEST * plot.worth)[:GUESSES]
            return self._before(replace(plot, found=near), letters, query)
        return letters

    def _before(self, remembered: Remembered, letters: SearchHits, query: Query) -> SearchHits:
        found = self._hits(remembered, query)
        ids = tuple(dict.fromkeys((*found.record_ids, *letters.record_ids)))[: query.limit]
        return replace(found, record_ids=ids, total=max(found.total, len(ids)))

    def _hits(self, remembered: Remembered, query: Query) -> SearchHits:
        """In the reader's own language first, of books that fit alike."""
        documents = {
            document.number: document for document in self._index.documents([number for number, _ in remembered.found])
        }
        worths = [(documents[number], worth) for number, worth in remembered.found if number in documents]
        if remembered.by in ("character", "plot"):
            worths.sort(key=lambda pair: -pair[1] - OWN_LANGUAGE * (pair[0].language == query.spoken))
        ids = tuple(document.record_id for document, _ in worths)
        return SearchHits(ids[: query.limit], len(ids), matched_by=remembered.by, strength=remembered.worth)


def in_words(query: Query) -> Query:
    """Return the query with a plot, or the name of a character or series, as words: it may be a title after all."""
    said = query.words or query.character or query.series or query.plot
    return replace(query, words=said, character="", series="", plot="")


OWN_LANGUAGE = 0.01
"""More for a book in the reader's language: less than any difference in what is met."""
