"""What the microphone hears, without what the loudspeaker says: echo cancellation, or listening by turns."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from voice.channels.station.sound import RATE, SILENCE

HALF = len(SILENCE) // 2
"""Bytes of 10 ms, the canceller's own block."""
DELAY_MS = 60
"""From a block's way to the loudspeaker until the microphone hears it, at first; the canceller finds it out itself."""
TAIL_BLOCKS = 15
"""Blocks, 300 ms, for which a room goes on sounding after the last word."""

log = logging.getLogger(__name__)


class Cleaning(Protocol):
    """Both ways of not listening to oneself."""

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


class EchoCanceller:
    """WebRTC's echo canceller and noise suppression: 5 ms of work for a second of sound."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor

    def played(self, block: bytes) -> None:
        """See `Cleaning`."""
        for at in (0, HALF):
            self._processor.process_reverse_stream(block[at : at + HALF])

    def clean(self, block: bytes) -> bytes:
        """See `Cleaning`."""
        return b"".join(bytes(self._processor.process_stream(block[at : at + HALF])) for at in (0, HALF))


def cleaning_for(*, headphones: bool, half_duplex: bool) -> Cleaning:
    """What suits a station. Without the extra `station` the echo canceller is missing: then by turns."""
    if headphones:
        return Untouched()
    if half_duplex:
        return ByTurns()
    try:
        from aec_audio_processing import AudioProcessor
    except ImportError:
        log.warning("No echo canceller is installed, so the station listens by turns: pip install 'dauys[station]'.")
        return ByTurns()
    processor = AudioProcessor(enable_aec=True, enable_ns=True, ns_level=1, enable_agc=False, enable_vad=False)
    processor.set_stream_format(RATE, 1, RATE, 1)
    processor.set_reverse_stream_format(RATE, 1)
    processor.set_stream_delay(DELAY_MS)
    return EchoCanceller(processor)
