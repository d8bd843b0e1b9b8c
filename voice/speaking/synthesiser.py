"""Text to audio by pyttsx3, streamed: the first frames leave while the rest is still being spoken.

One worker thread speaks for everybody, since the synthesiser is one for the process; at about 4 ms for a sentence it is
never the bottleneck. A stream that nobody reads any more stops the synthesiser at its next block.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import soxr
from pyttsx3.engine import Engine

from voice.speaking import espeak_driver, piper_driver
from voice.speaking.errors import SynthesisFailed
from voice.speaking.voices import Prosody, Voice

GATHER_MS = 200
"""After its first block audio is handed over in pieces of so much: each wakes the process once."""


class Synthesiser:
    """Speaks one text at a time, in the order asked for. Close it at the end."""

    def __init__(self) -> None:
        espeak_driver.register()
        piper_driver.register()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthesiser")
        self._engines: dict[str, Engine] = {}

    async def stream(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        """The audio of `text` as blocks of PCM at `rate_hz`, of any length. Raises NoVoice, SynthesisFailed."""
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[bytes | None] = asyncio.Queue()
        abandoned = threading.Event()

        gathered, least = bytearray(), 0

        def deliver(block: bytes, last: bool = False) -> bool:
            nonlocal least
            gathered.extend(block)
            if gathered and (last or len(gathered) >= least) and not abandoned.is_set():
                loop.call_soon_threadsafe(blocks.put_nowait, bytes(gathered))
                gathered.clear()
                least = 2 * rate_hz * GATHER_MS // 1000
            return not abandoned.is_set()

        def work() -> None:
            try:
                if not abandoned.is_set():
                    self._speak(text, voice, prosody, rate_hz, deliver)
            finally:
                deliver(b"", last=True)
                if not abandoned.is_set():
                    loop.call_soon_threadsafe(blocks.put_nowait, None)

        done = loop.run_in_executor(self._worker, work)
        try:
            while (block := await blocks.get()) is not None:
                yield block
            await done
        finally:
            abandoned.set()

    def close(self) -> None:
        """Let the worker end; streams under way break off."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _speak(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int, deliver: Callable[[bytes], bool]) -> None:
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
                engine = self._engines[driver] = Engine(driver)
                engine.runAndWait()  # until its first run an engine only queues what it is told
            except ImportError as error:
                raise SynthesisFailed(f"There is no speech driver {driver!r}; see voices.toml.") from error
        return self._engines[driver]
