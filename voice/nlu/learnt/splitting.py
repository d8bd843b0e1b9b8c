"""Where a sentence asks for a second thing: candidates, what speaks for each, and a logistic judge of that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voice.nlu.learnt.linear_layer import Floats, LinearLayer, softmax
from voice.nlu.learnt.text_features import gap_features, sentence_features

MOST_CANDIDATES = 3
"""Gaps of a sentence that are judged, the likeliest by the words around them."""
MIN_GAP_CHANCE = 0.01
"""Probability below which a gap is not judged."""
ELSEWHERE = frozenset({"other", "unanswerable"})
"""What is not meant for a library is no part beside a request."""
SHORTEST = 5
"""Words from which on the length of a part says nothing more."""

EVIDENCE = 14
"""Numbers that speak for or against a split."""
Evidence = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SplitCandidate:
    """A gap in which a second part may begin."""

    at: int
    """First word of the second part."""
    evidence: Evidence
    """(EVIDENCE,)"""


def candidates(
    words: Sequence[str], state: str, names: Sequence[str], intents: LinearLayer, gaps: LinearLayer
) -> list[SplitCandidate]:
    """Return what may be the beginning of a second part, with what speaks for it."""
    if len(words) < 2:
        return []
    chances = softmax(np.stack([gaps.scores(features) for features in gap_features(words, state)]))[:, 1]
    whole, sure_whole, _ = _best(words, state, names, intents)
    found = []
    for gap in np.argsort(-chances, kind="stable")[:MOST_CANDIDATES]:
        at, chance = int(gap) + 1, float(chances[gap])
        if chance < MIN_GAP_CHANCE:
            break
        first, sure_first, next_first = _best(words[:at], state, names, intents)
        second, sure_second, next_second = _best(words[at:], state, names, intents)
        if first == second or not ELSEWHERE.isdisjoint((first, second)):
            continue  # one thing, said at length, or a call of attention before it
        evidence = [
            1.0,
            math.log(chance / (1 - chance + 1e-6)),
            sure_whole,
            sure_first,
            sure_second,
            min(sure_first, sure_second),
            next_first,
            next_second,
            float(whole == first),
            float(whole == second),
            float(whole in ELSEWHERE),
            min(at, SHORTEST),
            min(len(words) - at, SHORTEST),
            math.log(len(words)),
        ]
        found.append(SplitCandidate(at, np.asarray(evidence)))
    return found


def _best(words: Sequence[str], state: str, names: Sequence[str], intents: LinearLayer) -> tuple[str, float, float]:
    """The likeliest intent, the log of its probability, and how far the next one is behind, in nats."""
    chances: Floats = softmax(intents.normed_scores(sentence_features(words, state)))
    second, first = np.argsort(chances, kind="stable")[-2:]
    sure = math.log(float(chances[first]) + 1e-9)
    return names[int(first)], sure, sure - math.log(float(chances[second]) + 1e-9)


def boundary(found: Sequence[SplitCandidate], judge: Sequence[float]) -> int | None:
    """Return the first word of the second part, None when the sentence is of one.

    `judge` are weights of the evidence.
    """
    if not found or not judge:
        return None
    best = max(found, key=lambda each: float(each.evidence @ np.asarray(judge)))
    return best.at if float(best.evidence @ np.asarray(judge)) > 0 else None


RIDGE = 1.0
ROUNDS = 25


def fitted(evidence: Sequence[Evidence], right: Sequence[bool]) -> list[float]:
    """Return the weights of a logistic regression, by Newton's method; none when there is nothing to tell apart."""
    if not any(right) or all(right):
        return []
    matrix, labels = np.stack(evidence), np.asarray(right, dtype=np.float64)
    weights = np.zeros(matrix.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (labels - chances) - RIDGE * weights
        curve = (matrix * (chances * (1 - chances))[:, None]).T @ matrix + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    return [float(each) for each in weights]


def with_bias(judge: Sequence[float], bias: float) -> list[float]:
    """Return the judge, more or less inclined to split."""
    return [judge[0] + bias, *judge[1:]] if judge else []


def best_bias(
    sentences: Sequence[tuple[Sequence[SplitCandidate], int | None]], judge: Sequence[float], missed: float
) -> float:
    """Return the bias with the least faults: a needless split costs 1, a part that is missed or begins elsewhere
    `missed`.

    `sentences`: candidates, and where the second part begins, None where there is none.
    """
    if not judge:
        return 0.0
    gains: list[tuple[float, float]] = []
    for found, right in sentences:
        if found:
            worth, at = max((float(each.evidence @ np.asarray(judge)), each.at) for each in found)
            gains.append((worth, missed if at == right else 0.0 if right is not None else -1.0))
    gains.sort(reverse=True)
    best, bias, total = 0.0, -math.inf, 0.0
    for (worth, gain), (following, _) in pairwise([*gains, (-math.inf, 0.0)]):
        total += gain
        if total > best:
            best, bias = total, -(worth + max(following, worth - 2)) / 2
    return bias if math.isfinite(bias) else -1e3
