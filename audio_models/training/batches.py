"""Batches of features for training: utterances drawn by weight, stretched and warped, with noise put on the energies.

Changing energies costs almost nothing, so it is done again each time an utterance is drawn, on top of the disturbed
copies of the sound (augmentation.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from audio_models.training.corpus_store import CorpusStore
from audio_models.training.features import BANDS
from audio_models.training.preparation import Copy, copy_folder

BATCH_FRAMES = 9000
"""90 s of audio in a batch, padding included."""
POOL = 1500
"""Utterances drawn at once and sorted by length, so that a batch holds similar ones."""
MOST_COPIES = 20
"""Of a shelf, the clean one included."""
LENGTH_STEP = 30
"""Frames to which the length of a batch is rounded up."""
LONGEST = 1500
"""Frames; longer utterances are not trained on."""


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance to learn from."""

    shelf: int
    number: int
    labels: tuple[int, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded utterances of similar length."""

    features: Tensor
    """Batch x frames x 40."""
    frames: Tensor
    """How many frames of each are real."""
    labels: Tensor
    """All labels after each other."""
    lengths: Tensor
    """How many labels each has."""


class Batches:
    """An endless row of batches."""

    def __init__(self, shelves: Sequence[CorpusStore], copies: Path, examples: Sequence[Example], seed: int) -> None:
        self._shelves, self._folder, self._examples = shelves, copies, examples
        self._copies: dict[Path, Copy] = {}
        weights = np.array([example.weight for example in examples])
        self._odds = weights / weights.sum()
        self._chance = np.random.default_rng(seed)
        torch.manual_seed(seed)

    def __iter__(self) -> Iterator[Batch]:
        while True:
            ready = {number: self._ready(number) for number in range(len(self._shelves))}
            pool = []
            for index in self._chance.choice(len(self._examples), POOL, p=self._odds):
                example = self._examples[int(index)]
                choices = ready[example.shelf]
                features = choices[self._chance.integers(len(choices))].features(example.number)
                features = self._stretched(features)
                if len(features) // 3 > len(example.labels) * 1.1 and len(features) < LONGEST:
                    pool.append((features, example.labels))
            yield from self._cut(pool)

    def _ready(self, number: int) -> list[Copy]:
        """The copies of a shelf that are finished by now."""
        folders = [copy_folder(self._folder, self._shelves[number], copy) for copy in range(MOST_COPIES)]
        finished = [folder for folder in folders if (folder / "frames.npy").exists()]
        for folder in finished:
            if folder not in self._copies:
                self._copies[folder] = Copy(folder)
        return [self._copies[folder] for folder in finished]

    def _stretched(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Slower or faster, with a longer or shorter throat: lines between frames and between bands."""
        if len(features) < 10 or self._chance.random() < 0.4:
            return features
        speed, warp = self._chance.uniform(0.85, 1.3), self._chance.uniform(0.87, 1.13)
        times = np.arange(0, len(features) - 1, speed)
        early = times.astype(int)
        part = (times - early).astype(np.float32)[:, None]
        slower = features[early] * (1 - part) + features[early + 1] * part
        bands = np.clip(np.arange(BANDS) * warp, 0, BANDS - 1.001)
        low = bands.astype(int)
        share = (bands - low).astype(np.float32)
        return np.asarray(slower[:, low] * (1 - share) + slower[:, low + 1] * share, dtype=np.float32)

    def _cut(self, pool: list[tuple[NDArray[np.float32], tuple[int, ...]]]) -> Iterator[Batch]:
        """Groups of similar length, in any order. Their shapes repeat: every new one costs PyTorch time and memory."""
        pool.sort(key=lambda item: -len(item[0]))
        groups = []
        while pool:
            longest = -(-len(pool[0][0]) // LENGTH_STEP) * LENGTH_STEP
            count = BATCH_FRAMES // longest
            if count <= len(pool):
                groups.append((longest, pool[:count]))
            pool = pool[count:]
        for index in self._chance.permutation(len(groups)):
            yield _batch(*groups[int(index)])


def _batch(longest: int, group: Sequence[tuple[NDArray[np.float32], tuple[int, ...]]]) -> Batch:
    padded = np.stack([np.pad(features, ((0, longest - len(features)), (0, 0)), "edge") for features, _ in group])
    return Batch(
        features=disturbed(torch.from_numpy(padded)),
        frames=torch.tensor([len(features) for features, _ in group]),
        labels=torch.tensor([label for _, labels in group for label in labels]),
        lengths=torch.tensor([len(labels) for _, labels in group]),
    )


def disturbed(features: Tensor) -> Tensor:
    """Energies with another microphone, level, steady noise, someone else talking, and pieces blotted out."""
    count, frames, bands = features.shape

    def some(share: float) -> Tensor:
        return (torch.rand(count, 1, 1) < share).float()

    def curve(strength: float) -> Tensor:
        """A smooth random line over the bands."""
        points = torch.randn(count, 1, 6) * strength
        return torch.nn.functional.interpolate(points, bands, mode="linear", align_corners=True)

    x = features + curve(0.7) * some(0.5) + (torch.rand(count, 1, 1) * 5.5 - 4.5) * some(0.5)
    loud = x.amax(dim=(1, 2), keepdim=True)
    noise = loud - 3.5 - torch.rand(count, 1, 1) * 6.0 + curve(1.0) + torch.randn(count, frames, bands) * 0.6
    x = torch.logaddexp(x, torch.where(some(0.35) > 0, noise, torch.full_like(noise, -20.0)))
    other = x.roll(1, dims=0) - 3.0 - torch.rand(count, 1, 1) * 4.0
    x = torch.logaddexp(x, torch.where(some(0.1) > 0, other, torch.full_like(other, -20.0)))
    x = x + telephone_band(count) * some(0.45)
    mask = torch.ones(count, frames, bands)
    for index in range(count):
        width, first = int(torch.randint(0, 7, ())), int(torch.randint(0, bands, ()))
        mask[index, :, first : first + width] = 0
        width, first = int(torch.randint(0, 8, ())), int(torch.randint(0, frames, ()))
        mask[index, first : first + width] = 0
    x = x * mask + x.mean(dim=(1, 2), keepdim=True) * (1 - mask)
    return torch.where(gated(features) & (some(0.3) > 0), torch.full_like(x, -20.0), x)


def gated(features: Tensor) -> Tensor:
    """Where a line that sends no silence has nothing at all: before and after the speech. Count x frames x 1, of bool.

    There the noise begins and ends with the speech. A network that had not met it heard 72 of 100 such digits, and 79
    when noise of the same level was put around them.
    """
    count, frames, _ = features.shape
    loud = features.amax(dim=2)
    spoken = loud > loud.amax(dim=1, keepdim=True) - 5 - 4 * torch.rand(count, 1)
    before, after = torch.randint(2, 14, (2, count))
    first = spoken.int().argmax(dim=1) - before
    last = frames - 1 - spoken.flip(1).int().argmax(dim=1) + after
    place = torch.arange(frames)
    closed: Tensor = (place < first[:, None]) | (place > last[:, None])
    return closed[..., None]


def telephone_band(count: int) -> Tensor:
    """What a telephone takes from the energies: nearly all above 3.5 kHz, much or all below 300 Hz. Count x 1 x 40.

    All of it, sharply, as good exchanges do, cost a network that had only heard gentle cuts a third of its phrases.
    """
    bands = torch.arange(BANDS)
    high = torch.randint(27, 31, (count, 1, 1))
    low = torch.randint(2, 10, (count, 1, 1))
    return -20.0 * (bands >= high) - (2 + 18 * torch.rand(count, 1, 1)) * (bands < low)


def weight_of(voice: str, language: str, weights: Mapping[str, float]) -> float:
    """The weight of the longest name in `weights` that begins `voice/language`; 1 when none does."""
    name = f"{voice}/{language}"
    fitting = [key for key in weights if name.startswith(key)]
    return weights[max(fitting, key=len)] if fitting else 1.0
