"""Re-ranks candidates: how well every asked word is met, how much of the title was said, how alike the whole is.

Words are compared by stems with Jaro-Winkler, rare words weigh more. The sum follows an experiment on fifty thousand
titles with garbled spoken queries; the terms' weights are those that did best there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from catalogue_client.search.documents import Document
from catalogue_client.search.query_reading import QueryReading

TITLE_SAID = 0.25
PART_ALIKE = 0.12
WHOLE_ALIKE = 0.08
GRAMS_ALIKE = 0.4
"""For 3-grams in common, blanks aside: words that were cut in two or written as one have no stems to meet by."""
MOST = 1 + TITLE_SAID + PART_ALIKE + WHOLE_ALIKE
"""What all but the grams add up to: marks are brought back to it, so that marks of subjects stay comparable."""
WELL_READ = 0.02
"""A tie-break: the most read of the candidates gets it whole."""
CLOSELY = 40
"""Candidates whose whole titles are compared too: it takes long and decides only near the top."""
WHOLLY_ON_THEME = 0.85
"""What a document is worth, at least, that holds every word of a theme."""
CARRIER_WEIGHT = 0.15
"""Of a carrying word in the middle of a request, beside a word of the title."""

Field = Literal["any", "title", "author", "subject"]
Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of all candidates, in their order."""

    score: Floats
    met: Floats
    """0 to 1: how well the asked words are met, weighed by rarity."""
    said: Floats
    """0 to 1: how much of the title, or of one of its aliases, was said."""


@dataclass(frozen=True, slots=True)
class Stems:
    """Stems of one field of all candidates, as columns of the vocabulary, one candidate after the other."""

    columns: Columns
    starts: Columns
    """Where each candidate begins."""


class Candidates:
    """Documents that may be what was asked; at least one."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self._vocabulary: dict[str, int] = {}
        self._titles = self._stems(
            [[stem for name in document.titles for stem in name or ("",)] for document in documents]
        )
        self._authors = self._stems([document.authors for document in documents])
        self._subjects = self._stems([document.subjects for document in documents])
        names = [name or ("",) for document in documents for name in document.titles]
        self._name_lengths = np.fromiter(map(len, names), dtype=np.intp)
        self._name_starts = np.cumsum(self._name_lengths) - self._name_lengths
        counts = np.fromiter((len(document.titles) for document in documents), dtype=np.intp)
        self._first_names = np.cumsum(counts) - counts
        read = np.log1p(np.fromiter((document.popularity for document in documents), dtype=np.float32))
        self._well_read = WELL_READ * read / (read.max() or 1)

    def marks(self, reading: QueryReading, field: Field, frequencies: Mapping[str, int], total: int) -> Marks:
        """How well the candidates fit a reading whose words must be found in `field`.

        `total` documents are in the index, `frequencies` of them hold a stem.
        """
        alike = process.cdist(reading.stems, list(self._vocabulary), scorer=JaroWinkler.similarity, dtype=np.float32)
        alike = alike**3
        met = _weights(reading, frequencies, total) @ self._best_likeness(alike, field)
        said = self._said(alike)
        score = met + self._well_read
        if field in ("any", "title"):
            score = score + TITLE_SAID * said
            said_grams = _grams(reading.text)
            for at in np.argsort(-score)[:CLOSELY]:
                score[at] += GRAMS_ALIKE * self._grams_alike(said_grams, at, field)
                title = self.documents[at].title
                score[at] += PART_ALIKE * fuzz.partial_ratio(reading.text, title) / 100
                score[at] += WHOLE_ALIKE * fuzz.ratio(reading.text, title) / 100
            score *= MOST / (MOST + GRAMS_ALIKE)
        return Marks(score, met, said)

    def on_theme(self, worth: Mapping[int, float]) -> Marks:
        """Marks of the candidates that are on a theme: number of a document -> what it is worth."""
        worths = np.array([worth.get(document.number, 0.0) for document in self.documents], dtype=np.float32)
        met = np.minimum(worths / WHOLLY_ON_THEME, 1)
        return Marks(worths + (worths > 0) * self._well_read, met, np.zeros_like(worths))

    def _stems(self, of_each: Sequence[Sequence[str]]) -> Stems:
        known = self._vocabulary
        columns = [known.setdefault(stem, len(known)) for stems in of_each for stem in stems or ("",)]
        lengths = np.fromiter((len(stems) or 1 for stems in of_each), dtype=np.intp)
        return Stems(np.array(columns, dtype=np.intp), np.cumsum(lengths) - lengths)

    def _best_likeness(self, alike: Floats, field: Field) -> Floats:
        """(asked words, candidates): how like the likest stem of the field is."""
        fields = {"title": [self._titles], "author": [self._authors], "subject": [self._subjects]}
        best = [
            np.maximum.reduceat(alike[:, stems.columns], stems.starts, axis=1)
            for stems in fields.get(field, [self._titles, self._authors])
        ]
        return np.maximum(best[0], best[-1])

    def _grams_alike(self, asked: set[str], at: int, field: Field) -> float:
        """0 to 1: how many 3-grams what was said shares with the title, with the author, or with both together."""
        document = self.documents[at]
        title = _grams(document.title)
        if field == "title":
            return _dice(asked, title)
        author = _grams(" ".join(document.authors))
        return max(_dice(asked, title), _dice(asked, author), _dice(asked, title | author))

    def _said(self, alike: Floats) -> Floats:
        """The share of each candidate's best-met title or alias that was said."""
        heard = alike.max(axis=0)[self._titles.columns]
        shares = np.add.reduceat(heard, self._name_starts) / self._name_lengths
        said: Floats = np.maximum.reduceat(shares, self._first_names).astype(np.float32)
        return said


def _grams(text: str) -> set[str]:
    whole = text.replace(" ", "")
    return {whole[start : start + 3] for start in range(len(whole) - 2)}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _weights(reading: QueryReading, frequencies: Mapping[str, int], total: int) -> Floats:
    weights = [
        (math.log1p(total / (1 + frequencies.get(stem, 0))) + 0.1) * (CARRIER_WEIGHT if word in reading.carriers else 1)
        for word, stem in zip(reading.words, reading.stems, strict=True)
    ]
    return np.array(weights, dtype=np.float32) / np.float32(sum(weights))
