"""Reads back the transducers that transducer.py writes: for proofs and tests."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Arcs = NDArray[np.void]
"""One row an arc: source, ilabel, olabel, weight, target."""
_ARC = np.dtype([("source", "<i4"), ("ilabel", "<i4"), ("olabel", "<i4"), ("weight", "<f4"), ("target", "<i4")])


def read_transducer(path: Path) -> tuple[Arcs, NDArray[np.float32], int]:
    """Arcs, final weights by state and the start state of a file that transducer.py wrote."""
    data = path.read_bytes()
    place = 4
    for _ in range(2):
        place += 4 + struct.unpack_from("<i", data, place)[0]
    _, _, _, start, states, _ = struct.unpack_from("<iiQqqq", data, place)
    place += struct.calcsize("<iiQqqq")
    finals, rows = np.zeros(states, np.float32), []
    for state in range(states):
        finals[state], count = struct.unpack_from("<fq", data, place)
        place += 12
        for _ in range(count):
            rows.append((state, *struct.unpack_from("<iifi", data, place)))
            place += 16
    return np.array(rows, _ARC), finals, start
