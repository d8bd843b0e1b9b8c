"""A pyttsx3 driver that hands speech over block by block while it is being spoken, and stops at once.

The stock espeak driver writes a file, plays it through a subprocess and cannot be interrupted. This one has the same
shape (pyttsx3/drivers/dummy.py documents it) and one property more: `sink`, which takes the audio.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from pyttsx3.voice import Voice

from voice.speaking.espeak_library import Sink, espeak_library

DRIVER_NAME = "espeak_stream"
RATES = (80, 450)
DEFAULTS: dict[str, Any] = {"voice": "gmw/en", "rate": 170, "volume": 1.0, "pitch": 50, "sink": None}


def register() -> str:
    """Make the driver known to pyttsx3; returns the name for `pyttsx3.init`. Harmless when done before."""
    module = ModuleType(f"pyttsx3.drivers.{DRIVER_NAME}", __doc__)
    module.buildDriver = buildDriver  # type: ignore[attr-defined]
    sys.modules.setdefault(module.__name__, module)
    return DRIVER_NAME


def buildDriver(proxy: Any) -> EspeakDriver:
    """What pyttsx3 calls to make a driver. Raises NoVoice when espeak-ng is not installed."""
    return EspeakDriver(proxy)


class EspeakDriver:
    """Speaks synchronously: `say` returns when the text is spoken or stopped, so no run loop is needed."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._library = espeak_library()
        self._properties = dict(DEFAULTS)
        self._stopped = False

    def say(self, text: str) -> None:
        """Speak into the sink; notifies started-utterance and finished-utterance."""
        self._speak(text, self._properties["sink"] or (lambda block: True))

    def save_to_file(self, text: str, filename: str) -> None:
        """Speak into a WAV file of the library's own rate."""
        with wave.open(filename, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._library.rate_hz)

            def write(block: bytes) -> bool:
                file.writeframesraw(block)
                return True

            self._speak(text, write)

    def _speak(self, text: str, sink: Sink) -> None:
        self._stopped = False
        self._proxy.setBusy(True)
        self._proxy.notify("started-utterance")
        completed = False
        try:
            completed = self._library.speak(
                text,
                self._properties["voice"],
                self._properties["rate"],
                round(self._properties["volume"] * 100),
                self._properties["pitch"],
                lambda block: not self._stopped and sink(block),
            )
        finally:
            self._proxy.notify("finished-utterance", completed=completed)
            self._proxy.setBusy(False)

    def stop(self) -> None:
        """End the utterance with the next block; may be called from any thread."""
        self._stopped = True

    def getProperty(self, name: str) -> Any:
        """`sample_rate` is the Hz of what the sink takes; otherwise as in pyttsx3. Raises KeyError."""
        if name == "sample_rate":
            return self._library.rate_hz
        if name == "voices":
            return [Voice(self._properties["voice"])]
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:
        """Rate and volume are kept within what espeak-ng can do. Raises KeyError."""
        if name not in self._properties:
            raise KeyError(name)
        if name == "rate":
            value = min(max(int(value), RATES[0]), RATES[1])
        elif name == "volume":
            value = min(max(float(value), 0.0), 2.0)
        self._properties[name] = value

    def startLoop(self) -> None:
        """Everything queued is spoken inside this call."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        """Nothing to end: startLoop has returned already."""

    def iterate(self) -> Iterator[None]:
        self._proxy.setBusy(False)
        yield

    def destroy(self) -> None:
        """The library stays: it belongs to the process."""
