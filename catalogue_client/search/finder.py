"""Finds what was asked in the index: readings, candidates, ranking, several hypotheses together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from rapidfuzz.distance import JaroWinkler

from catalogue_client.search.documents import Document, Filter
from catalogue_client.search.index import ANY, AUTHOR, SUBJECT, SearchIndex
from catalogue_client.search.query_reading import Carriers, QueryReading
from catalogue_client.search.ranking import WHOLLY_ON_THEME, Candidates, Field, Marks
from catalogue_client.search.subjects import subject_groups
from catalogue_client.search.themes import Theme, themes
from catalogue_client.values.bibliographic import Query
from languages.folding import folded_words
from languages.stemming import stems
from languages.year_parsing import dated

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
GUESS = 0.75
"""The same where a theme was asked for: whatever sounds a little like a theme is of no use to anybody."""
WELL = 0.8
"""Below it the best answer is offered as "did you mean"."""
NEAR_BEST = 0.72
"""Documents with less than this share of the best one's marks are left out."""
SUBJECT_SAID = 0.15
"""For a subject said without "about": after titles that hold the very word, before what only sounds like it."""
OWN_LANGUAGE = 0.1
"""For books in the language in which the reader asks: more than popularity, less than a word of difference."""
ENOUGH = 3
"""Books in the language asked for; with fewer, others come after them."""
MARGIN = 0.12
"""A first document that is so far ahead of the second stands alone."""

UNSAID = 0.5
"""What a title counts of which nothing was said, though the words are met: by an author, or one of many words."""
WHOLLY_MET = 0.95
NAMED = 0.8
"""Least share of a name that was said, for the book to be found by it."""

Hypothesis = tuple[QueryReading, ...]
"""The ways to read one thing that was heard."""


@dataclass(frozen=True, slots=True)
class SearchHits:
    """Record ids in order of fit."""

    record_ids: tuple[str, ...] = ()
    total: int = 0
    sure: bool = False
    """The first stands alone: it was said well and nothing else comes near."""
    did_you_mean: bool = False
    """Nothing fits well: the first is a guess."""
    matched_by: str = ""
    """As Results.matched_by."""
    strength: float = 0.0
    """How well the first is met, 0 to 1: what other ways to find a book are compared with."""


@cache
def subject_stems() -> frozenset[tuple[str, ...]]:
    """The stems of every name of a subject. 0.2 s of work, which the first search does and not the start."""
    return frozenset(tuple(stems(folded_words(name))) for group in subject_groups() for name in group)


class Finder:
    """Searches one index. Nothing here waits for anything but the index file."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._carriers = Carriers()
        self._themes = themes()

    def find(self, query: Query, added_since: str | None = None) -> SearchHits:
        """The records that fit a query. Never raises for any text a reader can say."""
        found = self._find(query, added_since, GUESS if query.subject else FITS)
        if not found.record_ids and query.subject:
            # The theme stands nowhere: perhaps it was no theme.
            words = f"{query.words} {query.subject}".strip()
            found = self._find(replace(query, words=words, alternatives=(), subject=""), added_since, least=GUESS)
        if found.sure or not query.words:
            return found
        if not found.record_ids or found.did_you_mean:
            found = self._as_theme(query, added_since) or found
        if not query.years and (when := dated(query.words)):
            of_then = self.find(replace(query, words=when.rest, alternatives=(), years=when.years), added_since)
            if of_then.record_ids and not of_then.did_you_mean:
                return of_then
        if query.language:
            return found
        return self._in_language(query, added_since) or found

    def _as_theme(self, query: Query, added_since: str | None) -> SearchHits | None:
        """Books about all that was said, though nothing said "about": "сказки для детей"; None when there are none."""
        if query.subject or query.title or query.author:
            return None
        theme = self._themes.theme(query.words, self._carriers.words)
        if theme is None or len(theme.meant) < 2 or not self._index.has(theme):
            return None
        found = self._find(replace(query, words="", alternatives=(), subject=query.words), added_since, GUESS)
        return found if found.record_ids and not found.did_you_mean else None

    def _in_language(self, query: Query, added_since: str | None) -> SearchHits | None:
        """What fits when a language that was said among the words is the books', theirs first; None without one."""
        named = self._themes.named(query.words)
        if not named.language:
            return None
        plain = replace(query, words=named.rest, alternatives=(), spoken=named.language)
        narrow = self._find(replace(plain, language=named.language), added_since)
        first = () if narrow.did_you_mean else narrow.record_ids
        if len(first) >= ENOUGH:
            return narrow
        wide = self._find(plain, added_since)
        ids = tuple(dict.fromkeys(first + (() if wide.did_you_mean else wide.record_ids)))[: query.limit]
        return SearchHits(ids, max(len(ids), wide.total), sure=narrow.sure and bool(first)) if ids else None

    def _find(self, query: Query, added_since: str | None, least: float = FITS) -> SearchHits:
        """`least` of what was asked must be met."""
        filter = Filter(query.language, query.format.value if query.format else None, query.years, added_since)
        heard = self._heard(query)
        if not heard:
            ids, total = self._index.listed(filter, query.limit, newest_first=query.new)
            return SearchHits(tuple(ids), total)
        on_theme = self._on_theme(query, heard, filter)
        numbers = dict.fromkeys(self._numbers(heard, filter)) | dict.fromkeys(
            number for worth in on_theme.values() for number in worth
        )
        documents = self._index.documents(list(numbers))
        if not documents:
            return SearchHits()
        marks = self._marks(heard, on_theme, Candidates(documents))
        own = np.array([document.language == query.spoken for document in documents], dtype=np.float32)
        marks = replace(marks, score=marks.score + OWN_LANGUAGE * own)
        order = np.argsort(-marks.score, kind="stable")
        best = order[0]
        about = np.array(
            [
                max((worth.get(document.number, 0.0) for worth in on_theme.values()), default=0.0)
                for document in documents
            ]
        )
        near = marks.score >= NEAR_BEST * marks.score[best]
        if "subject" in on_theme and about.max() >= WHOLLY_ON_THEME:
            near &= marks.met >= WELL  # there are books about it: others need more than a likeness
        # A foreign title that reads like a surname hides no author: "бабель".
        namesake = np.array([_is_author(document, heard) for document in documents])
        near |= namesake
        alone = not any(namesake[at] and documents[at].work != documents[best].work for at in range(len(documents)))
        fits = (marks.met >= least) & ((about > 0) | near)
        fitting = [documents[at].record_id for at in order if fits[at]]
        # Another edition or translation of the first work is no rival.
        rivals = (at for at in order[1:] if documents[at].work != documents[best].work or not documents[at].work)
        second = marks.score[rival] if (rival := next(rivals, None)) is not None else 0.0
        well = bool(marks.met[best] >= WELL or about[best] >= WHOLLY_ON_THEME)
        return SearchHits(
            record_ids=tuple(fitting[: query.limit]),
            total=len(fitting),
            sure=well and alone and bool(marks.said[best] >= WELL and marks.score[best] - second >= MARGIN),
            did_you_mean=bool(fitting) and not well,
            matched_by=_matched_by(documents[best], heard, bool(about[best])) if fitting else "",
            strength=float(marks.met[best] * (UNSAID + (1 - UNSAID) * marks.said[best]))
            if marks.met[best] < WHOLLY_MET
            else 1.0,
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
            both = QueryReading((*heard["author"][0][0].words, *heard["title"][0][0].words))
            numbers |= dict.fromkeys(self._index.candidates(both, ANY, filter, CANDIDATES))
        return list(numbers)

    def _on_theme(
        self, query: Query, heard: dict[Field, list[Hypothesis]], filter: Filter
    ) -> dict[Field, dict[int, float]]:
        """Documents about what was asked for, where a theme was: field of the query -> what each is worth."""
        asked: dict[Field, Theme | None] = {}
        if query.subject:
            asked["subject"] = self._themes.theme(query.subject)
        if query.words and (about := self._themes.named(query.words).theme):
            asked["any"] = self._themes.theme(about, self._carriers.words)
        elif "any" in heard and self._is_subject(heard["any"][0][0]):
            asked["any"] = self._themes.theme(query.words, self._carriers.words)
        found = {field: self._index.on_theme(theme, filter, MANY_CANDIDATES) for field, theme in asked.items() if theme}
        return {field: worth for field, worth in found.items() if worth}

    def _marks(
        self, heard: dict[Field, list[Hypothesis]], on_theme: dict[Field, dict[int, float]], candidates: Candidates
    ) -> Marks:
        stems = {stem for several in heard.values() for ways in several for reading in ways for stem in reading.stems}
        frequencies, total = self._index.frequencies(stems), len(self._index)
        parts = []
        for field, hypotheses in heard.items():
            likeliest = []
            for readings in hypotheses:
                ways = [candidates.marks(reading, field, frequencies, total) for reading in readings]
                if field == "any" and self._is_subject(readings[0]):
                    ways.append(_named(candidates.marks(readings[0], "subject", frequencies, total)))
                if field in on_theme:
                    ways.append(candidates.on_theme(on_theme[field]))
                likeliest.append(_best(ways))
            parts.append(_agreed(likeliest))
        return _together(parts)

    def _is_subject(self, reading: QueryReading) -> bool:
        """Who says nothing but a subject ("ғарыш") may mean it."""
        return reading.stems in subject_stems()


def _is_author(document: Document, heard: dict[Field, list[Hypothesis]]) -> bool:
    """Whether all that was said is a name of the document's author."""
    asked = heard["any"][0][0].stems if len(heard) == 1 and "any" in heard else ()
    return bool(asked) and set(asked) <= set(document.authors)


def _matched_by(document: Document, heard: dict[Field, list[Hypothesis]], on_theme: bool) -> str:
    """By what the first document was found: its title, another name of it, a theme."""
    asked = {stem for several in heard.values() for reading in several[0] for stem in reading.stems}

    def said(name: Sequence[str]) -> float:
        met = [max((JaroWinkler.similarity(stem, other) for other in asked), default=0.0) ** 3 for stem in name]
        return sum(met) / len(met) if met else 0.0

    own, *others = document.titles
    if on_theme and said(own) < NAMED:
        return "theme"
    return "name" if others and said(own) < NAMED <= max(map(said, others)) else "title"


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
