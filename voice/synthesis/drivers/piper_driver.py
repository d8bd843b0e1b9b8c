"""A pyttsx3 driver for Piper voices (package piper-tts), where that is installed: the same shape as espeak-ng's.

Piper speaks sentence by sentence and is stopped between two pieces of one. A voice is the path of its .onnx file; it
takes the place of a language's voice in voices.toml with `driver = "piper_stream"`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from voice.synthesis.drivers.streaming_driver import Sink, StreamDriver
from voice.synthesis.drivers.streaming_driver import register as register_driver
from voice.synthesis.errors import NoVoice

DRIVER_NAME = "piper_stream"
NATURAL_RATE = 170
"""Words a minute of a Piper voice at length scale 1."""
PIECE_MS = 20


class PiperDriver(StreamDriver):
    """Raises NoVoice when piper-tts or the voice is not installed."""

    def __init__(self, proxy: Any) -> None:
        super().__init__(proxy, voice="")
        try:
            self._piper = importlib.import_module("piper")
        except ImportError as error:
            raise NoVoice("A Piper voice is set, but the package piper-tts is not installed. Install it.") from error
        self._voices: dict[str, Any] = {}

    def sample_rate(self) -> int:
        return int(self._voice().config.sample_rate)

    def synthesise(self, text: str, properties: dict[str, Any], sink: Sink) -> bool:
        settings = self._piper.SynthesisConfig(length_scale=NATURAL_RATE / properties["rate"])
        for sentence in self._voice().synthesize(text, settings):
            samples = np.frombuffer(sentence.audio_int16_bytes, dtype="<i2") * properties["volume"]
            pcm = np.clip(samples, -32768, 32767).astype("<i2").tobytes()
            size = 2 * sentence.sample_rate * PIECE_MS // 1000
            if not all(sink(pcm[start : start + size]) for start in range(0, len(pcm), size)):
                return False
        return True

    def _voice(self) -> Any:
        path = self._properties["voice"]
        if path not in self._voices:
            if not Path(path).is_file():
                raise NoVoice(f"There is no Piper voice {path!r}. Put its .onnx and .onnx.json there.")
            self._voices[path] = self._piper.PiperVoice.load(path)
        return self._voices[path]


def register() -> str:
    """Make the driver known to pyttsx3; returns its name."""
    return register_driver(DRIVER_NAME, PiperDriver)
