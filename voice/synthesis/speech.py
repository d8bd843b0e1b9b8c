"""Text to audio by pyttsx3, one text after another in one thread: what stands behind `Synthesiser`, in its own process
or in this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import soxr

from voice.synthesis.drivers import espeak_driver, piper_driver
from voice.synthesis.drivers.streaming_driver import new_engine
from voice.synthesis.errors import SynthesisFailed
from voice.synthesis.voices import Prosody, Voice

GATHER_MS = 200
"""After its first block audio is handed over in pieces of so much: each wakes the process once."""


class Speech:
    """The drivers and their engines. To be used by one thread."""

    def __init__(self) -> None:
        espeak_driver.register()
        piper_driver.register()
        self._engines: dict[str, Any] = {}

    def speak(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int, deliver: Callable[[bytes], bool]) -> None:
        """Speak `text` into `deliver` as PCM at `rate_hz`: the first block at once, the rest gathered. `deliver`
        ends the speech by False. Raises NoVoice, SynthesisFailed; blocks while it speaks."""
        gathered, least, wanted = bytearray(), 0, True

        def gather(block: bytes, last: bool = False) -> bool:
            nonlocal least, wanted
            gathered.extend(block)
            if gathered and (last or len(gathered) >= least):
                wanted = deliver(bytes(gathered)) and wanted
                gathered.clear()
                least = 2 * rate_hz * GATHER_MS // 1000
            return wanted

        try:
            self._resampled(text, voice, prosody, rate_hz, gather)
        finally:
            gather(b"", last=True)

    def _resampled(
        self, text: str, voice: Voice, prosody: Prosody, rate_hz: int, deliver: Callable[[bytes], bool]
    ) -> None:
        engine = self._engine(voice.driver)
        engine.setProperty("voice", voice.name)
        source_hz = engine.getProperty("sample_rate")
        resampler = soxr.ResampleStream(source_hz, rate_hz, 1, dtype="int16", quality="MQ")

        def sink(block: bytes) -> bool:
            resampled = resampler.resample_chunk(np.frombuffer(block, dtype="<i2"))
            return deliver(resampled.tobytes())

        mistakes: list[BaseException] = []
        token = engine.connect("error", lambda name, exception: mistakes.append(exception))
        properties = {"rate": prosody.rate, "volume": prosody.volume / 100, "pitch": prosody.pitch}
        for name, value in {**properties, "sink": sink}.items():
            engine.setProperty(name, value)
        engine.say(text)
        engine.runAndWait()
        engine.disconnect(token)
        if mistakes:
            raise mistakes[0]
        deliver(resampler.resample_chunk(np.zeros(0, dtype=np.int16), last=True).tobytes())

    def _engine(self, driver: str) -> Any:
        """An engine of our own for each driver: `pyttsx3.init` would share one, with its state, between all callers."""
        if driver not in self._engines:
            try:
                engine = self._engines[driver] = new_engine(driver)
                engine.runAndWait()  # until its first run an engine only queues what it is given
            except ImportError as error:
                raise SynthesisFailed(f"There is no speech driver {driver!r}; see voices.toml.") from error
        return self._engines[driver]
