"""Single words and short groups cut out of sentences, for people of whom only sentences were recorded.

A trained network says where the words are: the best path of the sentence's letters through its output (CTC, Graves et
al. 2006). Between two words the quietest frame is the cut. Around a piece comes the sentence's own background.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from audio_models.acoustic_units import CYRILLIC, cyrillic_units, numbered
from audio_models.training.corpus_store import CorpusStore, Energies
from audio_models.training.network import STRIDE, Network
from audio_models.training.preparation import CLEAN, make_copy

LEAST_UNITS = 3
"""Of a piece: shorter words are cut badly."""
LARGEST_GROUP = 3
"""Words in a piece."""
PIECES = 3
"""Of a sentence."""
WORST = 1.5
"""Nats a frame on the best path; what costs more was said otherwise than written."""
QUIET_SHARE = 0.05
"""Of a sentence's frames are its background."""
MARGIN = 25
"""Frames before the first and after the last word's letters where a cut may be."""
OVERLAP = 4
"""Frames on the other side of the quietest that are kept: a quiet first letter is often louder than what follows it."""
AROUND = (12, 40)
"""Frames of background before and after a piece, fewest and most."""


def pieces(
    shelf: CorpusStore, copies: Path, network: Network, seed: int = 1
) -> Iterator[tuple[str, str, str, Energies]]:
    """(language, voice, text, energies) of pieces of the shelf's sentences, in the letters of the shared model."""
    chance = np.random.default_rng(seed)
    numbers = numbered(CYRILLIC)
    features = make_copy(copies, shelf, CLEAN)
    for number, utterance in enumerate(shelf.utterances):
        words = utterance.text.split()
        rows = [cyrillic_units(word) or () for word in words]
        if not all(rows) or len(words) < 2:
            continue
        energies = features.features(number)
        with torch.no_grad():
            scores = network(torch.from_numpy(energies)[None])[0].numpy()
        labels = [numbers[unit] for row in rows for unit in row]
        if len(scores) <= len(labels) * 1.1:
            continue
        cost, spans = aligned(scores, labels)
        if cost > WORST * len(scores):
            continue
        cuts = _cuts(energies, spans, [len(row) for row in rows])
        for _ in range(PIECES):
            first = int(chance.integers(len(words)))
            past = min(first + int(chance.choice((1, 1, 1, 2, LARGEST_GROUP))), len(words))
            if sum(map(len, rows[first:past])) >= LEAST_UNITS:
                piece = _with_background(energies[cuts[first][0] : cuts[past][1]], energies, chance)
                yield utterance.language, f"cut-{utterance.voice}", " ".join(words[first:past]), piece


def aligned(scores: NDArray[np.float32], labels: list[int]) -> tuple[float, list[tuple[int, int]]]:
    """The best path of the labels through log-probabilities (outputs x units, 0 is blank): its cost, in nats, and the
    first output of every label and the one past its last."""
    states = np.zeros(2 * len(labels) + 1, int)
    states[1::2] = labels
    skip = np.zeros(len(states), bool)
    skip[3::2] = states[3::2] != states[1:-2:2]  # equal neighbours need a blank between them
    best = np.full(len(states), np.inf)
    best[:2] = -scores[0, states[:2]]
    back = np.zeros((len(scores), len(states)), np.int8)
    for time in range(1, len(scores)):
        ways = np.full((3, len(states)), np.inf)
        ways[0], ways[1, 1:] = best, best[:-1]
        ways[2, 2:] = np.where(skip[2:], best[:-2], np.inf)
        back[time] = ways.argmin(axis=0)
        best = ways.min(axis=0) - scores[time, states]
    state = len(states) - 1 - int(best[-2] < best[-1])
    cost = float(best[state])
    first, past = np.zeros(len(labels), int), np.zeros(len(labels), int)
    for time in range(len(scores) - 1, -1, -1):
        if state % 2:
            first[state // 2] = time
            past[state // 2] = past[state // 2] or time + 1
        state -= int(back[time, state])
    return cost, list(zip(first.tolist(), past.tolist(), strict=True))


def _cuts(energies: Energies, spans: list[tuple[int, int]], lengths: list[int]) -> list[tuple[int, int]]:
    """Before, between and after the words: the frame where a piece may begin, and where one may end."""
    loud = energies.max(axis=1)
    past = np.cumsum(lengths)
    ends = [spans[place - 1][1] * STRIDE for place in past]
    starts = [spans[place - length][0] * STRIDE for place, length in zip(past, lengths, strict=True)]
    gaps = [(starts[0] - MARGIN, starts[0]), *zip(ends, starts[1:], strict=False), (ends[-1], ends[-1] + MARGIN)]
    cuts = []
    for low, high in gaps:
        low = min(max(low, 0), len(loud) - 1)
        quietest = low + int(loud[low : max(high, low + 1)].argmin())
        cuts.append((max(quietest - OVERLAP, low), max(min(quietest + OVERLAP, high), quietest)))
    return cuts


def _with_background(piece: Energies, sentence: Energies, chance: np.random.Generator) -> Energies:
    """Frames of the sentence's quietest moments, in any order, before and after."""
    order = sentence.mean(axis=1).argsort()
    quiet = sentence[order[: max(int(len(order) * QUIET_SHARE), 5)]]
    before, after = (quiet[chance.integers(len(quiet), size=chance.integers(*AROUND))] for _ in range(2))
    return np.concatenate((before, piece, after))
