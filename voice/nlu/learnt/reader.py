"""Reads a sentence with learnt weights: where the next part begins, what each part asks for, its slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from languages.number_parsing import Numbers
from voice.nlu.learnt.linear_layer import Floats, softmax
from voice.nlu.learnt.model_file import LearntWeights
from voice.nlu.learnt.slot_tags import SlotValues, spans_of
from voice.nlu.learnt.splitting import boundary, candidates
from voice.nlu.learnt.text_features import WordFeatures, sentence_features
from voice.values.intents import SlotValue


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
        """Where a second part begins, if one does."""
        weights = self._weights
        at = boundary(candidates(words, state, weights.intent_names, weights.intents, weights.gaps), weights.judge)
        return [] if at is None else [at]
