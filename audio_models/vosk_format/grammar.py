"""graph/Gr.fst: which words follow which, as a bigram model with backoff to single words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from audio_models.vosk_format.transducer import EPSILON, Transducer

DISCOUNT = 0.6
"""Taken from every bigram's count and given to the backoff (absolute discounting)."""
WORD_REWARD = 3.0
"""What every word earns, in nats: the costs of words add up faster than what their sounds say for them, and short words
were left out (docs/decisions.md)."""
SHORT_WORD_REWARD = 1.0
"""What a word of one unit earns beside: its unit earns nothing (lexicon.py), and "a" and «я» were left out oftenest.
Not in the lexicon: in a grammar of few words one long vowel would then be said several times."""
START, END = "<s>", "</s>"
ANY = "<any>"
"""In a sentence: here any single word may stand."""


def write_grammar(
    path: Path,
    sentences: Iterable[tuple[Sequence[str], float]],
    fragments: Iterable[tuple[Sequence[str], float]],
    single: Mapping[str, float],
    word_ids: Mapping[str, int],
    short: Container[str] = (),
) -> None:
    """Write Gr.fst.

    sentences: (words, how often it is said); ANY among the words is a place for any word. fragments: what is said
    inside of sentences, where ANY is. single: weight of every word alone, in counts like the sentences'. Words without
    a number in `word_ids` are skipped. short: words of one unit.
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
    for words, weight in fragments:
        for first, second in pairwise(word for word in words if word in word_ids):
            pairs[first][second] += weight
    for word, weight in single.items():
        if word in word_ids:
            alone[word] += weight
    alone.setdefault(END, 1.0)
    rewards = {word: WORD_REWARD + (SHORT_WORD_REWARD if word in short else 0.0) for word in word_ids}
    _write(path, pairs, alone, word_ids, rewards)


def _write(
    path: Path,
    pairs: Mapping[str, Mapping[str, float]],
    alone: Mapping[str, float],
    word_ids: Mapping[str, int],
    rewards: Mapping[str, float],
) -> None:
    graph = Transducer()
    backoff = graph.states(1).start
    states = dict(zip(pairs, graph.states(len(pairs)), strict=True))
    total = sum(alone.values())
    ends = max(alone[END], total * 1e-3)
    rows: list[tuple[int, int, float, int]] = []
    for word, weight in alone.items():
        if word != END:
            cost = -math.log(weight / total) - rewards[word]
            rows.append((backoff, word_ids[word], cost, states.get(word, backoff)))
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
                rows.append((states[first], word_ids[word], cost - rewards[word], states.get(word, backoff)))
        if END not in following:
            graph.final(states[first], -math.log(left / heard * ends / total))
        rows.append((states[first], EPSILON, -math.log(left / heard), backoff))
    source, label, cost_of, target = zip(*rows, strict=True)
    graph.arcs(source, label, label, cost_of, target)
    graph.write(path, start=states.get(START, backoff), sort_by="ilabel")
