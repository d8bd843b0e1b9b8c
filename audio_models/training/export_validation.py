"""Proof that the exported model scores as the trained network does: Vosk's path cost against ours, to three decimals.

If features, padding, network, graph or numbering differed in any way, the costs would differ.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import vosk
from numpy.typing import NDArray

from audio_models.training.corpus_store import Samples
from audio_models.training.export import export
from audio_models.training.features import log_mel
from audio_models.training.network import Network
from audio_models.vosk_format.acoustic import Topology
from audio_models.vosk_format.directory import write_graph
from audio_models.vosk_format.transducer_reading import Arcs, read_transducer

WORD = "word"
GRAPH_SCALE = 0.9
"""Vosk counts the weights of the graph so much in the costs it reports (kaldi_recognizer.cc), after its search."""


def score_difference(network: Network, samples: Samples, units: Sequence[int]) -> float:
    """How much Vosk's cost of hearing `samples` as one word of these units differs from ours, in nats."""
    topology = Topology(network.out.out_features - 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export(network, folder)
        write_graph(folder, topology.units, {WORD: [units]}, [([WORD], 1.0)], [], {})
        vosk.SetLogLevel(-2)
        decoder = vosk.KaldiRecognizer(vosk.Model(name), 16000.0)
        decoder.SetMaxAlternatives(1)
        decoder.AcceptWaveform(samples.tobytes())
        best = json.loads(decoder.FinalResult())["alternatives"][0]
        if best["text"] != WORD:
            raise ValueError(f"Vosk heard {best['text']!r}; give a recording of exactly these units")
        lexicon, grammar = read_transducer(folder / "graph" / "HCLr.fst"), read_transducer(folder / "graph" / "Gr.fst")
    with torch.no_grad():
        scores = network(torch.from_numpy(log_mel(samples))[None])[0].numpy()
    sound, graph = path_cost(lexicon, scores, topology)
    return float(abs(-best["confidence"] - sound - GRAPH_SCALE * (graph + sentence_cost(grammar))))


def path_cost(
    lexicon: tuple[Arcs, NDArray[np.float32], int], scores: NDArray[np.float32], topology: Topology
) -> tuple[float, float]:
    """Viterbi: the cheapest way through the lexicon that takes all frames and exactly one word, [unk] left out.

    Returns what the sounds cost on it and what the arcs cost.
    """
    arcs, finals, start = lexicon
    states = len(finals)
    moves, pauses = [], []
    for source, transition, word, weight, target in arcs.tolist():
        if word == 1 or transition == topology.garbage.loop:
            continue
        # Two layers of states: before the word was begun, and after.
        for begun in (0, 1) if word == 0 else (0,):
            entry = source + begun * states, weight, target + (begun or word > 0) * states
            if transition:
                moves.append((*entry, _output(transition, topology)))
            else:
                pauses.append(entry)
    costs = {start: (0.0, 0.0)}
    for frame in scores:
        _rest(costs, pauses)
        following: dict[int, tuple[float, float]] = {}
        for source, weight, target, output in moves:
            if source in costs:
                sound, graph = costs[source]
                _keep(following, target, (sound - float(frame[output]), graph + weight))
        costs = following
    _rest(costs, pauses)
    return min(
        (cost for state, cost in costs.items() if state >= states and np.isfinite(finals[state - states])), key=sum
    )


def _keep(costs: dict[int, tuple[float, float]], state: int, cost: tuple[float, float]) -> bool:
    """Put the cost in when it is the lowest for its state."""
    if state in costs and sum(costs[state]) <= sum(cost):
        return False
    costs[state] = cost
    return True


def _rest(costs: dict[int, tuple[float, float]], pauses: Sequence[tuple[int, float, int]]) -> None:
    """Take arcs without sound until nothing gets cheaper."""
    changed = True
    while changed:
        changed = False
        for source, weight, target in pauses:
            if source in costs:
                sound, graph = costs[source]
                changed |= _keep(costs, target, (sound, graph + weight))


def _output(transition: int, topology: Topology) -> int:
    """The network's output behind a transition id."""
    if transition <= 4:
        return 0 if transition <= 2 else topology.garbage_pdf
    phone, place = divmod(transition - 5, 5)
    return phone // 4 + 1 if place < 3 else 0


def sentence_cost(grammar: tuple[Arcs, NDArray[np.float32], int]) -> float:
    """The grammar's cost of the sentence of its one word (number 2), without backing off."""
    arcs, finals, start = grammar
    (arc,) = [arc for arc in arcs.tolist() if arc[0] == start and arc[1] == 2]
    return float(arc[3] + finals[arc[4]])
