"""The shape that pyttsx3 wants of a driver (pyttsx3/drivers/dummy.py documents it), for synthesisers that stream.

One property is ours: `sink`, which takes the audio block by block and may end the utterance.
"""

from __future__ import annotations

import sys
import wave
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from pyttsx3.engine import Engine
from pyttsx3.voice import Voice

Sink = Callable[[bytes], bool]
"""Takes a block of signed 16-bit little-endian mono PCM; False ends the utterance there."""
RATES = (80, 450)


def register(name: str, driver: Callable[[Any], StreamDriver]) -> str:
    """Make a driver known to pyttsx3; returns the name for `pyttsx3.init`. Harmless when done before."""
    module = ModuleType(f"pyttsx3.drivers.{name}", driver.__doc__)
    module.buildDriver = driver  # type: ignore[attr-defined]
    sys.modules.setdefault(module.__name__, module)
    return name


def new_engine(name: str) -> Any:
    """A pyttsx3 engine on a driver that is known. Raises ImportError for one that is not."""
    return Engine(name)


class StreamDriver(ABC):
    """Speaks synchronously: `say` returns when the text is spoken or stopped, so no run loop is needed."""

    def __init__(self, proxy: Any, voice: str) -> None:
        self._proxy = proxy
        self._properties: dict[str, Any] = {"voice": voice, "rate": 170, "volume": 1.0, "pitch": 50, "sink": None}
        self._stopped = False

    @abstractmethod
    def synthesise(self, text: str, properties: dict[str, Any], sink: Sink) -> bool:
        """Speak `text` into `sink`; True when it was spoken to its end. Raises NoVoice, SynthesisFailed."""

    @abstractmethod
    def sample_rate(self) -> int:
        """Hz of what the sink takes, with the voice that is set."""

    def say(self, text: str) -> None:
        """Speak into the sink; notifies started-utterance and finished-utterance."""
        self._speak(text, self._properties["sink"] or (lambda block: True))

    def save_to_file(self, text: str, filename: str) -> None:
        """Speak into a WAV file of the voice's own rate."""
        with wave.open(filename, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.sample_rate())

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
            completed = self.synthesise(text, self._properties, lambda block: not self._stopped and sink(block))
        finally:
            self._proxy.notify("finished-utterance", completed=completed)
            self._proxy.setBusy(False)

    def stop(self) -> None:
        """End the utterance with the next block; may be called from any thread."""
        self._stopped = True

    def getProperty(self, name: str) -> Any:
        """As in pyttsx3, and `sample_rate`. Raises KeyError."""
        if name == "sample_rate":
            return self.sample_rate()
        if name == "voices":
            return [Voice(self._properties["voice"])]
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:
        """Rate and volume are kept within what readers may choose. Raises KeyError."""
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
        """startLoop has returned already; what is being spoken ends."""
        self.stop()

    def iterate(self) -> Iterator[None]:
        self._proxy.setBusy(False)
        yield

    def destroy(self) -> None:
        """The engine is gone: what is being spoken ends."""
        self.stop()
