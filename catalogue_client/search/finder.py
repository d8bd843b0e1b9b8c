"""Finds what was asked in the index: readings, candidates, ranking, several hypotheses together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from catalogue_client.records import Query
from catalogue_client.search.asked import Carriers, Reading
from catalogue_client.search.documents import Filter
from catalogue_client.search.folding import folded_words
from catalogue_client.search.index import ANY, AUTHOR, SUBJECT, SearchIndex
from catalogue_client.search.ranking import Candidates, Field, Marks
from catalogue_client.search.stemming import stems
from catalogue_client.subjects import subject_words

CANDIDATES = 100
MANY_CANDIDATES = 300
"""For an author or a subject, which many documents fit equally well."""
GRAMS: dict[Field, str] = {"any": ANY, "title": ANY, "author": AUTHOR, "subject": SUBJECT}
HYPOTHESES = 3
"""Of the recogniser that are looked up together."""
OTHERS_COUNT = 0.15
"""What a less likely hypothesis adds to a document's marks."""
FITS = 0.5
"""Least share of the asked words that must be met for a document to be an answer."""
WELL = 0.8
"""Below it the best answer is offered as "did you mean"."""
NEAR_BEST = 0.72
"""Documents with less than this share of the best one's marks are left out."""
SUBJECT_SAID = 0.15
"""For a subject said without "about": after titles that hold the very word, before what only sounds like it."""
OWN_LANGUAGE = 0.1
"""For books in the language in which the reader asks: more than popularity, less than a word of difference."""
MARGIN = 0.12
"""A first document that is so far ahead of the second stands alone."""

Hypothesis = tuple[Reading, ...]
"""The ways to read one thing that was heard."""


@dataclass(frozen=True, slots=True)
class Found:
    """Record ids in order of fit."""

    record_ids: tuple[str, ...] = ()
    total: int = 0
    sure: bool = False
    """The first stands alone: it was said well and nothing else comes near."""
    did_you_mean: bool = False
    """Nothing fits well: the first is a guess."""


class Finder:
    """Searches one index. Nothing here waits for anything but the index file."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._carriers = Carriers()
        self._subjects = frozenset(stems(folded_words(" ".join(subject_words()))))

    def find(self, query: Query, added_since: str | None = None) -> Found:
        """The records that fit a query. Never raises for any text a reader can say."""
        filter = Filter(query.language, query.format.value if query.format else None, query.years, added_since)
        heard = self._heard(query)
        if not heard:
            ids, total = self._index.listed(filter, query.limit, newest_first=query.new)
            return Found(tuple(ids), total)
        documents = self._index.documents(self._numbers(heard, filter))
        if not documents:
            return Found()
        marks = self._marks(heard, Candidates(documents))
        own = np.array([document.language == query.spoken for document in documents], dtype=np.float32)
        marks = replace(marks, score=marks.score + OWN_LANGUAGE * own)
        order = np.argsort(-marks.score, kind="stable")
        best = order[0]
        fits = (marks.met >= FITS) & (marks.score >= NEAR_BEST * marks.score[best])
        fitting = [documents[at].record_id for at in order if fits[at]]
        second = marks.score[order[1]] if len(order) > 1 else 0.0
        well = bool(marks.met[best] >= WELL)
        return Found(
            record_ids=tuple(fitting[: query.limit]),
            total=len(fitting),
            sure=well and bool(marks.said[best] >= WELL and marks.score[best] - second >= MARGIN),
            did_you_mean=bool(fitting) and not well,
        )

    def _heard(self, query: Query) -> dict[Field, list[Hypothesis]]:
        spoken: dict[Field, tuple[str, ...]] = {
            "any": (query.words, *query.alternatives[: HYPOTHESES - 1]),
            "title": (query.title,),
            "author": (query.author,),
            "subject": (query.subject,),
        }
        heard = {}
        for field, texts in spoken.items():
            if hypotheses := [ways for text in dict.fromkeys(texts) if (ways := self._carriers.readings(text))]:
                heard[field] = hypotheses
        return heard

    def _numbers(self, heard: dict[Field, list[Hypothesis]], filter: Filter) -> list[int]:
        """Numbers of the documents to look at closely."""
        numbers: dict[int, None] = {}
        for field, hypotheses in heard.items():
            most = CANDIDATES if field in ("any", "title") else MANY_CANDIDATES
            for readings in hypotheses:
                for reading in readings:
                    numbers |= dict.fromkeys(self._index.candidates(reading, GRAMS[field], filter, most))
                    if field == "any" and self._is_subject(reading):
                        numbers |= dict.fromkeys(self._index.candidates(reading, SUBJECT, filter, MANY_CANDIDATES))
        if "title" in heard and "author" in heard:
            both = Reading((*heard["author"][0][0].words, *heard["title"][0][0].words))
            numbers |= dict.fromkeys(self._index.candidates(both, ANY, filter, CANDIDATES))
        return list(numbers)

    def _marks(self, heard: dict[Field, list[Hypothesis]], candidates: Candidates) -> Marks:
        stems = {stem for several in heard.values() for ways in several for reading in ways for stem in reading.stems}
        frequencies, total = self._index.frequencies(stems), len(self._index)
        parts = []
        for field, hypotheses in heard.items():
            likeliest = []
            for readings in hypotheses:
                ways = [candidates.marks(reading, field, frequencies, total) for reading in readings]
                if field == "any" and self._is_subject(readings[0]):
                    ways.append(_named(candidates.marks(readings[0], "subject", frequencies, total)))
                likeliest.append(_best(ways))
            parts.append(_agreed(likeliest))
        return _together(parts)

    def _is_subject(self, reading: Reading) -> bool:
        """Who says nothing but a subject ("ғарыш") may mean it."""
        return self._subjects.issuperset(reading.stems)


def _best(ways: Sequence[Marks]) -> Marks:
    """Each document's marks in the reading that suits it best."""
    if len(ways) == 1:
        return ways[0]
    which = np.argmax([marks.score for marks in ways], axis=0)
    return Marks(*(np.choose(which, [getattr(marks, name) for marks in ways]) for name in ("score", "met", "said")))


def _named(marks: Marks) -> Marks:
    """More for documents whose subject was said, word for word."""
    return Marks(marks.score + SUBJECT_SAID * (marks.met > 0.99), marks.met, marks.said)


def _agreed(hypotheses: Sequence[Marks]) -> Marks:
    """The best over several hypotheses, and a little more for each other that agrees."""
    best = _best(hypotheses)
    if len(hypotheses) == 1:
        return best
    others = np.sum([marks.score for marks in hypotheses], axis=0) - best.score
    return Marks(best.score + OTHERS_COUNT * others, best.met, best.said)


def _together(parts: Sequence[Marks]) -> Marks:
    """Marks over all parts that were asked: title and author and subject. The worst met counts."""
    if len(parts) == 1:
        return parts[0]
    return Marks(
        score=np.mean([part.score for part in parts], axis=0),
        met=np.min([part.met for part in parts], axis=0),
        said=np.max([part.said for part in parts], axis=0),
    )
