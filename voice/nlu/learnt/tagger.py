"""The best row of slot tags for a sentence: scores of words and of neighbouring tags, one pass of Viterbi."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice.nlu.learnt.linear_layer import Floats, LinearLayer

NEVER = np.float32(-1e6)


@dataclass(frozen=True, slots=True)
class Tagger:
    """Tags in the order of the layer's classes."""

    tags: tuple[str, ...]
    layer: LinearLayer
    transitions: Floats
    """(tags + 1, tags): worth of the second after the first; the last row is the beginning."""

    def read(self, features: Sequence[Sequence[int]]) -> list[str]:
        """Return a tag for each word, given its features."""
        if not features:
            return []
        scores = np.stack([self.layer.scores(each) for each in features])
        return [self.tags[at] for at in best_path(scores, self.transitions)]


def allowed(tags: Sequence[str]) -> Floats:
    """Return (tags + 1, tags) with NEVER where the second cannot follow the first."""
    matrix: Floats = np.zeros((len(tags) + 1, len(tags)), np.float32)
    for after, tag in enumerate(tags):
        if tag.startswith("I-"):
            matrix[:, after] = NEVER
            for before, other in enumerate(tags):
                if other[2:] == tag[2:]:
                    matrix[before, after] = 0
    return matrix


def best_path(scores: Floats, transitions: Floats) -> list[int]:
    """Return the tags, by number, of (words, tags) scores."""
    count = scores.shape[1]
    reached = scores[0] + transitions[count]
    back = []
    for word in scores[1:]:
        through = reached[:, None] + transitions[:count]
        best = through.argmax(axis=0)
        back.append(best)
        reached = through[best, np.arange(count)] + word
    path = [int(reached.argmax())]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return path[::-1]
