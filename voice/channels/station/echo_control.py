"""What the microphone hears, without what the loudspeaker says: echo cancellation, or listening by turns."""

from __future__ import annotations

from typing import Protocol

from voice.channels.echo_cancellation import EchoCanceller
from voice.channels.station.audio_device import RATE, SILENCE

DELAY_MS = 60
"""From a block's way to the loudspeaker until the microphone hears it, at first; the canceller finds it out itself."""
TAIL_BLOCKS = 15
"""Blocks, 300 ms, for which a room goes on sounding after the last word."""


class EchoControl(Protocol):
    """All ways of not listening to oneself."""

    def played(self, block: bytes) -> None:
        """This block goes to the loudspeaker."""

    def clean(self, block: bytes) -> bytes:
        """The microphone's block, as the reader said it."""


class Untouched:
    """For headphones: the microphone hears nothing of what is said."""

    def played(self, block: bytes) -> None:
        """See `Cleaning`."""

    def clean(self, block: bytes) -> bytes:
        """See `Cleaning`."""
        return block


class ByTurns:
    """Half-duplex: nothing is heard while something is said, for rooms with a hard echo. Keys still interrupt."""

    def __init__(self) -> None:
        self._sounding = 0

    def played(self, block: bytes) -> None:
        """See `Cleaning`."""
        self._sounding = TAIL_BLOCKS if any(block) else max(0, self._sounding - 1)

    def clean(self, block: bytes) -> bytes:
        """See `Cleaning`."""
        return SILENCE if self._sounding else block


def cleaning_for(*, headphones: bool, half_duplex: bool) -> EchoControl:
    """What suits a station."""
    if headphones:
        return Untouched()
    if half_duplex:
        return ByTurns()
    return EchoCanceller(RATE, delay_ms=DELAY_MS, without_noise=True)
