"""A weighted finite-state transducer, written as OpenFst's binary VectorFst<StdArc> (fst/vector-fst.h, fst/fst.cc)."""

from __future__ import annotations

import struct
from array import array
from pathlib import Path

import numpy as np

EPSILON = 0
MAGIC = 2125659606
EXPANDED_AND_MUTABLE = 0x3
ILABEL_SORTED, OLABEL_SORTED = 0x10000000, 0x40000000
_ARC = np.dtype([("ilabel", "<i4"), ("olabel", "<i4"), ("weight", "<f4"), ("next", "<i4")])


class Transducer:
    """States are numbered from 0; weights are costs, in nats."""

    def __init__(self) -> None:
        self._source = array("i")
        self._ilabel = array("i")
        self._olabel = array("i")
        self._weight = array("f")
        self._next = array("i")
        self._finals: dict[int, float] = {}
        self._states = 0

    def state(self) -> int:
        """A new state."""
        self._states += 1
        return self._states - 1

    def states(self, count: int) -> range:
        """So many new states."""
        self._states += count
        return range(self._states - count, self._states)

    def arc(self, source: int, ilabel: int, olabel: int, weight: float, target: int) -> None:
        self._source.append(source)
        self._ilabel.append(ilabel)
        self._olabel.append(olabel)
        self._weight.append(weight)
        self._next.append(target)

    def final(self, state: int, weight: float = 0.0) -> None:
        self._finals[state] = weight

    def write(self, path: Path, start: int, sort_by: str) -> None:
        """Write the file. `sort_by` is "olabel" for the left side of a composition, "ilabel" for the right."""
        sources = np.frombuffer(self._source, np.int32)
        labels = {"ilabel": np.frombuffer(self._ilabel, np.int32), "olabel": np.frombuffer(self._olabel, np.int32)}
        order = np.lexsort((labels[sort_by], sources))
        arcs = np.empty(len(sources), _ARC)
        arcs["ilabel"], arcs["olabel"] = labels["ilabel"][order], labels["olabel"][order]
        arcs["weight"] = np.frombuffer(self._weight, np.float32)[order]
        arcs["next"] = np.frombuffer(self._next, np.int32)[order]
        ends = np.searchsorted(sources[order], np.arange(self._states + 1))
        sorted_bit = OLABEL_SORTED if sort_by == "olabel" else ILABEL_SORTED
        header = struct.pack("<i", MAGIC) + _string("vector") + _string("standard")
        header += struct.pack("<iiQqqq", 2, 0, EXPANDED_AND_MUTABLE | sorted_bit, start, self._states, len(arcs))
        parts = [header]
        data = arcs.tobytes()
        for state in range(self._states):
            first, last = int(ends[state]), int(ends[state + 1])
            parts.append(struct.pack("<fq", self._finals.get(state, float("inf")), last - first))
            parts.append(data[first * 16 : last * 16])
        path.write_bytes(b"".join(parts))


def _string(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode("ascii")
