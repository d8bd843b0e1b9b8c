"""The tone that tells a caller that a telephone rings (ITU-T E.180: 425 Hz, a second in five)."""

from __future__ import annotations

import numpy as np

from voice.channels.media.rtp_receiver import RATE, SAMPLES, SILENCE

HERTZ = 425
SOUNDS, PERIOD = 50, 250
"""Frames of 20 ms."""
AMPLITUDE = 2000
"""Of 32768: -27 dB of full scale, quieter than speech."""


class Ring:
    """One telephone that rings."""

    def __init__(self) -> None:
        self._frame = 0

    def next_frame(self) -> bytes:
        """The next 20 ms, PCM at 8000 Hz."""
        at, self._frame = self._frame, (self._frame + 1) % PERIOD
        if at >= SOUNDS:
            return SILENCE
        time = np.arange(at * SAMPLES, (at + 1) * SAMPLES) / RATE
        return (AMPLITUDE * np.sin(2 * np.pi * HERTZ * time)).astype("<i2").tobytes()
