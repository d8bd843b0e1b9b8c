"""CMU Sphinx's cepstra as log-mel energies: there is speech of people that is passed on as nothing but these features.

A Sphinx feature file (`sphinx_fe`) holds 13 numbers every 10 ms: the cosine transform of the log energies of a mel
bank. With 15 filters of a telephone's band, as acoustic models for telephones have, nearly nothing is lost by it. The
way back is exact but for what 13 of 15 numbers cannot say and for the shapes of filters and windows (sphinxbase
5prealpha, `fe_sigproc.c`); tests/audio_models/training/test_cepstra.py compares it with the energies of the same sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.errors import BadRecordings
from audio_models.training.features import BANDS, FFT, HIGHEST, LOWEST, PREEMPHASIS, RATE, Features, mel, window

NUMBERS = 13
"""Of every frame."""
SILENT = -20.0
"""Log energy of bands that the cepstra say nothing about."""
WINDOW_S = 410 / 16000
"""Length of Sphinx's window. Its emphasis and the points of its Fourier transform are ours, at any rate."""

Cepstra = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the cepstra were computed: the names of `feat.params` in Sphinx's models."""

    samprate: float = 16000.0
    """Hz."""
    nfilt: int = 25
    lowerf: float = 130.0
    upperf: float = 6800.0
    """Hz; the edges of the mel bank."""
    lifter: int = 22

    @classmethod
    def read(cls, path: Path) -> Parameters:
        """The lines `-name value` of a feat.params; names that change nothing here are ignored.

        Raises BadRecordings for a number that is none, and for a transform other than "dct".
        """
        found: dict[str, str] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.strip().partition(" ")
            found[name.removeprefix("-")] = value.strip()
        if found.get("transform", "dct") != "dct":
            raise BadRecordings(f"{path}: only cepstra made with “-transform dct” can be read.")
        types: Mapping[str, type] = {"samprate": float, "nfilt": int, "lowerf": float, "upperf": float, "lifter": int}
        try:
            return cls(**{name: kind(found[name]) for name, kind in types.items() if name in found})
        except ValueError:
            raise BadRecordings(f"{path}: a value is no number.") from None


def read_cepstra(path: Path) -> Cepstra:
    """Frames x 13 of a Sphinx feature file of either byte order. Raises BadRecordings when it is none."""
    data = path.read_bytes()
    for order in "<>":
        if len(data) >= 4 and int(np.frombuffer(data[:4], f"{order}i4")[0]) * 4 + 4 == len(data):
            numbers = np.frombuffer(data[4:], f"{order}f4")
            if len(numbers) % NUMBERS == 0 and np.isfinite(numbers).all():
                return numbers.reshape(-1, NUMBERS).astype(np.float32)
    raise BadRecordings(f"{path} is no feature file of Sphinx with {NUMBERS} cepstra a frame.")


def log_mel_of(cepstra: Cepstra, parameters: Parameters) -> Features:
    """Frames x 40 energies as features.log_mel would have them for the same sound."""
    order = np.arange(NUMBERS)
    lift = 1 + parameters.lifter / 2 * np.sin(np.pi * order / parameters.lifter) if parameters.lifter else 1.0
    filters = np.arange(parameters.nfilt)
    cosines = np.cos(np.pi * order[:, None] * (filters + 0.5) / parameters.nfilt) * np.sqrt(2 / parameters.nfilt)
    cosines[0] = np.sqrt(1 / parameters.nfilt)
    theirs = cepstra / lift @ cosines

    edges = _mel_edges(parameters.lowerf, parameters.upperf, parameters.nfilt)
    ours = _mel_edges(LOWEST, HIGHEST, BANDS)
    centres = ours[1:-1]
    shares = [np.interp(mel(centres), mel(edges[1:-1]), row) for row in np.eye(parameters.nfilt)]
    energies = theirs @ np.array(shares) + _difference(centres, ours, parameters)
    energies[:, (centres < edges[0]) | (centres > edges[-1])] = SILENT
    return np.asarray(energies, dtype=np.float32)


def _difference(centres: NDArray[np.float64], ours: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    """What our energies have more than theirs at these frequencies, whatever the sound."""
    areas = (ours[2:] - ours[:-2]) / 2 / (RATE / FFT)  # in bins: our filters have a height of 1
    theirs = FFT / parameters.samprate  # their filters have an area of 1 Hz
    samples = int(parameters.samprate * WINDOW_S)
    hamming = np.sum((0.54 - 0.46 * np.cos(2 * np.pi * np.arange(samples) / (samples - 1))) ** 2)
    rates = RATE / parameters.samprate  # the same sound has so many times the density of power in a bin

    def emphasis(rate: float) -> NDArray[np.float64]:
        response = 1 + PREEMPHASIS**2 - 2 * PREEMPHASIS * np.cos(2 * np.pi * centres / rate)
        return np.asarray(response, dtype=np.float64)

    tilt = np.log(emphasis(RATE) / emphasis(parameters.samprate))
    gain = np.log(rates * np.sum(window() ** 2) / hamming)
    return np.asarray(tilt + np.log(areas / theirs) + gain, dtype=np.float64)


def _mel_edges(lowest: float, highest: float, bands: int) -> NDArray[np.float64]:
    """Hz of the edges of triangular filters: the first begins at the first edge, its top is the second."""
    mels = np.linspace(mel(lowest), mel(highest), bands + 2)
    return np.asarray(700.0 * (np.exp(mels / 1127.0) - 1.0))
