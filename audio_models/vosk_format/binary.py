"""Kaldi's binary form of tokens, numbers, vectors and matrices (base/io-funcs.h, matrix/kaldi-matrix.cc)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


class KaldiWriter:
    """Collects the bytes of one Kaldi file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = [b"\0B"]

    def tokens(self, *names: str) -> KaldiWriter:
        """Append names, each followed by a space."""
        self._parts += [name.encode("ascii") + b" " for name in names]
        return self

    def text(self, text: str) -> KaldiWriter:
        """Plain characters, as in the network's configuration lines."""
        self._parts.append(text.encode("ascii"))
        return self

    def integer(self, value: int) -> KaldiWriter:
        """Append a signed 32-bit integer with its size."""
        self._parts.append(struct.pack("<bi", 4, value))
        return self

    def real(self, value: float) -> KaldiWriter:
        """Append a 32-bit number with its size."""
        self._parts.append(struct.pack("<bf", 4, value))
        return self

    def integers(self, values: Sequence[int]) -> KaldiWriter:
        """Append a list of signed 32-bit integers."""
        self._parts.append(struct.pack("<bi", 4, len(values)) + np.asarray(values, "<i4").tobytes())
        return self

    def vector(self, values: ArrayLike) -> KaldiWriter:
        """Append a vector of 32-bit numbers."""
        row = np.asarray(values, "<f4").reshape(-1)
        self._parts.append(b"FV " + struct.pack("<bi", 4, len(row)) + row.tobytes())
        return self

    def matrix(self, values: ArrayLike) -> KaldiWriter:
        """Rows x columns, row after row."""
        table = np.ascontiguousarray(values, "<f4")
        rows, columns = table.shape
        self._parts.append(b"FM " + struct.pack("<bibi", 4, rows, 4, columns) + table.tobytes())
        return self

    def bytes(self) -> bytes:
        """Return everything that was appended."""
        return b"".join(self._parts)
