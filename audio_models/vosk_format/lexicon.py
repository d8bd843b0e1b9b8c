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

from audio_models.vosk_format.acoustic import Position, Topology, UnitArcs
from audio_models.vosk_format.transducer import EPSILON, Transducer

FREE_BLANKS = 4
"""Frames of 30 ms inside a word that cost nothing."""
BLANK_COST = 1.0
"""Cost of every further one."""
UNKNOWN = "[unk]"
UNKNOWN_COST = 2.0

Spellings = Mapping[str, Sequence[Sequence[int]]]
"""Word -> the rows of units (numbered from 1) it may be said as."""


def write_lexicon(path: Path, topology: Topology, spellings: Spellings, word_ids: Mapping[str, int]) -> None:
    """Write HCLr.fst for all words, with [unk] as the garbage word."""
    graph = Transducer()
    after, before, pause, garbage = graph.states(4)
    graph.final(before)
    graph.arc(after, EPSILON, EPSILON, 0.0, before)
    graph.arc(after, topology.silence.done, EPSILON, 0.0, pause)
    graph.arc(pause, topology.silence.loop, EPSILON, 0.0, pause)
    graph.arc(pause, EPSILON, EPSILON, 0.0, before)
    graph.arc(before, topology.garbage.done, word_ids[UNKNOWN], UNKNOWN_COST, garbage)
    graph.arc(garbage, topology.garbage.loop, EPSILON, 0.0, garbage)
    graph.arc(garbage, EPSILON, EPSILON, 0.0, after)
    for word, ways in spellings.items():
        for units in ways:
            _add_word(graph, topology, units, word_ids[word], before, after)
    graph.write(path, start=after, sort_by="olabel")


def _add_word(graph: Transducer, topology: Topology, units: Sequence[int], label: int, before: int, after: int) -> None:
    """A chain of units, each followed by an optional blank, from `before` to `after`."""
    waiting: Sequence[int] = (before,)  # the states from which the next unit may start
    direct = -1
    for place, unit in enumerate(units):
        arcs = topology.arcs(unit, _position(place, len(units)))
        heard = graph.state()
        olabel = label if place == 0 else EPSILON
        for state in waiting:
            graph.arc(state, arcs.done, olabel, 0.0, heard)
        if place > 0 and units[place - 1] != unit:  # CTC: equal neighbours need a blank between them
            graph.arc(direct, arcs.done, EPSILON, 0.0, heard)
        graph.arc(heard, arcs.loop, EPSILON, 0.0, heard)
        direct = heard
        if place + 1 < len(units):
            waiting = _blanks(graph, arcs, heard)
    graph.arc(direct, EPSILON, EPSILON, 0.0, after)


def _blanks(graph: Transducer, arcs: UnitArcs, heard: int) -> Sequence[int]:
    """The blank after a unit: some free states, then a loop that costs."""
    states = graph.states(FREE_BLANKS)
    source = heard
    for state in states:
        # The loop's label comes first, as in Kaldi's reordered graphs: the aligner expects it.
        graph.arc(source, arcs.blank_loop, EPSILON, 0.0, state)
        source = state
    graph.arc(source, arcs.blank_loop, EPSILON, BLANK_COST, source)
    return states


def _position(place: int, length: int) -> Position:
    if length == 1:
        return Position.ALONE
    if place == 0:
        return Position.BEGIN
    return Position.END if place == length - 1 else Position.INSIDE
