"""Keys heard in the audio itself (ITU-T Q.23, Q.24), for lines that send them in no better way: the last resort."""

from __future__ import annotations

import numpy as np

RATE = 8000
BLOCK = 205
"""Samples looked at together, 25.6 ms: the eight tones fall apart best at this length."""
HOP = 80
"""Samples between two looks, 10 ms."""
STEADY = 3
"""Looks in a row that must agree: 45 ms, a little over the 40 ms that Q.24 asks for; no syllable is so pure so long."""
PURITY = 0.8
"""Part of the energy that lies in the two tones; speech has seldom over half."""
TWIST = 6.3
"""Most that one tone may be stronger than the other: 8 dB."""
QUIETEST = 100.0
"""Root mean square, of 32768, below which nothing is a key: -50 dB."""

ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")

_TONES = np.exp(-2j * np.pi * np.outer((*ROWS, *COLUMNS), np.arange(BLOCK)) / RATE)


class InbandDtmf:
    """Follows the audio of one call."""

    def __init__(self) -> None:
        self._rest = np.zeros(0)
        self._last = ""
        self._same = 0
        self._pressed = ""

    def feed(self, pcm: bytes) -> str:
        """The keys whose press is first known with this PCM at 8000 Hz; mostly ""."""
        samples = np.concatenate([self._rest, np.frombuffer(pcm, "<i2").astype(float)])
        keys = ""
        start = 0
        while start + BLOCK <= len(samples):
            keys += self._follow(_key(samples[start : start + BLOCK]))
            start += HOP
        self._rest = samples[start:]
        return keys

    def _follow(self, key: str) -> str:
        self._same = self._same + 1 if key == self._last else 1
        self._last = key
        if self._same == STEADY and key != self._pressed:
            self._pressed = key
            return key
        return ""


def _key(block: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """The key that sounds in a block; "" for none."""
    energy = float(np.mean(block * block))
    if energy < QUIETEST**2:
        return ""
    powers = 2 * np.abs(_TONES @ block) ** 2 / BLOCK**2
    row, column = int(np.argmax(powers[:4])), int(np.argmax(powers[4:]))
    low, high = float(powers[row]), float(powers[4 + column])
    if low + high < PURITY * energy or max(low, high) > TWIST * min(low, high):
        return ""
    return KEYS[row][column]
