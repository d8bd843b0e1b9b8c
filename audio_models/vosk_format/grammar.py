"""graph/Gr.fst: which words follow which, as a bigram model with backoff to single words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from audio_models.vosk_format.transducer import EPSILON, Transducer

DISCOUNT = 0.6
"""Taken from every bigram's count and given to the backoff (absolute discounting)."""
START, END = "<s>", "</s>"
ANY = "<any>"
"""In a sentence: here any single word may stand."""


def write_grammar(
    path: Path,
    sentences: Iterable[tuple[Sequence[str], float]],
    single: Mapping[str, float],
    word_ids: Mapping[str, int],
) -> None:
    """Write Gr.fst.

    sentences: (words, how often it is said); ANY among the words is a place for any word. single: weight of every word
    alone, in counts like the sentences'. Words without a number in `word_ids` are skipped.
    """
    pairs: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    alone: dict[str, float] = defaultdict(float)
    for words, weight in sentences:
        known = [START, *(word for word in words if word in word_ids or word == ANY), END]
        for first, second in pairwise(known):
            if second != ANY:
                alone[second] += weight
            if first != ANY:
                pairs[first][second] += weight
    for word, weight in single.items():
        if word in word_ids:
            alone[word] += weight
    alone.setdefault(END, 1.0)
    _write(path, pairs, alone, word_ids)


def _write(
    path: Path, pairs: Mapping[str, Mapping[str, float]], alone: Mapping[str, float], word_ids: Mapping[str, int]
) -> None:
    graph = Transducer()
    backoff = graph.states(1).start
    states = dict(zip(pairs, graph.states(len(pairs)), strict=True))
    total = sum(alone.values())
    ends = max(alone[END], total * 1e-3)
    rows: list[tuple[int, int, float, int]] = []
    for word, weight in alone.items():
        if word != END:
            rows.append((backoff, word_ids[word], -math.log(weight / total), states.get(word, backoff)))
    graph.final(backoff, -math.log(ends / total))
    for first, following in pairs.items():
        heard = sum(following.values())
        kept = {word: max(weight - DISCOUNT, 0.0) for word, weight in following.items() if word != ANY}
        left = heard - sum(kept.values())
        for word, weight in kept.items():
            # interpolated: the backoff's share of the word is added to its own
            cost = -math.log((weight + left * alone[word] / total) / heard)
            if word == END:
                graph.final(states[first], cost)
            else:
                rows.append((states[first], word_ids[word], cost, states.get(word, backoff)))
        if END not in following:
            graph.final(states[first], -math.log(left / heard * ends / total))
        rows.append((states[first], EPSILON, -math.log(left / heard), backoff))
    source, label, cost_of, target = zip(*rows, strict=True)
    graph.arcs(source, label, label, cost_of, target)
    graph.write(path, start=states.get(START, backoff), sort_by="ilabel")
