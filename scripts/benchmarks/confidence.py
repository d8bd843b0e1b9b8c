"""How much a confidence is worth, and the weights that make it worth most: voice/hearing/calibration.toml.

`confidence.py MODEL TABLE`: the folder of a model, and a table of recordings, a line each: WAV file, tab, what is said
in it. Prints how often readings of each confidence are right, with the weights in use and with weights fitted anew.
"""

from __future__ import annotations

import sys
import wave
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.hearing.choice import Calibration, features, load_calibration
from voice.hearing.decoding import Decoded
from voice.hearing.recogniser import VoskRecogniser

BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
STEPS, RIDGE = 30, 0.01
"""Newton steps, and how strongly weights are drawn to zero."""


def decode(recogniser: VoskRecogniser, path: Path) -> Decoded:
    """All readings of one recording."""
    with wave.open(str(path)) as sound:
        rate_hz, pcm = sound.getframerate(), sound.readframes(sound.getnframes())
    listener = recogniser.listener(rate_hz)
    for start in range(0, len(pcm), rate_hz // 5):
        listener.feed(pcm[start : start + rate_hz // 5])
    return Decoded(recogniser, listener.finish(), False, len(pcm) / 2 / rate_hz)


def fitted(evidence: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression by Newton's method."""
    weights = np.zeros(evidence.shape[1])
    for _ in range(STEPS):
        probable = 1 / (1 + np.exp(-evidence @ weights))
        curvature = (evidence * (probable * (1 - probable))[:, None]).T @ evidence + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curvature, evidence.T @ (right - probable) - RIDGE * weights)
    return weights


def show(name: str, weights: NDArray[np.float64], evidence: NDArray[np.float64], right: NDArray[np.float64]) -> None:
    """The reliability of one set of weights."""
    confidence = 1 / (1 + np.exp(-evidence @ weights))
    print(f"{name}: " + ", ".join(f"{weight:.3f}" for weight in weights))
    for low, high in pairwise(BINS):
        inside = (confidence >= low) & (confidence <= high)
        if inside.any():
            print(f"  {low:.1f} to {high:.1f}: {inside.sum():5} readings, {right[inside].mean():6.1%} right")


def main(argv: list[str]) -> int:
    if len(argv) != 2:
        print(__doc__)
        return 2
    recogniser = VoskRecogniser(Path(argv[0]), "kk+ru")
    rows: list[tuple[float, ...]] = []
    right: list[float] = []
    for line in Path(argv[1]).read_text(encoding="utf-8").splitlines():
        path, text = line.split("\t")
        for reading, values in features(decode(recogniser, Path(path))):
            rows.append(values)
            right.append(float(reading == text))
    evidence, truth = np.array(rows), np.array(right)
    print(f"{len(truth)} readings; weights: {', '.join(Calibration.__dataclass_fields__)}")
    show("in use", np.array(astuple(load_calibration())), evidence, truth)
    show("fitted", fitted(evidence, truth), evidence, truth)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
