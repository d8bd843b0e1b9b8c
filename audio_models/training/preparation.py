"""From shelves of speech to features: several copies of everything, each disturbed in another way.

A copy of a shelf is `<copies>/<number>-<shelf>/` with `features.f16` (frames x 40) and `frames.npy` (first frame of
every utterance, and the end). Copies are made in the background while training already uses the first ones.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.training.augmentation import Chances, Disturber
from audio_models.training.corpus_store import CorpusStore
from audio_models.training.features import BANDS, HOP, log_mel

CLEAN = 0
"""The number of the copy in which nothing is disturbed."""
BABBLE_UTTERANCES = 300


class Copy:
    """The features of a whole shelf."""

    def __init__(self, folder: Path) -> None:
        self.starts: NDArray[np.int64] = np.load(folder / "frames.npy")
        self._features = np.memmap(folder / "features.f16", np.float16, "r").reshape(-1, BANDS)

    def features(self, utterance: int) -> NDArray[np.float32]:
        """Frames x 40 of the utterance with this number on its shelf."""
        return self._features[self.starts[utterance] : self.starts[utterance + 1]].astype(np.float32)

    def frames(self, utterance: int) -> int:
        """Return the number of feature frames of an utterance, by its 0-based position."""
        return int(self.starts[utterance + 1] - self.starts[utterance])


def copy_folder(copies: Path, shelf: CorpusStore, number: int) -> Path:
    """Return the folder of the copy `number` of a corpus."""
    return copies / f"{number}-{shelf.folder.name}"


def make_copy(copies: Path, shelf: CorpusStore, number: int, chances: Chances | None = None) -> Copy:
    """Disturb every utterance of a shelf and keep its features; number 0 is the clean copy. Resumable by copies.

    What is nothing but features has only the clean one, whatever the number.
    """
    if shelf.energies:
        number = CLEAN
    folder = copy_folder(copies, shelf, number)
    if (folder / "frames.npy").exists():
        return Copy(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if shelf.energies:
        shutil.copyfile(shelf.energies, folder / "features.f16")
        ends = [(utterance.start + utterance.length) // HOP for utterance in shelf.utterances]
        return _finished(folder, [0, *ends])
    babble = [shelf.samples(utterance) for utterance in shelf.utterances[::7][:BABBLE_UTTERANCES]]
    disturber = None if number == CLEAN else Disturber(number * 1000 + len(shelf.utterances), babble, chances)
    starts = [0]
    with (folder / "features.f16").open("wb") as file:
        for utterance in shelf.utterances:
            samples = shelf.samples(utterance)
            features = log_mel(disturber.disturb(samples) if disturber else samples)
            file.write(features.astype(np.float16).tobytes())
            starts.append(starts[-1] + len(features))
    return _finished(folder, starts)


def _finished(folder: Path, starts: list[int]) -> Copy:
    unfinished = folder / f"frames.unfinished{os.getpid()}.npy"
    np.save(unfinished, np.array(starts))
    unfinished.replace(folder / "frames.npy")
    return Copy(folder)
