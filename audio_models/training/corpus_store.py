"""Speech at rest: all utterances of one source in one file of samples, with an index beside it.

A shelf is a folder with `samples.i16` (16 kHz, mono, signed 16-bit little-endian, utterance after utterance) and
`index.tsv`. Thousands of small sound files are slow to open; one file is mapped into memory. Where there are only
features (cepstra.py), `energies.f16` (frames x 40) stands in place of the samples; `start` and `length` still count
samples.
"""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.training.features import HOP

RATE = 16000
"""Hz of everything on a shelf."""

ENERGIES = "energies.f16"

Samples = NDArray[np.int16]
Energies = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CorpusUtterance:
    """One sentence read by one voice."""

    language: str
    """kk, ru or en."""
    voice: str
    """Who speaks, with the engine before it: `rhvoice-anna`, `espeak-m3`."""
    text: str
    """What is said: lower case, numbers as words, no punctuation."""
    start: int
    """First sample on the shelf, 0-based."""
    length: int
    """Samples."""


class CorpusStore:
    """All utterances of one source, in the order they were put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            self.utterances = tuple(CorpusUtterance(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows)
        sound = folder / "samples.i16"
        empty = sound.stat().st_size == 0  # an empty file cannot be mapped
        self._samples: Samples = np.zeros(0, np.int16) if empty else np.memmap(sound, dtype=np.int16, mode="r")

    def samples(self, utterance: CorpusUtterance) -> Samples:
        """Return the samples of an utterance: signed 16-bit, RATE a second, mono."""
        return self._samples[utterance.start : utterance.start + utterance.length]

    @property
    def energies(self) -> Path | None:
        """The file of features, where there is no sound."""
        path = self.folder / ENERGIES
        return path if path.exists() else None

    @property
    def hours(self) -> float:
        """Return the length of all utterances in hours."""
        return sum(utterance.length for utterance in self.utterances) / RATE / 3600


def fill(folder: Path, spoken: Iterable[tuple[str, str, str, Samples | Energies]]) -> CorpusStore:
    """Write (language, voice, text, samples or frames x 40 energies) after each other and open the shelf.

    A shelf that is already full is opened and `spoken` is not touched, which makes the recipe resumable. The index is
    written last, so a shelf cut short is filled again.
    """
    if (folder / "index.tsv").exists():
        return CorpusStore(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    start = 0
    (folder / ENERGIES).unlink(missing_ok=True)
    with (folder / "samples.i16").open("wb") as file, contextlib.ExitStack() as more:
        features = None
        for language, voice, text, sound in spoken:
            length = len(sound) if sound.ndim == 1 else len(sound) * HOP
            if length < RATE // 10:
                continue
            if sound.ndim == 1:
                file.write(sound.astype("<i2").tobytes())
            else:
                features = features or more.enter_context((folder / ENERGIES).open("wb"))
                features.write(sound.astype(np.float16).tobytes())
            rows.append((language, voice, text, str(start), str(length)))
            start += length
    unfinished = folder / "index.unfinished"
    with unfinished.open("w", encoding="utf-8", newline="") as index:
        csv.writer(index, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n").writerows(rows)
    unfinished.replace(folder / "index.tsv")
    return CorpusStore(folder)


def everything(folder: Path) -> Iterator[CorpusStore]:
    """All full shelves below a folder, in the order of their names."""
    for index in sorted(folder.glob("*/index.tsv")):
        yield CorpusStore(index.parent)
