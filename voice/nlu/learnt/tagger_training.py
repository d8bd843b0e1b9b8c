"""Teaches the tagger: an averaged structured perceptron."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.nlu.learnt.linear_layer import Floats, quantised
from voice.nlu.learnt.tagger import NEVER, Tagger, allowed, best_path

LEAST = 2
"""Words that a feature must occur at."""
MOST_FEATURES = 60_000
TaggedSentence = tuple[Sequence[Sequence[int]], Sequence[str]]
"""Features of each word, and the right tags."""


def train_tagger(sentences: Sequence[TaggedSentence], epochs: int, seed: int) -> Tagger:
    """Return a tagger. The same seed and sentences, the same tagger."""
    tags = _tags(sentences)
    number = {tag: at for at, tag in enumerate(tags)}
    occurs = Counter(feature for words, _ in sentences for features in words for feature in features)
    ids = sorted(feature for feature, times in occurs.items() if times >= LEAST)
    row = {feature: at for at, feature in enumerate(ids)}
    examples = [
        (
            [np.asarray(sorted({row[each] for each in features if each in row}), np.int64) for features in words],
            [number[tag] for tag in right],
        )
        for words, right in sentences
    ]
    learner = _Perceptron(max(1, len(ids)), tags)
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        for at in random.permutation(len(examples)):
            learner.see(*examples[at])
    weights, transitions = learner.averaged()
    return Tagger(tags, quantised(ids or [0], weights, MOST_FEATURES), transitions)


def _tags(sentences: Sequence[TaggedSentence]) -> tuple[str, ...]:
    names = sorted({tag[2:] for _, tags in sentences for tag in tags} - {""})
    return ("O", *(f"{place}-{name}" for name in names for place in "BI"))


class _Perceptron:
    def __init__(self, features: int, tags: Sequence[str]) -> None:
        count = len(tags)
        self._weights: Floats = np.zeros((features, count), np.float32)
        self._weighted: NDArray[np.float64] = np.zeros((features, count))
        self._transitions: Floats = np.zeros((count + 1, count), np.float32)
        self._transitions_weighted: NDArray[np.float64] = np.zeros((count + 1, count))
        self._allowed = allowed(tags)
        self._seen = 1

    def see(self, words: Sequence[NDArray[np.int64]], right: Sequence[int]) -> None:
        """Learn from one sentence."""
        scores = np.stack([self._weights[rows].sum(axis=0) for rows in words])
        guessed = best_path(scores, self._transitions + self._allowed)
        before, before_guessed = len(self._allowed) - 1, len(self._allowed) - 1
        for rows, tag, guess in zip(words, right, guessed, strict=True):
            if tag != guess:
                self._add(rows, tag, 1)
                self._add(rows, guess, -1)
            if (before, tag) != (before_guessed, guess):
                self._link(before, tag, 1)
                self._link(before_guessed, guess, -1)
            before, before_guessed = tag, guess
        self._seen += 1

    def _add(self, rows: NDArray[np.int64], tag: int, worth: int) -> None:
        self._weights[rows, tag] += worth
        self._weighted[rows, tag] += worth * self._seen

    def _link(self, before: int, tag: int, worth: int) -> None:
        self._transitions[before, tag] += worth
        self._transitions_weighted[before, tag] += worth * self._seen

    def averaged(self) -> tuple[Floats, Floats]:
        """Return weights and transitions, the mean of all that there were."""
        weights = (self._weights - self._weighted / self._seen).astype(np.float32)
        transitions = (self._transitions - self._transitions_weighted / self._seen).astype(np.float32)
        return weights, np.maximum(transitions + self._allowed, NEVER)
