"""Automatic gain for quiet callers: lines with pads, telephones held away. Never for the loud, and never for noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_DB = 15.0
"""What is more than this too quiet is somebody else in the room."""
AIM_DB = -18.0
"""Peaks of speech that need no gain, dB of full scale."""
HIGHEST_DB = -6.0
"""Peaks stay below this: gain never makes a frame too loud."""
FORGETS_DB = 0.4
"""How fast louder speech than the present one is forgotten, per frame of speech: a caller is known after a word."""
RISES_DB = 0.5
"""How fast gain may rise, per frame; it falls at once."""
ABOVE_NOISE_DB = 10.0
"""How far above the background a frame is that tells how loud the caller is …"""
LEAST_DB = -60.0
"""… and it is at least so loud, its peak above this."""
NOISE_DB = -50.0
"""Peaks of the background stay below this, whatever the gain."""
WINDOW_FRAMES = 75
"""The background is the quietest frame of the last one to two windows, 1.5 to 3 s: everybody pauses so often."""


class AutomaticGain:
    """One line."""

    def __init__(self) -> None:
        self.gain_db = 0.0
        self._speech_db = AIM_DB
        self._frames = 0
        self._before_db = self._now_db = LEAST_DB
        """The quietest frames of the last window and of this one."""

    def feed(
        self, samples: NDArray[np.float64], most_db: float = MOST_DB, *, learns: bool = True
    ) -> NDArray[np.float64]:
        """The next 20 ms, with gain, at most so much. Unless it `learns`, nothing in it is taken for the caller."""
        peak_db = 20 * float(np.log10(max(float(np.abs(samples).max()), 0.5) / 32768.0))
        noise_db = self._background_db(peak_db)
        if learns and peak_db > max(noise_db + ABOVE_NOISE_DB, LEAST_DB):
            self._speech_db = min(AIM_DB, max(peak_db, self._speech_db - FORGETS_DB))
        wanted = min(most_db, MOST_DB, AIM_DB - self._speech_db, NOISE_DB - noise_db, HIGHEST_DB - peak_db)
        self.gain_db = max(0.0, min(wanted, self.gain_db + RISES_DB))
        return samples * 10 ** (self.gain_db / 20)

    def _background_db(self, peak_db: float) -> float:
        self._frames += 1
        if self._frames % WINDOW_FRAMES == 0:
            self._before_db, self._now_db = self._now_db, peak_db
        self._now_db = min(self._now_db, peak_db)
        return min(self._before_db, self._now_db)
