"""One utterance decoded by several models at once, in the background, a little behind the frames."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple

from voice.hearing.recogniser import Reading, VoskListener, VoskRecogniser

BATCH_MS = 80
"""Audio is decoded in pieces of this length: less work for the threads than every 20 ms, hardly later."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

Grammars = Mapping[str, Sequence[str] | None]
"""Phrases to listen to, by language of the model; None for all its words."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one model made of an utterance."""

    recogniser: VoskRecogniser
    readings: tuple[Reading, ...]
    narrow: bool
    """It listened to a grammar, with [unk] for everything else."""
    seconds: float
    """Length of what was decoded."""


class Decoding:
    """Decodes utterance after utterance of one call. Not to be used by two tasks at once."""

    def __init__(self, recognisers: Sequence[VoskRecogniser], rate_hz: int, executor: Executor) -> None:
        self._recognisers = recognisers
        self._rate_hz = rate_hz
        self._executor = executor
        self._batch = rate_hz * 2 * BATCH_MS // 1000
        self._grammars: Grammars = {}
        self._listeners: list[VoskListener] = []
        self._audio = bytearray()
        self._fed = 0
        self.is_finished = False
        """`finish` has been called for the present utterance."""
        self._work: asyncio.Task[None] | None = None
        self.partial = ""
        """What the first model that heard a word makes of it so far."""

    def listen_for(self, grammars: Grammars) -> None:
        """What the next utterance is heard with. Phrases must be words that the models know."""
        if grammars is not self._grammars:
            self._grammars, self._listeners = grammars, []

    def add(self, pcm: bytes) -> None:
        """Some more of the utterance; after `finish` it is only kept, for `again`."""
        self._audio += pcm
        behind = len(self._audio) - self._fed
        if behind >= self._batch and not self.is_finished and (self._work is None or self._work.done()):
            self._work = asyncio.create_task(self._decode())

    async def finish(self) -> tuple[Decoded, ...]:
        """What the models make of all that was added. After it either `again` or `forget`."""
        await self._decode_rest()
        all_readings = await asyncio.gather(*(self._run(listener.finish) for listener in self._listeners))
        self.is_finished = True
        seconds = len(self._audio) / (2 * self._rate_hz)
        return tuple(
            Decoded(recogniser, readings, self._grammars.get(recogniser.language) is not None, seconds)
            for recogniser, readings in zip(self._recognisers, all_readings, strict=True)
        )

    def again(self) -> None:
        """The utterance goes on after `finish`: decode it from its beginning with what follows."""
        self._fed, self.is_finished = 0, False

    async def forget(self) -> None:
        """Drop the utterance and be ready for the next."""
        if self._work:
            await self._work
        if self._fed and not self.is_finished:
            await asyncio.gather(*(self._run(listener.finish) for listener in self._listeners))
        self._audio.clear()
        self._fed, self.is_finished, self.partial = 0, False, ""

    async def _decode_rest(self) -> None:
        if self._work:
            await self._work
        await self._decode()

    async def _decode(self) -> None:
        """Feed the models everything that they have not heard yet."""
        if not self._listeners:
            self._listeners = list(await asyncio.gather(*(self._run(self._listener, r) for r in self._recognisers)))
        while self._fed < len(self._audio):
            piece = bytes(self._audio[self._fed :])
            self._fed += len(piece)
            partials = await asyncio.gather(*(self._run(listener.feed, piece) for listener in self._listeners))
            self.partial = next((partial for partial in partials if partial), "")

    def _listener(self, recogniser: VoskRecogniser) -> VoskListener:
        return recogniser.listener(self._rate_hz, self._grammars.get(recogniser.language))

    async def _run(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments)
