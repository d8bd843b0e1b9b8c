"""graph/HCLr.fst: every word as the row of network outputs that CTC makes of its units.

Words share the units they begin with, up to two, and a word's label stands on the arc that enters the first unit of its
own: a search through 11,000 words so takes two thirds of the time that it takes through as many separate rows, and
misses less. Labels come early enough for the grammar to prune, so no look-ahead is needed.

There are two roots: `after` a word, where silence may follow once, and `before` the next one; silence that could follow
silence would give the lattice endless equal readings.

Between two units the blank may last. The first frames of it are free; from then on each costs: without that, a weakly
heard last letter lets the search wait inside the word for ever, no trailing silence is counted and no endpoint fires.

Units earn a reward. CTC's blank is sure of itself, and a unit that a stranger says unclearly scores so little that
nothing at all was the cheapest reading: most words that were lost were not mistaken for others but left out. The first
unit earns nothing, or a long vowel would be worth several words of one letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.vosk_format.acoustic import GARBAGE_SCORE, Topology
from audio_models.vosk_format.transducer import EPSILON, Transducer

SHARED = 2
"""Units at the beginning that words with the same ones share."""
FREE_BLANKS = 2
"""Frames of 30 ms inside a word that cost nothing. Every one is a state of every unit to search."""
BLANK_COST = 0.5
"""Cost of every further one, in nats."""
UNIT_REWARD = 3.5
"""What every unit of a word but the first earns, in nats, unless a model says otherwise."""
SHORT_WORD_REWARD = 1.5
"""What a word of two units earns beside: else its one reward is too little, and silence was heard for "иә" and «да»."""
UNKNOWN = "[unk]"
UNKNOWN_COST = 3.0
"""Cost of beginning an unknown word, in nats."""
GARBAGE_COST = 0.3
"""Cost of a frame of an unknown word, in nats. Lower, and it swallows speech; higher, and strangers' words come in."""

Spellings = Mapping[str, Sequence[Sequence[int]]]
"""Word -> the rows of units (numbered from 1) it may be said as."""


def write_lexicon(
    path: Path, topology: Topology, spellings: Spellings, word_ids: Mapping[str, int], unit_reward: float
) -> None:
    """Write HCLr.fst for all words, with [unk] as the garbage word."""
    graph = Transducer()
    after, before, pause, garbage = graph.states(4)
    silence, other = topology.silence, topology.garbage
    graph.final(before)
    graph.arcs(after, EPSILON, EPSILON, 0.0, before)
    graph.arcs(after, silence.done, EPSILON, 0.0, pause)
    graph.arcs(pause, silence.loop, EPSILON, 0.0, pause)
    graph.arcs(pause, EPSILON, EPSILON, 0.0, before)
    frame = GARBAGE_COST + GARBAGE_SCORE  # beside what the network says
    graph.arcs(before, other.done, word_ids[UNKNOWN], UNKNOWN_COST + frame, garbage)
    graph.arcs(garbage, other.loop, EPSILON, frame, garbage)
    graph.arcs(garbage, EPSILON, EPSILON, 0.0, after)
    rows = [(word_ids[word], row) for word, ways in spellings.items() for row in ways]
    if rows:
        _add_words(graph, topology, rows, unit_reward, before, after)
    graph.write(path, start=after, sort_by="olabel")


def _add_words(
    graph: Transducer,
    topology: Topology,
    rows: Sequence[tuple[int, Sequence[int]]],
    unit_reward: float,
    before: int,
    after: int,
) -> None:
    """Words from `before` to `after`: the units they begin with in common, then each word's own."""
    depths = np.array([min(SHARED, len(row) - 1) for _, row in rows])
    beginnings = sorted(
        {tuple(row[: n + 1]) for (_, row), depth in zip(rows, depths, strict=True) for n in range(depth)}
    )
    number = {beginning: place for place, beginning in enumerate(beginnings)}
    last_units = [beginning[-1:] for beginning in beginnings]
    shared = _Chain(graph, topology, last_units, [len(b) > 1 for b in beginnings], unit_reward, False)
    for place, beginning in enumerate(beginnings):
        if len(beginning) == 1:
            graph.arcs(before, shared.done[place], EPSILON, 0.0, shared.heard[place])
    deeper = [place for place, beginning in enumerate(beginnings) if len(beginning) > 1]
    parents = [number[beginnings[place][:-1]] for place in deeper]
    _follow(graph, shared, np.array(parents, int), shared, np.array(deeper, int), EPSILON)

    rests = [row[depth:] for (_, row), depth in zip(rows, depths, strict=True)]
    own = _Chain(graph, topology, rests, depths > 0, unit_reward, True)
    own.rewards[own.last[np.array([len(row) == 2 for _, row in rows])]] += SHORT_WORD_REWARD
    labels = np.array([label for label, _ in rows])
    alone = depths == 0
    graph.arcs(before, own.done[own.first[alone]], labels[alone], 0.0, own.heard[own.first[alone]])
    joined = [number[tuple(row[:depth])] for (_, row), depth in zip(rows, depths, strict=True) if depth]
    _follow(graph, shared, np.array(joined, int), own, own.first[~alone], labels[~alone])
    graph.arcs(own.heard[own.last], EPSILON, EPSILON, 0.0, after)


class _Chain:
    """Rows of units, each unit but the last followed by an optional blank: states and arcs of all of them at once."""

    def __init__(
        self,
        graph: Transducer,
        topology: Topology,
        rows: Sequence[Sequence[int]],
        begun: Sequence[bool] | NDArray[np.bool_],
        unit_reward: float,
        ends: bool,
    ) -> None:
        """begun: the word has units before the row. ends: with its last unit the word is over."""
        lengths = np.array([len(row) for row in rows], int)
        self.units = np.concatenate([np.asarray(row, int) for row in rows]) if rows else np.zeros(0, int)
        self.rewards = np.full(len(self.units), unit_reward)
        past = np.cumsum(lengths)
        self.first, self.last = past - lengths, past - 1
        first, over = np.zeros(len(self.units), bool), np.zeros(len(self.units), bool)
        first[self.first[~np.asarray(begun, bool)]] = True
        over[self.last] = ends
        arcs = topology.arcs(self.units, topology.positions(first, over))
        self.done = arcs.done
        # A unit's own state, then its blanks' states; the last unit of a word has no blanks.
        sizes = np.where(over, 1, 1 + FREE_BLANKS)
        self.heard = graph.states(int(sizes.sum())).start + np.cumsum(sizes) - sizes
        graph.arcs(self.heard, arcs.loop, EPSILON, 0.0, self.heard)
        inside, inner = self.heard[~over], arcs.blank_loop[~over]
        for blank in range(FREE_BLANKS):
            graph.arcs(inside + blank, inner, EPSILON, 0.0, inside + blank + 1)
        graph.arcs(inside + FREE_BLANKS, inner, EPSILON, BLANK_COST, inside + FREE_BLANKS)
        starts = np.zeros(len(self.units), bool)
        starts[self.first] = True
        following = np.flatnonzero(~starts)
        _follow(graph, self, following - 1, self, following, EPSILON)


def _follow(
    graph: Transducer,
    earlier: _Chain,
    sources: NDArray[np.int64],
    later: _Chain,
    targets: NDArray[np.int64],
    labels: int | NDArray[np.int64],
) -> None:
    """Arcs from units of one chain, or from the blanks after them, to units of another."""
    labels = np.broadcast_to(labels, len(targets))
    source, target, entered = earlier.heard[sources], later.heard[targets], later.done[targets]
    earned = -later.rewards[targets]
    for blank in range(1, FREE_BLANKS + 1):
        graph.arcs(source + blank, entered, labels, earned, target)
    different = earlier.units[sources] != later.units[targets]  # CTC: equal neighbours need a blank between them
    graph.arcs(source[different], entered[different], labels[different], earned[different], target[different])
