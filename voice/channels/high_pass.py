"""A high-pass for speech: the hum of the mains lies below the telephone's band (ITU-T G.712) and makes a line deaf."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from voice.values.audio import FRAME_MS

CUT_HZ = 220.0
"""-3 dB. 50 Hz loses 77 dB, 100 Hz 41 dB, 150 Hz 20 dB; from 300 Hz on a voice loses nothing."""
ORDER = 6

Matrix = NDArray[np.float64]


class HighPass:
    """One line. Without delay."""

    def __init__(self, rate_hz: int) -> None:
        self._block = _block_filter(rate_hz)
        self._samples = rate_hz * FRAME_MS // 1000
        self._state = np.zeros(ORDER)

    def feed(self, samples: Matrix) -> Matrix:
        """Filter the next 20 ms."""
        out: Matrix = self._block @ np.concatenate([samples, self._state])
        self._state = out[self._samples :]
        return out[: self._samples]


@functools.cache
def _block_filter(rate_hz: int) -> Matrix:
    """A Butterworth high-pass as one matrix: (samples, state) -> (filtered samples, next state). An infinite response
    sample by sample would cost a loop in Python; this costs one product a frame."""
    sections = [_section(rate_hz, pair) for pair in range(ORDER // 2)]
    size = rate_hz * FRAME_MS // 1000
    columns = []
    for column in range(size + ORDER):
        samples, state = np.zeros(size), np.zeros(ORDER)
        if column < size:
            samples[column] = 1.0
        else:
            state[column - size] = 1.0
        columns.append(_filtered(samples, state, sections))
    return np.stack(columns, axis=1)


def _section(rate_hz: int, pair: int) -> tuple[Matrix, Matrix]:
    """Numerator and denominator of one of the filter's sections of second order, by the bilinear transform."""
    warped = np.tan(np.pi * CUT_HZ / rate_hz)
    damping = 2 * np.sin(np.pi * (2 * pair + 1) / (2 * ORDER))
    scale = 1 + damping * warped + warped**2
    return np.array([1.0, -2.0, 1.0]) / scale, np.array([2 * (warped**2 - 1), 1 - damping * warped + warped**2]) / scale


def _filtered(samples: Matrix, state: Matrix, sections: list[tuple[Matrix, Matrix]]) -> Matrix:
    """Sample by sample, in the transposed direct form II: two values of state a section."""
    state = state.copy()
    for number, (over, under) in enumerate(sections):
        first, second = state[2 * number : 2 * number + 2]
        out = np.empty_like(samples)
        for at, sample in enumerate(samples):
            out[at] = over[0] * sample + first
            first = over[1] * sample - under[0] * out[at] + second
            second = over[2] * sample - under[1] * out[at]
        state[2 * number : 2 * number + 2] = first, second
        samples = out
    return np.concatenate([samples, state])
