"""The two-wire end of a caller's line, which returns a part of what it brings. For tests and benchmarks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice.channels.media.rtp_receiver import RATE, SAMPLES

TAIL_MS = 10
"""For which a hybrid rings."""
NOISE = 8.0
"""Root mean square of the line's noise, of 32768: -72 dB."""


class Hybrid:
    """One line. Every frame of 20 ms that goes out holds what came in some time ago."""

    def __init__(self, loss_db: float, delay_ms: int, seed: int = 1) -> None:
        """`loss_db` is positive: by how much the echo is quieter than what it is an echo of. `delay_ms` comes on top of
        the 20 ms that any telephone needs to fill a packet."""
        self._random = np.random.default_rng(seed)
        ringing = self._random.normal(0, 1, TAIL_MS * RATE // 1000) * np.exp(-np.arange(TAIL_MS * RATE // 1000) / 12)
        ringing[0] = 2.0
        self._response = ringing / np.sqrt(np.sum(ringing**2)) * 10 ** (-loss_db / 20)
        self._delay = SAMPLES + delay_ms * RATE // 1000
        self._came: NDArray[np.float64] = np.zeros(self._delay + len(self._response) + SAMPLES)

    def frame(self, came: bytes, said: bytes) -> bytes:
        """What goes out while `came` comes in and the caller says `said`: PCM at 8000 Hz."""
        self._came = np.concatenate([self._came[SAMPLES:], np.frombuffer(came, "<i2")])
        last = len(self._came) - self._delay
        echo = np.convolve(self._came[last - SAMPLES - len(self._response) + 1 : last], self._response, "valid")
        noise = self._random.normal(0, NOISE, SAMPLES)
        return np.clip(np.frombuffer(said, "<i2") + echo + noise, -32768, 32767).astype("<i2").tobytes()
