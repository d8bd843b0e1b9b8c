"""Takes away what lies below the telephone's band: mains hum, handling, wind. Speech detection, levels and the
recogniser would take it for a loud room, and the line would be deaf.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TELEPHONE_CUTOFF_HZ, WIDE_CUTOFF_HZ = 200.0, 120.0
"""Half-way down. A telephone line begins at 300 Hz (ITU-T G.712); on a wide one deep voices stay whole."""
TAPS_MS = 20.0
"""Length of the filter. Half of it is its delay: one step of the recogniser, which so sees the sound as it was."""
TELEPHONE_HZ = 8000


def _kernel(rate_hz: int) -> NDArray[np.float32]:
    """A windowed-sinc high-pass of an odd number of taps."""
    half = int(TAPS_MS * rate_hz / 2000)
    place = np.arange(-half, half + 1)
    cutoff_hz = TELEPHONE_CUTOFF_HZ if rate_hz <= TELEPHONE_HZ else WIDE_CUTOFF_HZ
    low = np.sinc(2 * cutoff_hz / rate_hz * place) * np.blackman(len(place))
    kernel = -low / low.sum()
    kernel[half] += 1.0
    return np.asarray(kernel, np.float32)


class SpeechBand:
    """Follows one line: PCM of any length in, as much out."""

    def __init__(self, rate_hz: int) -> None:
        self._kernel = _kernel(rate_hz)
        self._before = np.zeros(len(self._kernel) - 1, np.float32)

    def filter(self, pcm: bytes) -> bytes:
        """The next samples (16-bit little-endian), a few ms late."""
        samples = np.concatenate([self._before, np.frombuffer(pcm, "<i2").astype(np.float32)])
        self._before = samples[len(samples) - len(self._before) :]
        heard = np.convolve(samples, self._kernel, "valid")
        return np.clip(np.rint(heard), -32768, 32767).astype("<i2").tobytes()
