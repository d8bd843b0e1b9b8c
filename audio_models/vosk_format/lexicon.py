"""graph/HCLr.fst: every word as the row of network outputs that CTC makes of its units.

The word's label stands on its first emitting arc, so the grammar prunes at once and no look-ahead is needed. There are
two roots: `after` a word, where silence may follow once, and `before` the next one; silence that could follow silence
would give the lattice endless equal readings.

Between two units the blank may last. The first frames of it are free; from then on each costs: without that, a weakly
heard last letter lets the search wait inside the word for ever, no trailing silence is counted and no endpoint fires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from audio_models.vosk_format.acoustic import Topology
from audio_models.vosk_format.transducer import EPSILON, Transducer

FREE_BLANKS = 4
"""Frames of 30 ms inside a word that cost nothing."""
BLANK_COST = 1.0
"""Cost of every further one, in nats."""
UNKNOWN = "[unk]"
UNKNOWN_COST = 3.0
"""Cost of beginning an unknown word, in nats."""

Spellings = Mapping[str, Sequence[Sequence[int]]]
"""Word -> the rows of units (numbered from 1) it may be said as."""


def write_lexicon(path: Path, topology: Topology, spellings: Spellings, word_ids: Mapping[str, int]) -> None:
    """Write HCLr.fst for all words, with [unk] as the garbage word."""
    graph = Transducer()
    after, before, pause, garbage = graph.states(4)
    silence, other = topology.silence, topology.garbage
    graph.final(before)
    graph.arcs(after, EPSILON, EPSILON, 0.0, before)
    graph.arcs(after, silence.done, EPSILON, 0.0, pause)
    graph.arcs(pause, silence.loop, EPSILON, 0.0, pause)
    graph.arcs(pause, EPSILON, EPSILON, 0.0, before)
    graph.arcs(before, other.done, word_ids[UNKNOWN], UNKNOWN_COST, garbage)
    graph.arcs(garbage, other.loop, EPSILON, 0.0, garbage)
    graph.arcs(garbage, EPSILON, EPSILON, 0.0, after)
    rows = [(word_ids[word], row) for word, ways in spellings.items() for row in ways]
    if rows:
        _add_words(graph, topology, rows, before, after)
    graph.write(path, start=after, sort_by="olabel")


def _add_words(
    graph: Transducer, topology: Topology, rows: Sequence[tuple[int, Sequence[int]]], before: int, after: int
) -> None:
    """Chains of units, each but the last followed by an optional blank, from `before` to `after`."""
    lengths = np.array([len(row) for _, row in rows])
    units = np.concatenate([np.asarray(row) for _, row in rows])
    ends = np.cumsum(lengths)
    first, last = np.zeros(len(units), bool), np.zeros(len(units), bool)
    first[ends - lengths], last[ends - 1] = True, True
    arcs = topology.arcs(units, topology.positions(first, last))

    # A unit's own state, then its blanks' states; the last unit of a word has no blanks.
    sizes = np.where(last, 1, 1 + FREE_BLANKS)
    heard = graph.states(int(sizes.sum())).start + np.cumsum(sizes) - sizes
    graph.arcs(before, arcs.done[first], [label for label, _ in rows], 0.0, heard[first])
    graph.arcs(heard, arcs.loop, EPSILON, 0.0, heard)
    graph.arcs(heard[last], EPSILON, EPSILON, 0.0, after)

    inside, inner = heard[~last], arcs.blank_loop[~last]
    for blank in range(FREE_BLANKS):
        graph.arcs(inside + blank, inner, EPSILON, 0.0, inside + blank + 1)
    graph.arcs(inside + FREE_BLANKS, inner, EPSILON, BLANK_COST, inside + FREE_BLANKS)

    following = np.flatnonzero(~first)
    source, target, entered = heard[following - 1], heard[following], arcs.done[following]
    for blank in range(1, FREE_BLANKS + 1):
        graph.arcs(source + blank, entered, EPSILON, 0.0, target)
    different = units[following] != units[following - 1]  # CTC: equal neighbours need a blank between them
    graph.arcs(source[different], entered[different], EPSILON, 0.0, target[different])
