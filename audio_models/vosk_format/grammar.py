"""graph/Gr.fst: which words follow which, as a model of three words with backoff to two and to single ones."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from audio_models.vosk_format.lexicon import SHORT_WORD_REWARD
from audio_models.vosk_format.transducer import EPSILON, Transducer

WORDS_BEFORE = 2
"""So many words decide which one follows."""
DISCOUNT = 0.85
"""Taken from the count of everything that follows and given to the backoff (absolute discounting, interpolated)."""
SCALE = 0.7
"""Of the costs of words beside those of sounds: what the phrasebook makes likely is not all that readers say."""
WORD_REWARD = 3.0
"""What every word earns, in nats: the costs of words add up faster than what their sounds say for them, and short words
were left out (docs/adr/0088)."""
FEW_UNITS = {1: 0.7, 2: -SHORT_WORD_REWARD}
"""What words of so many units earn beside. One: its unit earns nothing (lexicon.py), and "a" and «я» were left out
oftenest; not in the lexicon, or in a grammar of few words one long vowel would be said several times. Two: the lexicon
gave them as much already."""
LEAST_END = 1e-4
"""Chance that a sentence may end after any word."""
START, END = "<s>", "</s>"
ANY = "<any>"
"""In a sentence: here any single word may stand."""

Following = dict[tuple[str, ...], dict[str, float]]
"""The words before, none to WORDS_BEFORE of them -> what follows -> how often."""


def write_grammar(
    path: Path,
    sentences: Iterable[tuple[Sequence[str], float]],
    fragments: Iterable[tuple[Sequence[str], float]],
    single: Mapping[str, float],
    word_ids: Mapping[str, int],
    units: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Write Gr.fst.

    sentences: (words, how often it is said); ANY among the words is a place for any word. fragments: what is said
    inside of sentences, where ANY is. single: weight of every word alone, in counts like the sentences'. Words without
    a number in `word_ids` are skipped. units: how many each word has at least; many when it is not said.
    """
    following: Following = defaultdict(lambda: defaultdict(float))
    for words, weight in sentences:
        _count([START, *(word for word in words if word in word_ids or word == ANY), END], weight, following, fewest=0)
    for words, weight in fragments:  # how often their words are said is in `single`
        _count([word for word in words if word in word_ids], weight, following, fewest=1)
    for word, weight in single.items():
        if word in word_ids:
            following[()][word] += weight
    following[()].pop(ANY, None)
    following[()].setdefault(END, 1.0)
    rewards = {word: WORD_REWARD + FEW_UNITS.get(units.get(word, 0), 0.0) for word in word_ids}
    _write(path, following, word_ids, rewards)


def _count(words: Sequence[str], weight: float, following: Following, fewest: int) -> None:
    """Count what follows `fewest` and more words, none of which is ANY."""
    for place in range(1, len(words)):
        for before in range(min(WORDS_BEFORE, place) + 1):
            history = tuple(words[place - before : place])
            if ANY in history:
                break
            if before >= fewest:
                following[history][words[place]] += weight


def _write(path: Path, following: Following, word_ids: Mapping[str, int], rewards: Mapping[str, float]) -> None:
    """A state for all words before that are known; what it costs to forget the first of them leads to a shorter one."""
    graph = Transducer()
    states = dict(zip(following, graph.states(len(following)), strict=True))
    chances: dict[tuple[str, ...], dict[str, float]] = {}
    rows: list[tuple[int, int, float, int]] = []
    for before in sorted(following, key=len):
        counts = following[before]
        heard = sum(counts.values())
        kept = {word: max(count - DISCOUNT * bool(before), 0.0) for word, count in counts.items() if word != ANY}
        left = 1.0 - sum(kept.values()) / heard
        # interpolated: what fewer words before say of a word is added
        fewer = chances[before[1:]] if before else {}
        chance = {word: count / heard + left * fewer.get(word, 0.0) for word, count in kept.items()}
        chance.setdefault(END, left * fewer.get(END, 0.0))
        chances[before] = chance
        graph.final(states[before], _cost(max(chance[END], LEAST_END)))
        for word in kept.keys() - {END}:
            after = (*before, word)[-WORDS_BEFORE:]
            while after not in states:
                after = after[1:]
            cost = _cost(chance[word]) - rewards[word]
            rows.append((states[before], word_ids[word], cost, states[after]))
        if before:
            rows.append((states[before], EPSILON, _cost(left), states[before[1:]]))
    source, label, cost_of, target = zip(*rows, strict=True)
    graph.arcs(source, label, label, cost_of, target)
    graph.write(path, start=states.get((START,), states[()]), sort_by="ilabel")


def _cost(chance: float) -> float:
    """In nats."""
    return -SCALE * math.log(chance)
