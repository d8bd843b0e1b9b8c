"""Does a line return what is sent? Found by how alike the two are at every delay, whoever speaks meanwhile."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.values.audio import FRAME_MS

RATE_HZ = 8000
"""What is looked at: wide-band lines are halved."""
LOOK_FRAMES = 10
"""Frames, 200 ms, of what came in that are looked at together."""
LONGEST_FRAMES = 21
"""Delay, 420 ms, up to which an echo is looked for: a satellite is heard in 250 ms at most, the jitter buffers of both
sides add the rest."""
BAND_HZ = (250.0, 3500.0)
"""Hum below it is no echo, above it a telephone carries nothing."""
KEPT = 0.7
"""Part of the likeness found before that is kept with each look: 0.6 s count."""
SPOKEN_DB = -50.0
"""Level of what is sent above which an echo could be heard at all. dB of full scale."""
SURE, DOUBTFUL = 11.0, 8.0
"""Height of the peak, in standard deviations of all delays, above which there is an echo, and below which there is
none. Measured: without an echo, a reader who talks over Dauys reaches 9.5; an echo of -40 dB alone is at 25 to 40."""

FRAME = RATE_HZ * FRAME_MS // 1000
LOOK, DELAYS = LOOK_FRAMES * FRAME, LONGEST_FRAMES * FRAME
LENGTH = 5120
"""Of the transform; not below LOOK + DELAYS."""

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look has found."""

    peak: float
    """How much the most alike delay stands out; see SURE."""
    echo_db: float
    """How loud that delay came back, against what was sent."""


class EchoDetector:
    """Follows one line. To be given both directions, a frame of each at a time."""

    def __init__(self, rate_hz: int) -> None:
        self._half = rate_hz // RATE_HZ
        self._sent: deque[Samples] = deque(
            [np.zeros(FRAME, np.float32)] * (LOOK_FRAMES + LONGEST_FRAMES), LOOK_FRAMES + LONGEST_FRAMES
        )
        self._came: deque[Samples] = deque(maxlen=LOOK_FRAMES)
        self._due = LOOK_FRAMES
        hertz = np.fft.rfftfreq(LENGTH, 1 / RATE_HZ)
        self._band = (hertz > BAND_HZ[0]) & (hertz < BAND_HZ[1])
        self._alike = np.zeros(LENGTH // 2 + 1, np.complex128)

    def look(self, sent: bytes, came: bytes, *, audible_db: float = -96.0) -> Look | None:
        """Take 20 ms of each. Returns what was found in the last 200 ms, once in ten frames and while something is
        sent; where nothing that came was louder than `audible_db` it is not looked for, and there was none."""
        self._sent.append(self._samples(sent))
        self._came.append(self._samples(came))
        self._due -= 1
        if self._due:
            return None
        self._due = LOOK_FRAMES
        sent_now = np.concatenate(self._sent)
        if level_db(sent_now[-2 * LOOK :]) < SPOKEN_DB:
            return None
        if max(level_db(frame) for frame in self._came) < audible_db:
            self._alike[:] = 0
            return Look(0.0, -96.0)
        return self._compare(sent_now, np.concatenate(self._came))

    def _samples(self, frame: bytes) -> Samples:
        samples = np.frombuffer(frame, "<i2").astype(np.float32)
        return samples if self._half == 1 else samples.reshape(-1, self._half).mean(axis=1, dtype=np.float32)

    def _compare(self, sent: Samples, came: Samples) -> Look:
        """Generalised cross-correlation with phase transform: all frequencies count alike, so that vowels of two
        speakers are not taken for each other."""
        placed = np.zeros(LENGTH, np.float32)
        placed[DELAYS : DELAYS + LOOK] = came
        spectrum = np.fft.rfft(placed) * np.conj(np.fft.rfft(sent, LENGTH))
        self._alike = KEPT * self._alike + spectrum
        phases = np.where(self._band, self._alike / (np.abs(self._alike) + 1e-3), 0)
        likeness = np.abs(np.fft.irfft(phases, LENGTH)[:DELAYS])
        delay = int(likeness.argmax())
        peak = float(likeness[delay] / (np.sqrt(np.mean(likeness**2)) + 1e-12))
        then = sent[DELAYS - delay : DELAYS - delay + LOOK]
        share = abs(float(np.dot(came, then))) / (float(np.dot(then, then)) + 1.0)
        return Look(peak, 20 * float(np.log10(share + 1e-5)))


def level_db(samples: Samples) -> float:
    """Level of samples of 16 bits in dB of full scale; -96 for digital silence."""
    return 10 * float(np.log10(max(float(np.dot(samples, samples)) / len(samples), 0.27) / 32768.0**2))
