"""One utterance decoded in the background, a little behind the frames: by the model of the reader's language, and by
the others when it has to be.

Two models cost twice as much, and a short phrase that one has heard well needs no second opinion. So one leads; the
others join when an utterance gets long, or when they are asked for, and then hear it from its beginning.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple

from voice.recognition.recogniser import DecodedText, Listener, Recogniser
from voice.values.errors import cause_of

log = logging.getLogger(__name__)

BATCH_MS = 80
"""Audio is decoded in pieces of this length: less work for the threads than every 20 ms, hardly later."""
ALL_FROM_MS = 1500
"""From this length on all models decode: it is no command, and at its end there would be too much to catch up."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

Grammars = Mapping[str, Sequence[str] | None]
"""Phrases to listen to, by language of the model; None for all its words."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one model made of an utterance."""

    recogniser: Recogniser
    readings: tuple[DecodedText, ...]
    narrow: bool
    """It listened to a grammar, with [unk] for everything else."""
    seconds: float
    """Length of what was decoded."""


@dataclass(slots=True)
class _Part:
    """One model and how far it is."""

    recogniser: Recogniser
    listener: Listener | None = None
    fed: int = 0
    """Bytes of the utterance that it was given."""
    partial: str = ""
    finished: Decoded | None = None


class Decoding:
    """Decodes utterance after utterance of one call. Not to be used by two tasks at once."""

    def __init__(self, recognisers: Sequence[Recogniser], rate_hz: int, executor: Executor) -> None:
        self._parts = [_Part(recogniser) for recogniser in recognisers]
        self._rate_hz = rate_hz
        self._executor = executor
        self._batch = self._bytes(BATCH_MS)
        self._grammars: Grammars = {}
        self._audio = bytearray()
        self._all = False
        self._work: asyncio.Task[None] | None = None

    @property
    def is_finished(self) -> bool:
        """`finish` has been called for the present utterance."""
        return any(part.finished for part in self._parts)

    @property
    def partial(self) -> str:
        """What the first model that heard a word makes of it so far."""
        return next((part.partial for part in self._parts if part.partial), "")

    def listen_for(self, grammars: Grammars, language: str) -> None:
        """What the next utterance is heard with, and the language whose model leads. Phrases must be words that the
        models know."""
        if grammars is not self._grammars:
            self._grammars = grammars
            for part in self._parts:
                part.listener = None
        self._parts.sort(key=lambda part: language not in part.recogniser.language.split("+"))

    def add(self, pcm: bytes) -> None:
        """Some more of the utterance; after `finish` it is only kept, for `again`."""
        self._audio += pcm
        behind = len(self._audio) - self._parts[0].fed
        if behind >= self._batch and not self.is_finished and not self._is_busy():
            self._all = self._all or len(self._audio) >= self._bytes(ALL_FROM_MS)
            self._work = asyncio.create_task(self._decode(self._listening()))

    async def finish(self, everybody: bool = False) -> tuple[Decoded, ...]:
        """What the models make of all that was added: those that listened so far, or all. May be called again with
        `everybody`; in the end come `again` or `forget`."""
        await self._settled()
        if self._work:
            self._work.result()
        self._all = self._all or everybody
        parts = self._listening()
        self._work = asyncio.create_task(self._decode_to_the_end(parts))
        await self._settled()
        self._work.result()
        return tuple(part.finished for part in parts if part.finished)

    def again(self) -> None:
        """The utterance goes on after `finish`: decode it from its beginning with what follows."""
        for part in self._parts:
            part.fed, part.finished = 0, None

    async def forget(self) -> None:
        """Drop the utterance and be ready for the next. Decoding that failed leaves nothing behind."""
        await self._settled()
        if self._has_failed():
            for part in self._parts:
                part.listener = None  # nobody knows in what state it is
        self._work = asyncio.create_task(self._emptied())
        await self._settled()
        self._work = None
        self._audio.clear()
        self._all = False
        for part in self._parts:
            part.fed, part.partial, part.finished = 0, "", None

    def _is_busy(self) -> bool:
        """Work is under way, or has failed, which `finish` will tell."""
        return self._work is not None and (not self._work.done() or self._has_failed())

    def _has_failed(self) -> bool:
        work = self._work
        return bool(work and work.done() and (work.cancelled() or work.exception()))

    async def _settled(self) -> None:
        """Wait for the work under way. The wait can be cancelled, the work cannot: its thread goes on, and two threads
        must never have one listener."""
        if self._work:
            await asyncio.wait([self._work])

    async def _emptied(self) -> None:
        """Let listeners end what they have begun, so that their next utterance begins with nothing."""
        for part in self._parts:
            try:
                if part.fed:
                    await self._finish(part)
            except Exception as error:
                log.error("a listener of %s is replaced: %s", part.recogniser.language, cause_of(error))
                part.listener = None

    def _listening(self) -> list[_Part]:
        return self._parts if self._all else self._parts[:1]

    async def _decode(self, parts: Sequence[_Part]) -> None:
        """Feed these models everything that they have not heard yet."""
        await asyncio.gather(*(self._feed(part) for part in parts))

    async def _decode_to_the_end(self, parts: Sequence[_Part]) -> None:
        await self._decode(parts)
        await asyncio.gather(*(self._finish(part) for part in parts))

    async def _feed(self, part: _Part) -> None:
        grammar = self._grammars.get(part.recogniser.language)
        if part.listener is None:
            part.listener = await self._run(part.recogniser.listener, self._rate_hz, grammar)
        while part.fed < len(self._audio):
            piece = bytes(self._audio[part.fed :])
            part.fed += len(piece)
            part.partial = await self._run(part.listener.feed, piece)

    async def _finish(self, part: _Part) -> None:
        if part.finished is None and part.listener is not None:
            readings = await self._run(part.listener.finish)
            narrow = self._grammars.get(part.recogniser.language) is not None
            part.finished = Decoded(part.recogniser, readings, narrow, len(self._audio) / (2 * self._rate_hz))

    def _bytes(self, ms: int) -> int:
        return self._rate_hz * 2 * ms // 1000

    async def _run(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments)
