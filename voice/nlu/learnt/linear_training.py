"""Teaches linear layers: logistic regression by Adagrad in small batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.nlu.learnt.linear_layer import Floats, LinearLayer, quantised, softmax

BATCH = 64


@dataclass(frozen=True, slots=True)
class LinearRecipe:
    """How a layer is taught."""

    epochs: int = 5
    rate: float = 0.3
    smoothing: float = 0.1
    """Share of each example's certainty that is given to all classes."""
    least: int = 2
    """Examples that a feature must occur in."""
    most: int = 45_000
    """Features that are kept."""
    normed: bool = True
    """Scores are divided by the root of the number of features."""


def train_layer(
    examples: Sequence[Sequence[int]], classes: Sequence[int], count: int, recipe: LinearRecipe, seed: int
) -> LinearLayer:
    """Return a layer of `count` classes from examples (features) and the class of each.

    The same seed and examples, the same layer.
    """
    occurs = Counter(feature for features in examples for feature in features)
    ids = sorted(feature for feature, times in occurs.items() if times >= recipe.least)
    row = {feature: at for at, feature in enumerate(ids)}
    rows = [np.asarray([row[each] for each in features if each in row], dtype=np.int64) for features in examples]
    norms = [np.float32(max(1, len(features)) ** -0.5 if recipe.normed else 1.0) for features in examples]
    labels = np.asarray(classes)
    weights: Floats = np.zeros((max(1, len(ids)), count), np.float32)
    squares: Floats = np.full_like(weights, 1e-10)
    random = np.random.default_rng(seed)
    for _ in range(recipe.epochs):
        order = random.permutation(len(examples))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            _step(weights, squares, [rows[at] for at in batch], [norms[at] for at in batch], labels[batch], recipe)
    return quantised(ids or [0], weights, recipe.most)


def _step(
    weights: Floats,
    squares: Floats,
    rows: Sequence[NDArray[np.int64]],
    norms: Sequence[np.float32],
    labels: NDArray[np.int64],
    recipe: LinearRecipe,
) -> None:
    used, inverse = np.unique(np.concatenate(rows), return_inverse=True)
    dense: Floats = np.zeros((len(rows), len(used)), np.float32)
    where = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    dense[where, inverse] = np.repeat(np.asarray(norms), [len(each) for each in rows])
    wrong = softmax(dense @ weights[used])
    wrong -= recipe.smoothing / weights.shape[1]
    wrong[np.arange(len(rows)), labels] -= 1 - recipe.smoothing
    slope = dense.T @ wrong / np.float32(len(rows))
    squares[used] += slope * slope
    weights[used] -= recipe.rate * slope / np.sqrt(squares[used])
