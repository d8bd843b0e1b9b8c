"""What a voice goes through before it reaches a library's microphone: rooms, noise, other people, a telephone.

A synthesiser's clean sentence is changed at random in ways a real line changes it, so that the network cannot rely on
anything that is not speech. One `Disturber` holds the noises, made once from nothing and from the speech itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from audio_models.training.corpus_store import RATE, Samples

Wave = NDArray[np.float32]
NOISE_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Chances:
    """How often and how strongly speech is changed."""

    rate: tuple[float, float] = (0.86, 1.2)
    """Resampling: faster and higher above 1, both at once, as a smaller speaker would sound."""
    room: float = 0.55
    noise: float = 0.75
    babble: float = 0.3
    """Of the noises, so many are other people talking."""
    snr_db: tuple[float, float] = (3.0, 32.0)
    overdrive: float = 0.15
    tight: float = 0.25
    """Clips cut close to the first and last sound, as an endpointer cuts them."""
    telephone: float = 0.4
    gain_db: tuple[float, float] = (-28.0, 4.0)
    swell: float = 0.15
    """The slow gain of an automatic level control."""


class Disturber:
    """Changes speech at random; every call is another line, room and noise."""

    def __init__(self, seed: int, speech: Sequence[Samples], chances: Chances | None = None) -> None:
        """`speech`: some utterances of any voices, from which babble is mixed."""
        self._chance = np.random.default_rng(seed)
        self._chances = chances or Chances()
        self._noises = [self._coloured(slope) for slope in (0.0, 0.5, 1.0, 1.5, 2.0)] + [self._train(), self._hum()]
        self._babbles = [self._crowd(speech, talkers) for talkers in (1, 2, 4, 8)] if len(speech) > 0 else []

    def disturb(self, samples: Samples) -> Samples:
        """The utterance as it may arrive: 16 kHz, 16-bit, of another length."""
        chances, chance = self._chances, self._chance
        wave = samples.astype(np.float32)
        rate = chance.uniform(*chances.rate)
        wave = soxr.resample(wave, RATE * rate, RATE, quality="LQ")
        wave = self._frame(wave / max(1.0, float(np.abs(wave).max())))
        if chance.random() < chances.overdrive:
            drive = chance.uniform(1.5, 8.0)
            wave = np.tanh(drive * wave) / np.tanh(drive)
        wave = self._through_room(wave)
        if chance.random() < chances.swell:
            wave *= np.interp(np.arange(len(wave)), np.linspace(0, len(wave), 5), chance.uniform(0.4, 1.0, 5))
        if chance.random() < chances.noise:
            wave = self._add_noise(wave, chance.uniform(*chances.snr_db))
        if chance.random() < chances.telephone:
            wave = self._by_telephone(wave)
        peak = max(float(np.abs(wave).max()), 1e-6)
        loud = 10 ** (chance.uniform(*chances.gain_db) / 20)
        return np.asarray(np.clip(wave / peak * loud, -1, 1) * 32000, dtype=np.int16)

    def _frame(self, wave: Wave) -> Wave:
        """Silence before and after, or none at all."""
        chance = self._chance
        if chance.random() < self._chances.tight:
            loud = np.flatnonzero(np.abs(wave) > 0.03)
            return wave[max(loud[0] - 160, 0) : loud[-1] + 800] if len(loud) else wave
        before, after = chance.uniform(0, 0.5), chance.uniform(0.05, 0.7)
        return np.pad(wave, (int(before * RATE), int(after * RATE)))

    def _through_room(self, wave: Wave) -> Wave:
        """An uneven microphone and the echoes of a room, both in one multiplication of spectra."""
        chance = self._chance
        size = 1 << (len(wave) + RATE // 2).bit_length()
        spectrum = np.fft.rfft(wave, size)
        points = chance.normal(0, chance.uniform(0, 5), 9)
        bins = np.linspace(0, 8, len(spectrum), dtype=np.float32)
        spectrum *= 10 ** (np.interp(bins, np.arange(9), points) / 20).astype(np.float32)
        if chance.random() < self._chances.room:
            decay = chance.uniform(0.08, 0.6)
            length = int(decay * RATE * 0.8)
            echoes = chance.normal(0, 1, length).astype(np.float32) * np.exp(-6.9 * np.arange(length) / (decay * RATE))
            echoes[: int(chance.uniform(0.001, 0.02) * RATE)] = 0
            echoes *= chance.uniform(0.1, 0.9) / np.sqrt(np.sum(echoes**2) + 1e-9)
            echoes[0] = 1.0
            spectrum *= np.fft.rfft(echoes, size)
        return np.fft.irfft(spectrum, size)[: len(wave)].astype(np.float32)

    def _add_noise(self, wave: Wave, snr_db: float) -> Wave:
        chance = self._chance
        crowd = self._babbles and chance.random() < self._chances.babble
        pool = self._babbles if crowd else self._noises
        noise = pool[chance.integers(len(pool))]
        first = int(chance.integers(max(len(noise) - len(wave), 1)))
        piece = np.resize(noise[first:], len(wave))
        if chance.random() < 0.25:  # comes and goes
            swell = np.interp(np.arange(len(wave)), np.linspace(0, len(wave), 6), chance.uniform(0, 1, 6))
            piece = np.asarray(piece * swell, dtype=np.float32)
        spoken = wave[np.abs(wave) > 0.01]
        level = np.sqrt(np.mean(spoken**2)) if len(spoken) else 0.05
        loud = level / (np.sqrt(np.mean(piece**2)) + 1e-6) * 10 ** (-snr_db / 20)
        return np.asarray(wave + piece * loud, dtype=np.float32)

    def _by_telephone(self, wave: Wave) -> Wave:
        """8 kHz, some 300 to 3400 Hz, mu-law."""
        chance = self._chance
        low, high = chance.uniform(150, 350), chance.uniform(3100, 3900)
        edge = chance.uniform(0.4, 0.98)  # where the cut begins, as a share of `low`: from gentle to sharp
        size = 1 << len(wave).bit_length()
        spectrum = np.fft.rfft(wave, size)
        hz = np.linspace(0, RATE / 2, len(spectrum))
        spectrum *= np.clip((hz - low * edge) / (low * (1 - edge)), 0, 1) * np.clip((high + 100 - hz) / 100, 0, 1)
        narrow = np.fft.irfft(spectrum, size)[: len(wave) // 2 * 2 : 2]
        narrow /= max(float(np.abs(narrow).max()), 1e-6) / chance.uniform(0.1, 0.95)
        pressed = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
        heard = np.sign(pressed) * (256 ** np.abs(pressed) - 1) / 255
        return np.asarray(soxr.resample(heard.astype(np.float32), RATE // 2, RATE), dtype=np.float32)

    def _coloured(self, slope: float) -> Wave:
        """Noise whose power falls with frequency: 0 is white, 1 pink, 2 brown."""
        spectrum = np.fft.rfft(self._chance.normal(0, 1, NOISE_SECONDS * RATE))
        hz = np.maximum(np.fft.rfftfreq(NOISE_SECONDS * RATE, 1 / RATE), 20)
        return _level(np.fft.irfft(spectrum / hz ** (slope / 2)))

    def _train(self) -> Wave:
        """A metro platform: deep rumble, wheels over joints, brakes that sing now and then."""
        rumble = self._coloured(2.2)
        time = np.arange(len(rumble)) / RATE
        joints = np.exp(-40 * (time % 0.62)) * self._chance.normal(0, 1, len(rumble))
        brakes = np.sin(2 * np.pi * np.cumsum(1800 + 250 * np.sin(time / 3)) / RATE) * (np.sin(time / 2.3) > 0.7)
        return _level(rumble + 0.5 * joints + 0.15 * brakes + 0.3 * self._coloured(0.8))

    def _hum(self) -> Wave:
        """Fans and mains."""
        time = np.arange(NOISE_SECONDS * RATE) / RATE
        return _level(sum(np.sin(2 * np.pi * 50 * n * time) / n for n in range(1, 12)) + 0.5 * self._coloured(1.2))

    def _crowd(self, speech: Sequence[Samples], talkers: int) -> Wave:
        """So many people talking at once."""
        mixed = np.zeros(NOISE_SECONDS * RATE, np.float32)
        for _ in range(talkers):
            row: list[Wave] = []
            while sum(map(len, row)) < len(mixed):
                row.append(_level(speech[int(self._chance.integers(len(speech)))].astype(np.float32)))
            mixed += np.concatenate(row)[: len(mixed)]
        return _level(mixed)


def _level(wave: NDArray[np.floating]) -> Wave:
    return np.asarray(wave / (np.sqrt(np.mean(np.square(wave))) + 1e-6) * 0.1, dtype=np.float32)
