"""Reads a sentence with learnt weights: where the next part begins, what each part asks for, its slots."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from languages.number_parsing import Numbers
from voice.nlu.learnt.linear_layer import Floats, softmax
from voice.nlu.learnt.model_file import LearntWeights
from voice.nlu.learnt.slot_tags import SlotValues, spans_of
from voice.nlu.learnt.text_features import WordFeatures, gap_features, sentence_features
from voice.values.intents import SlotValue

MOST_GAPS = 3
"""Gaps of a sentence that are tried as the beginning of the next part, the likeliest."""
NEVER_BESIDE = frozenset({"other", "unanswerable"})
"""What is not meant for a library is no part beside a request."""
LEAST_SURE = math.log(0.5)
"""Log of the probability that each part of a split must reach."""
MIN_GAP_PROBABILITY = 0.02
"""Below this a gap is not tried."""


@dataclass(frozen=True, slots=True)
class LearntPart:
    """Words that ask for one thing."""

    words: tuple[str, ...]
    probabilities: Floats
    """(intents,): calibrated, 0 to 1."""
    slots: Mapping[str, SlotValue]
    correction: float = 0.0
    """Probability, 0 to 1, that the part is said as a correction of what was understood before."""


class SentenceReader:
    """Reads with one set of weights. Keeps nothing of what it reads."""

    def __init__(self, weights: LearntWeights) -> None:
        self._weights = weights
        numbers = Numbers.load()
        self._word_features = WordFeatures(dict(weights.word_counts), numbers)
        self._values = SlotValues(weights.slot_values, numbers)

    def parts(self, words: Sequence[str], state: str) -> list[LearntPart]:
        """Return the parts of the sentence in their order; none for no words."""
        if not words:
            return []
        bounds = [0, *self._boundaries(words, state), len(words)]
        found = []
        for start, end in pairwise(bounds):
            part = words[start:end]
            probabilities = self.probabilities(part, state)
            intent = self._weights.intent_names[int(probabilities.argmax())]
            tags = self._weights.tagger.read(self._word_features.of(part, state, intent))
            slots = self._values.of(part, spans_of(tags))
            found.append(LearntPart(tuple(part), probabilities, slots, 0.0 if start else self._correction(part, state)))
        return found

    def probabilities(self, words: Sequence[str], state: str) -> Floats:
        """Return (intents,): calibrated probabilities of one part."""
        return softmax(self.scores(words, state), self._weights.temperature)

    def scores(self, words: Sequence[str], state: str) -> Floats:
        """Return (intents,): scores of one part before calibration."""
        return self._weights.intents.normed_scores(sentence_features(words, state))

    def _correction(self, words: Sequence[str], state: str) -> float:
        return float(softmax(self._weights.corrections.normed_scores(sentence_features(words, state)))[1])

    def _boundaries(self, words: Sequence[str], state: str) -> list[int]:
        """Where further parts begin. A split must explain the sentence better than one intent does."""
        if len(words) < 2:
            return []
        gaps = np.stack([self._weights.gaps.scores(features) for features in gap_features(words, state)])
        chances = softmax(gaps)[:, 1]
        tried = [int(at) + 1 for at in np.argsort(-chances)[:MOST_GAPS] if chances[at] >= MIN_GAP_PROBABILITY]
        best: list[int] = []
        _, worth = self._likeliest(words, state)
        for at in tried:
            gain = float(np.log(chances[at - 1] / (1 - chances[at - 1] + 1e-9))) + self._weights.gap_bias
            (first, sure_first), (second, sure_second) = (
                self._likeliest(part, state) for part in (words[:at], words[at:])
            )
            if first == second or not {first, second}.isdisjoint(NEVER_BESIDE):
                continue
            if min(sure_first, sure_second) >= LEAST_SURE and sure_first + sure_second + gain > worth:
                best, worth = [at], sure_first + sure_second + gain
        return best

    def _likeliest(self, words: Sequence[str], state: str) -> tuple[str, float]:
        """The likeliest intent and the log of its probability."""
        probabilities = self.probabilities(words, state)
        best = int(probabilities.argmax())
        return self._weights.intent_names[best], float(np.log(probabilities[best]))
