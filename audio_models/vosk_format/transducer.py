"""A weighted finite-state transducer, written as OpenFst's binary VectorFst<StdArc> (fst/vector-fst.h, fst/fst.cc).

Arcs are added many at a time, as arrays: a vocabulary has half a million of them.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

EPSILON = 0
MAGIC = 2125659606
EXPANDED_AND_MUTABLE = 0x3
ILABEL_SORTED, OLABEL_SORTED = 0x10000000, 0x40000000
_ARC = np.dtype([("source", "<i4"), ("ilabel", "<i4"), ("olabel", "<i4"), ("weight", "<f4"), ("target", "<i4")])


class Transducer:
    """States are numbered from 0; weights are costs, in nats."""

    def __init__(self) -> None:
        self._arcs: list[NDArray[np.void]] = []
        self._finals: dict[int, float] = {}
        self._states = 0

    def states(self, count: int) -> range:
        """So many new states."""
        self._states += count
        return range(self._states - count, self._states)

    def arcs(
        self, source: ArrayLike, ilabel: ArrayLike, olabel: ArrayLike, weight: ArrayLike, target: ArrayLike
    ) -> None:
        """Add arcs, one or many: single numbers are repeated to the length of the longest array."""
        columns = np.broadcast_arrays(*(np.atleast_1d(column) for column in (source, ilabel, olabel, weight, target)))
        block = np.empty(columns[0].shape, _ARC)
        for name, column in zip(("source", "ilabel", "olabel", "weight", "target"), columns, strict=True):
            block[name] = column
        self._arcs.append(block)

    def final(self, state: int, weight: float = 0.0) -> None:
        """Let a path end in this state, at this cost."""
        self._finals[state] = weight

    def write(self, path: Path, start: int, sort_by: str) -> None:
        """Write the file. `sort_by` is "olabel" for the left side of a composition, "ilabel" for the right."""
        arcs = np.concatenate(self._arcs)
        arcs = arcs[np.lexsort((arcs[sort_by], arcs["source"]))]
        counts = np.bincount(arcs["source"], minlength=self._states)
        sorted_bit = OLABEL_SORTED if sort_by == "olabel" else ILABEL_SORTED
        header = struct.pack("<i", MAGIC) + _string("vector") + _string("standard")
        header += struct.pack("<iiQqqq", 2, 0, EXPANDED_AND_MUTABLE | sorted_bit, start, self._states, len(arcs))
        path.write_bytes(header + self._body(arcs, counts).tobytes())

    def _body(self, arcs: NDArray[np.void], counts: NDArray[np.int64]) -> NDArray[np.int32]:
        """For every state its final weight, the number of its arcs (64 bits) and the arcs, as 32-bit numbers."""
        finals = np.full(self._states, np.inf, np.float32)
        for state, weight in self._finals.items():
            finals[state] = weight
        body = np.zeros(3 * self._states + 4 * len(arcs), np.int32)
        heads = 3 * np.arange(self._states) + 4 * (np.cumsum(counts) - counts)
        body[heads] = finals.view(np.int32)
        body[heads + 1] = counts
        places = 3 * (arcs["source"].astype(np.int64) + 1) + 4 * np.arange(len(arcs))
        body[places], body[places + 1] = arcs["ilabel"], arcs["olabel"]
        body[places + 2], body[places + 3] = arcs["weight"].view(np.int32), arcs["target"]
        return body


def _string(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode("ascii")
