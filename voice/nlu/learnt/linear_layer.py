"""A sparse linear layer: hashed features in, one score a class out. Weights are whole numbers of 8 bits, each row with
a scale of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearLayer:
    """Features that were seen in training; others count as nothing."""

    ids: NDArray[np.uint32]
    """Features, ascending."""
    weights: NDArray[np.int8]
    """(features, classes)."""
    scales: Floats
    """(features,): what one unit of a row's weights is worth."""

    def scores(self, features: Sequence[int]) -> Floats:
        """Return (classes,): the sum of the rows of `features`, unscaled by how many there are."""
        rows = self._rows(features)
        return self.scales[rows] @ self.weights[rows].astype(np.float32)

    def normed_scores(self, features: Sequence[int]) -> Floats:
        """Return (classes,): the sum over the root of the number of features, so that long sentences are no surer."""
        return self.scores(features) * np.float32(max(1, len(features)) ** -0.5)

    def _rows(self, features: Sequence[int]) -> NDArray[np.intp]:
        wanted = np.asarray(features, dtype=np.uint32)
        rows = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        found: NDArray[np.intp] = rows[self.ids[rows] == wanted]
        return found


def quantised(ids: Iterable[int], weights: Floats, most: int) -> LinearLayer:
    """Return the layer with the `most` rows of the largest norm, as whole numbers of 8 bits."""
    order = np.asarray(list(ids), dtype=np.uint32)
    norms = np.abs(weights).max(axis=1)
    kept = np.flatnonzero(norms > 0)
    if len(kept) > most:
        kept = np.sort(kept[np.argsort(-np.linalg.norm(weights[kept], axis=1), kind="stable")[:most]])
    kept = kept[np.argsort(order[kept], kind="stable")]
    if not len(kept):
        kept = np.asarray([0])
    scales = (np.maximum(norms[kept], 1e-6) / 127).astype(np.float32)
    whole = np.rint(weights[kept] / scales[:, None]).astype(np.int8)
    return LinearLayer(order[kept], whole, scales)


def softmax(scores: Floats, temperature: float = 1.0) -> Floats:
    """Return probabilities along the last axis."""
    shifted = (scores - scores.max(axis=-1, keepdims=True)) / np.float32(temperature)
    powers = np.exp(shifted)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
