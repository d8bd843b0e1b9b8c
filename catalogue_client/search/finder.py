"""Finds what was asked in the index: readings, candidates, ranking, several hypotheses together."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.records import Query
from catalogue_client.search.asked import Carriers, Reading
from catalogue_client.search.index import ANY, AUTHOR, SUBJECT, Document, Filter, SearchIndex
from catalogue_client.search.ranking import Field, Ranked, rank

CANDIDATES = 120
MANY_CANDIDATES = 400
"""For an author or a subject, which many documents fit equally well."""
GRAMS: dict[Field, str] = {"any": ANY, "title": ANY, "author": AUTHOR, "subject": SUBJECT}
HYPOTHESES = 3
"""Of the recogniser that are looked up together."""
OTHERS_COUNT = 0.15
"""What a less likely hypothesis adds to a document's marks."""
FITS = 0.62
"""Least share of the asked words that must be met for a document to be an answer."""
ALMOST = 0.45
"""Above it something is offered as "did you mean"."""
NEAR_BEST = 0.72
"""Documents with less than this share of the best one's marks are left out."""
MARGIN = 0.12
"""A first document that is so far ahead of the second stands alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """Record ids in order of fit."""

    record_ids: tuple[str, ...]
    total: int
    sure: bool = False
    did_you_mean: str | None = None
    """Record id whose title or author was probably meant."""


class Finder:
    """Searches one index. Nothing here waits for anything but the index file."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._carriers = Carriers()

    def find(self, query: Query, added_since: str | None = None) -> Found:
        """The records that fit a query. Never raises for any text a reader can say."""
        filter = Filter(query.language, query.format.value if query.format else None, query.years, added_since)
        ranked = self._ranked(query, filter)
        if ranked is None:
            ids, total = self._index.listed(filter, query.limit, newest_first=query.new)
            return Found(tuple(ids), total)
        if not ranked or ranked[0].met < ALMOST:
            return Found((), 0)
        best = ranked[0]
        if best.met < FITS:
            return Found((), 0, did_you_mean=best.document.record_id)
        fitting = [one for one in ranked if one.met >= FITS and one.score >= NEAR_BEST * best.score]
        second = ranked[1].score if len(ranked) > 1 else 0.0
        return Found(
            tuple(one.document.record_id for one in fitting[: query.limit]),
            len(fitting),
            sure=best.said > FITS and best.score - second >= MARGIN,
            did_you_mean=best.document.record_id if best.met < 0.8 else None,
        )

    def _ranked(self, query: Query, filter: Filter) -> list[Ranked] | None:
        """Candidates in order of fit; None when there are no words to go by."""
        spoken: dict[Field, tuple[str, ...]] = {
            "any": (query.words, *query.alternatives[: HYPOTHESES - 1]),
            "title": (query.title,),
            "author": (query.author,),
            "subject": (query.subject,),
        }
        heard = {field: self._readings(texts) for field, texts in spoken.items()}
        heard = {field: hypotheses for field, hypotheses in heard.items() if hypotheses}
        if not heard:
            return None
        documents = self._index.documents(self._candidates(heard, filter))
        marks = [self._marks(field, hypotheses, documents) for field, hypotheses in heard.items()]
        return sorted((_together(several) for several in zip(*marks, strict=True)), key=lambda one: -one.score)

    def _readings(self, texts: tuple[str, ...]) -> list[tuple[Reading, ...]]:
        """For each hypothesis the ways to read it."""
        return [readings for text in dict.fromkeys(texts) if (readings := self._carriers.readings(text))]

    def _candidates(self, heard: dict[Field, list[tuple[Reading, ...]]], filter: Filter) -> list[int]:
        numbers: dict[int, None] = {}
        for field, hypotheses in heard.items():
            most = CANDIDATES if field in ("any", "title") else MANY_CANDIDATES
            for readings in hypotheses:
                for reading in readings:
                    numbers |= dict.fromkeys(self._index.candidates(reading, GRAMS[field], filter, most))
        if "title" in heard and "author" in heard:
            both = Reading((*heard["author"][0][0].words, *heard["title"][0][0].words))
            numbers |= dict.fromkeys(self._index.candidates(both, ANY, filter, CANDIDATES))
        return list(numbers)

    def _marks(self, field: Field, hypotheses: list[tuple[Reading, ...]], documents: list[Document]) -> list[Ranked]:
        """The marks of every document, in the documents' order, over all hypotheses."""
        stems = {stem for readings in hypotheses for reading in readings for stem in reading.stems}
        frequencies, total = self._index.frequencies(stems), len(self._index)
        best_of_each = []
        for readings in hypotheses:
            ways = [rank(reading, documents, frequencies, total, field) for reading in readings]
            best_of_each.append([max(marks, key=lambda one: one.score) for marks in zip(*ways, strict=True)])
        return [_summed(several) for several in zip(*best_of_each, strict=True)]


def _summed(several: tuple[Ranked, ...]) -> Ranked:
    """One document's marks over several hypotheses: the best, and a little for each that agrees."""
    first, *others = sorted(several, key=lambda one: -one.score)
    agreed = OTHERS_COUNT * sum(one.score for one in others)
    return Ranked(first.document, first.score + agreed, first.met, first.said)


def _together(parts: tuple[Ranked, ...]) -> Ranked:
    """One document's marks over all parts that were asked: title and author and subject. The worst met counts."""
    return Ranked(
        document=parts[0].document,
        score=sum(part.score for part in parts) / len(parts),
        met=min(part.met for part in parts),
        said=max(part.said for part in parts),
    )
