"""Finds books by what a reader remembers of them: who is in them, what happens, for which class or age they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from catalogue_client.search import trigram_index, work_tables
from catalogue_client.search.content_words import MOST_STEMS, content_stems, keys_of
from catalogue_client.search.documents import Filter
from catalogue_client.search.index import CHARACTER, SearchIndex
from catalogue_client.search.requests import WorkRequest, requests
from languages.folding import folded_words
from languages.stemming import stem

MOST = 60
"""Documents of one way."""
MUCH_LESS = 0.05
"""A name that is less like what was said than the likest by so much was not meant."""
LONGEST_NAME = 4
"""Words of a character's name; what is longer tells a plot."""
LIKE = 0.9
"""Least likeness of two words of a name."""
FULL_NAME = 0.03
"""More for a character all of whose name was said."""
LEAST_STEMS = 2
"""Of a plot: one word is a theme or a title."""
EXPECTED = 9
"""Words of a plot that are expected in what is written of the book; who says more need not say it in our words."""
MEANING = 6.0
"""Standard deviations of likeness in meaning that are worth as much as every word of a plot."""
USUAL = 2.0
"""Standard deviations by which a book may be like what was said for no reason."""
YOUNGER = 3
"""Years by which a book for a child may be meant for younger ones."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """Documents found in one way, the best first: (number, worth), worth 0 to 1."""

    by: str
    """As Results.matched_by."""
    found: tuple[tuple[int, float], ...] = ()

    @property
    def worth(self) -> float:
        """Of the best; 0 when nothing was found."""
        return self.found[0][1] if self.found else 0.0


class Memory:
    """The ways to look up one index by other things than titles."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def by_character(self, text: str, filter: Filter) -> Remembered:
        """Books with a character of this name."""
        asked = requests().person(text)
        if not asked or len(asked) > LONGEST_NAME:
            return Remembered("character")
        numbers, _ = trigram_index.best(
            self._index.connection, CHARACTER, asked, self._index.highest + 1, MOST if filter == Filter() else MOST * 5
        )
        let_through = self._index.let_through([int(number) for number in numbers], filter)
        facts = work_tables.facts(self._index.connection, let_through)
        stems = [stem(word) for word in asked]
        worths = [(number, _are_in(stems, facts[number].characters)) for number in let_through if number in facts]
        best = max((worth for _, worth in worths), default=0.0)
        likely = [pair for pair in worths if pair[1] and pair[1] >= best - MUCH_LESS]
        read = self._index.popularity([number for number, _ in likely])
        likely.sort(key=lambda pair: (-pair[1], -read.get(pair[0], 0)))
        return Remembered("character", tuple((number, min(worth, 1.0)) for number, worth in likely[:MOST]))

    def by_plot(self, text: str, filter: Filter) -> Remembered:
        """Books of which is written what was said, in whatever order, or that mean the same where there are vectors."""
        stems = content_stems(text)[:MOST_STEMS]
        if len(stems) < LEAST_STEMS:
            return Remembered("plot")
        worth = self._in_meaning(text, self._in_words(stems, filter))
        fitting = self._index.let_through(sorted(worth, key=lambda number: -worth[number]), filter)[:MOST]
        return Remembered("plot", tuple((number, worth[number]) for number in fitting))

    def _in_words(self, stems: Sequence[str], filter: Filter) -> dict[int, float]:
        """Number of a document -> the share of what was said that is written of it, 0 to 1."""
        keys, connection, documents = keys_of(stems), self._index.connection, self._index.highest + 1
        known = trigram_index.lengths(connection, keys)
        worth = sorted(
            (
                sum(
                    count * trigram_index.rarity(known.get(key, 0), documents) for key, count in keys_of([said]).items()
                )
                for said in stems
            ),
            reverse=True,
        )
        whole = sum(worth[:EXPECTED])
        numbers, scores = trigram_index.best_by_keys(
            connection, keys, documents, MOST if filter == Filter() else MOST * 20
        )
        return {int(number): min(float(score) / whole, 1.0) for number, score in zip(numbers, scores, strict=True)}

    def _in_meaning(self, text: str, shares: dict[int, float]) -> dict[int, float]:
        """The same with what each book is worth by its meaning, and with the books nearest in meaning."""
        embedder = self._index.embedder
        if embedder is None or not self._index.vectors.enough:
            return shares
        likeness = self._index.vectors.likeness(embedder.query(text))
        near = likeness.best(MOST)
        deviations = {**near, **likeness.of(number for number in shares if number not in near)}
        return {
            number: min(max(shares.get(number, 0.0) + (deviation - USUAL) / MEANING, 0.0), 1.0)
            for number, deviation in ({number: USUAL for number in shares} | deviations).items()
        }

    def by_class(self, school_class: int, school: str, filter: Filter) -> Remembered:
        """What is read in a class; of schools that teach in a language, the only one or first."""
        schools = (school,) if school in ("kk", "ru") else ("kk", "ru")
        tags = [f"{work_tables.CLASS}{teaching}:{school_class}" for teaching in schools]
        return self._tagged("class", tags, filter)

    def by_age(self, age: int, filter: Filter) -> Remembered:
        """What is for a child of this age: not for older ones, nor for much younger ones."""
        return self._tagged(
            "age", [f"{work_tables.AGE}{from_age}" for from_age in range(max(0, age - YOUNGER), age + 1)], filter
        )

    def _tagged(self, by: str, tags: Sequence[str], filter: Filter) -> Remembered:
        clause, values = filter.clause()
        numbers = work_tables.tagged(self._index.connection, tags, clause, values)
        return Remembered(by, tuple((number, 1.0) for number in numbers))


def request_of(text: str) -> WorkRequest:
    """Return the request for a class, an age or a place in a series that `text` is."""
    return requests().read(text)


def _are_in(asked: Sequence[str], names: Sequence[str]) -> float:
    """How well what was said is met by characters, 0 to 1: every word by one of them, best all by the same; a little
    more for a name said in full."""
    people = [own for name in names if (own := [stem(word) for word in folded_words(name)])]
    met = [[max(JaroWinkler.similarity(word, other) for other in own) for word in asked] for own in people]
    if not met or min(map(max, zip(*met, strict=True))) < LIKE:
        return 0.0
    one = max(sum(likeness) / len(asked) for likeness in met)
    said = max(
        sum(max(JaroWinkler.similarity(word, other) for word in asked) >= LIKE for other in own) / len(own)
        for own in people
    )
    return (1 - FULL_NAME) * one + FULL_NAME * said
