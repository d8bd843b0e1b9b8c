"""G.711 A-law and µ-law (ITU-T G.711), by tables: one look-up a sample, both ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


def _a_law() -> Samples:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, value, -value).astype(np.int16)


def _mu_law() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.where(code & 0x80, -value, value).astype(np.int16)


class Law:
    """One of the two laws."""

    def __init__(self, decoded: Samples) -> None:
        self._decoded = decoded
        # Every sample goes to the code whose value is nearest; silence, between two of A-law's, to the positive one.
        order = np.argsort(decoded, kind="stable")
        values = decoded[order].astype(np.int32)
        borders = (values[1:] + values[:-1]) / 2
        self._encoded = order[np.searchsorted(borders, np.arange(-32768, 32768), side="right")].astype(np.uint8)

    def decode(self, payload: bytes) -> bytes:
        """Codes to signed 16-bit little-endian PCM, two bytes a code."""
        return self._decoded[np.frombuffer(payload, np.uint8)].astype("<i2").tobytes()

    def encode(self, pcm: bytes) -> bytes:
        """Signed 16-bit little-endian PCM to codes, one byte a sample."""
        return self._encoded[np.frombuffer(pcm, "<i2").astype(np.int32) + 32768].tobytes()


PCMU = 0
"""RTP payload type of µ-law (RFC 3551, table 4)."""
PCMA = 8
"""RTP payload type of A-law (RFC 3551, table 4)."""

LAWS = {PCMA: Law(_a_law()), PCMU: Law(_mu_law())}
"""Payload type -> law, the better one for speech in this country's network first."""


class Coding(NamedTuple):
    """A law under the number that a call has agreed on."""

    number: int
    """RTP payload type: the law's own, or a dynamic one that an rtpmap names (RFC 3551, section 3)."""
    law: int
    """PCMA or PCMU."""
