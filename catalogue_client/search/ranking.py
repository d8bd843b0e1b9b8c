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

from catalogue_client.search.asked import Reading
from catalogue_client.search.index import Document

TITLE_SAID = 0.25
PART_ALIKE = 0.12
WHOLE_ALIKE = 0.08
WELL_READ = 0.02
"""A tie-break: the most read of the candidates gets it whole."""

Field = Literal["any", "title", "author", "subject"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its marks."""

    document: Document
    score: float
    met: float
    """0 to 1: how well the asked words are met, weighed by rarity."""
    said: float
    """0 to 1: how much of the title, or of one of its aliases, was said."""


def rank(
    reading: Reading, documents: Sequence[Document], frequencies: Mapping[str, int], total: int, field: Field = "any"
) -> list[Ranked]:
    """The documents with their marks, in the order given.

    `field` says where the words must be found; `total` documents are in the index, `frequencies` of them hold a stem.
    """
    if not documents or not reading.words:
        return []
    vocabulary: dict[str, int] = {}

    def columns(stems: Sequence[str]) -> list[int]:
        return [vocabulary.setdefault(stem, len(vocabulary)) for stem in stems or ("",)]

    words, names, owners = [], [], []
    for at, document in enumerate(documents):
        words.append(columns(_searched(document, field)))
        for name in document.titles:
            names.append(columns(name))
            owners.append(at)
    alike = process.cdist(reading.stems, list(vocabulary), scorer=JaroWinkler.similarity, dtype=np.float32) ** 3
    met = _met(alike, words, _weights(reading.stems, frequencies, total))
    said = _said(alike, names, owners, len(documents))
    most_read = math.log1p(max(document.popularity for document in documents)) or 1.0
    ranked = []
    for at, document in enumerate(documents):
        score = float(met[at]) + WELL_READ * math.log1p(document.popularity) / most_read
        if field in ("any", "title"):
            score += TITLE_SAID * float(said[at])
            score += PART_ALIKE * fuzz.partial_ratio(reading.text, document.title) / 100
            score += WHOLE_ALIKE * fuzz.ratio(reading.text, document.title) / 100
        ranked.append(Ranked(document, score, float(met[at]), float(said[at])))
    return ranked


def _searched(document: Document, field: Field) -> tuple[str, ...]:
    """The stems among which the asked words must be."""
    if field == "author":
        return document.authors
    if field == "subject":
        return document.subjects
    titles = tuple(stem for name in document.titles for stem in name)
    return titles if field == "title" else titles + document.authors


def _weights(stems: Sequence[str], frequencies: Mapping[str, int], total: int) -> Floats:
    rare = [math.log1p(total / (1 + frequencies.get(stem, 0))) + 0.1 for stem in stems]
    return np.array(rare, dtype=np.float32) / np.float32(sum(rare))


def _met(alike: Floats, words: Sequence[Sequence[int]], weights: Floats) -> Floats:
    """For each document: the best likeness of every asked word, weighed."""
    flat = np.fromiter((column for one in words for column in one), dtype=np.intp)
    starts = np.cumsum([0, *(len(one) for one in words[:-1])])
    return weights @ np.maximum.reduceat(alike[:, flat], starts, axis=1)


def _said(alike: Floats, names: Sequence[Sequence[int]], owners: Sequence[int], documents: int) -> Floats:
    """For each document: the share of its best-met title or alias that was said."""
    heard = alike.max(axis=0)
    flat = np.fromiter((column for one in names for column in one), dtype=np.intp)
    lengths = np.array([len(one) for one in names])
    starts = np.concatenate(([0], np.cumsum(lengths[:-1])))
    shares = np.add.reduceat(heard[flat], starts) / lengths
    said = np.zeros(documents, dtype=np.float32)
    np.maximum.at(said, owners, shares)
    return said
