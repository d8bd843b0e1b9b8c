"""Sound as the network sees it: 40 log-mel energies every 10 ms, computed exactly as Kaldi's fbank does inside Vosk.

The options are those of the model's conf/fbank.conf. The proof of the exported model (proof.py) compares scores to
three decimals, so a difference here would show.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

RATE = 16000
FRAME = 400
"""Samples in a window, 25 ms."""
HOP = 160
"""Samples from one window to the next, 10 ms."""
BANDS = 40
LOWEST = 20.0
HIGHEST = 7600.0
"""Hz; the edges of the mel bank."""

FFT = 512
PREEMPHASIS = np.float32(0.97)
_FLOOR = np.float32(1.1920929e-07)

Features = NDArray[np.float32]


def log_mel(samples: NDArray[np.floating] | NDArray[np.int16]) -> Features:
    """Frames x 40 log-mel energies of samples at 16 kHz in the scale of 16-bit numbers; 0 frames when under 25 ms."""
    wave = np.ascontiguousarray(samples, dtype=np.float32)
    if len(wave) < FRAME:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(wave, FRAME)[::HOP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    emphasised = frames - PREEMPHASIS * np.concatenate((frames[:, :1], frames[:, :-1]), axis=1)
    spectrum = np.fft.rfft(emphasised * window(), FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    return np.asarray(np.log(np.maximum(power.astype(np.float32) @ _bank(), _FLOOR)), dtype=np.float32)


def mel(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Frequencies as the ear spaces them."""
    return 1127.0 * np.log(1.0 + np.asarray(hz) / 700.0)


@functools.cache
def window() -> NDArray[np.float32]:
    """Kaldi's own window, a Hann window to the power of 0.85."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))
    return (hann**0.85).astype(np.float32)


@functools.cache
def _bank() -> NDArray[np.float32]:
    """Bins x bands of triangular weights, triangular in mels and not in Hz."""
    edges = np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2)
    bins = mel(np.arange(FFT // 2 + 1) * RATE / FFT)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (bins - left) / (centre - left), (right - bins) / (right - centre)
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights[-1] = 0.0  # Kaldi leaves out the highest bin
    return weights.astype(np.float32)
