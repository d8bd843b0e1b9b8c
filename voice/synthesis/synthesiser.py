"""Text to audio, streamed: the first frames leave while the rest is still being spoken.

A service speaks in processes of its own, since a native synthesiser can abort its process on a text; a command that
answers once speaks in a thread. Either way one text at a time is spoken for everybody, in the order asked for: at about
4 ms for a sentence that is never the bottleneck. A stream that nobody reads any more stops the synthesiser at its next
block.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from voice.engines.errors import EngineError, EngineFailed
from voice.engines.workers import Workers
from voice.synthesis.errors import NoVoice, SynthesisFailed
from voice.synthesis.speech import Speech
from voice.synthesis.voices import Prosody, Voice
from voice.synthesis.worker import request


def speech_workers(count: int) -> Workers:
    """Processes that speak, for a Synthesiser; enter them as a context."""
    return Workers("voice.synthesis.worker", count)


class Synthesiser:
    """Speaks texts in the order asked for. Close it at the end."""

    def __init__(self, workers: Workers | None = None) -> None:
        """`workers` do the speaking; without them a thread of this process does."""
        self._workers = workers
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthesiser")
        self._speech = Speech()

    async def stream(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        """The audio of `text` as blocks of PCM at `rate_hz`, of any length. Raises NoVoice, SynthesisFailed."""
        blocks = self._in_worker if self._workers else self._in_thread
        async with aclosing(blocks(text, voice, prosody, rate_hz)) as stream:
            async for block in stream:
                yield block

    def close(self) -> None:
        """Let the thread end; streams under way break off. Workers are ended by whoever started them."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _in_worker(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        assert self._workers
        try:
            async with aclosing(self._workers.stream(request(text, voice, prosody, rate_hz))) as stream:
                async for block in stream:
                    yield block
        except EngineFailed as error:
            if error.kind == NoVoice.__name__:
                raise NoVoice(str(error)) from error
            message = str(error) if error.kind == SynthesisFailed.__name__ else f"The synthesiser raised {error.kind}."
            raise SynthesisFailed(message) from error
        except EngineError as error:
            raise SynthesisFailed(str(error)) from error

    async def _in_thread(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[bytes | None] = asyncio.Queue()
        abandoned = threading.Event()

        def deliver(block: bytes | None) -> bool:
            if not abandoned.is_set():
                loop.call_soon_threadsafe(blocks.put_nowait, block)
            return not abandoned.is_set()

        def work() -> None:
            try:
                if not abandoned.is_set():
                    self._speech.speak(text, voice, prosody, rate_hz, deliver)
            finally:
                deliver(None)

        done = loop.run_in_executor(self._thread, work)
        try:
            while (block := await blocks.get()) is not None:
                yield block
            await done
        finally:
            abandoned.set()
