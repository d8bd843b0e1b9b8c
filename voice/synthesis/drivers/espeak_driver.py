"""A pyttsx3 driver for espeak-ng that hands speech over while it is being spoken, and stops at once.

The stock espeak driver writes a file, plays it through a subprocess and cannot be interrupted.
"""

from __future__ import annotations

from typing import Any

from voice.synthesis.drivers.espeak_library import espeak_library
from voice.synthesis.drivers.streaming_driver import Sink, StreamDriver
from voice.synthesis.drivers.streaming_driver import register as register_driver

DRIVER_NAME = "espeak_stream"


class EspeakDriver(StreamDriver):
    """Voices are files of espeak-ng such as "trk/kk". Raises NoVoice when espeak-ng is not installed."""

    def __init__(self, proxy: Any) -> None:
        super().__init__(proxy, voice="gmw/en")
        self._library = espeak_library()

    def sample_rate(self) -> int:
        return self._library.rate_hz

    def synthesise(self, text: str, properties: dict[str, Any], sink: Sink) -> bool:
        volume = round(properties["volume"] * 100)
        return self._library.speak(text, properties["voice"], properties["rate"], volume, properties["pitch"], sink)


def register() -> str:
    """Make the driver known to pyttsx3; returns its name."""
    return register_driver(DRIVER_NAME, EspeakDriver)
