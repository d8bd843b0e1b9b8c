"""A conversation by typed words, keys, Braille cells or a recorded sentence: no telephone, no microphone."""

from __future__ import annotations

import itertools
import time
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from braille import from_unicode
from voice.assistant.braille_rendering import BrailleRendering
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.assistant.typed_cells import understood
from voice.dialogue.events import Began, Left, Pressed, Routed, Silence
from voice.dialogue.turn import Control, ExpectedInput
from voice.synthesis.speaker import Speaker
from voice.values.utterances import Utterance

AUDIO_RATE = 16000
"""Hz of written answers."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one input."""

    exchange: Exchange
    rows: tuple[str, ...]
    """The Braille rows, in Unicode Braille."""
    timing_ms: dict[str, float]
    audio: str | None = None
    """The written answer, when a folder for answers was given."""


class ScriptedSession:
    """Turns inputs into replies, one at a time. Replies are shown in Braille and, if asked for, spoken into files."""

    def __init__(
        self,
        session: DialogueSession,
        hear_file: Callable[[Path, ExpectedInput], Awaitable[Utterance | None]],
        speaker: Speaker,
        *,
        width: int = 40,
        audio_folder: Path | None = None,
    ) -> None:
        """`session` has not begun; `hear_file` is App.hear_file; `width` counts cells."""
        self._session = session
        self._hear_file = hear_file
        self._speaker = speaker
        self._view = BrailleRendering(width)
        self._folder = audio_folder
        self._numbers = itertools.count(1)
        self._expects = ExpectedInput.SPEECH
        self.is_over = False
        """Dauys has said goodbye."""

    async def begin(self) -> Reply:
        """The greeting."""
        return await self._reply(Understood(Began()), {})

    async def take(self, kind: str, value: Any) -> Reply:
        """Answer one input: `kind` is text, audio, key, cells, route or silence, `value` as `dauys converse` takes it.

        Raises AudioFileError for a sound file that cannot be read.
        """
        match kind:
            case "text":
                return await self._words(value)
            case "cells":
                return await self._understood(understood(self._session, from_unicode(value), self._expects))
            case "audio":
                return await self._audio(Path(value))
            case "key":
                for digit in value[:-1]:
                    await self._reply(Understood(Pressed(digit)), {})
                return await self._reply(Understood(Pressed(value[-1])), {})
            case "route":
                return await self._reply(Understood(Routed(self._view.record_under(value))), {})
            case _:
                return await self._reply(Understood(Silence()), {})

    async def finish(self) -> None:
        """The reader leaves."""
        await self._session.exchange(Understood(Left()))
        await self._session.finish()

    async def _words(self, text: str) -> Reply:
        return await self._understood(self._session.understand_text(text))

    async def _understood(self, words: Understood) -> Reply:
        return await self._reply(words, {"understand": words.understand_ms})

    async def _audio(self, path: Path) -> Reply:
        started = time.perf_counter()
        utterance = await self._hear_file(path, self._expects)
        recognise = (time.perf_counter() - started) * 1000
        heard = self._session.understand(utterance.hypotheses) if utterance else Understood(Silence())
        return await self._reply(heard, {"recognise": recognise, "understand": heard.understand_ms})

    async def _reply(self, event: Understood, timing: dict[str, float]) -> Reply:
        exchange = await self._session.exchange(event)
        self._expects = exchange.expects
        self.is_over = Control.HANG_UP in exchange.controls
        timing["act"] = exchange.act_ms
        started = time.perf_counter()
        rows = self._view.show(exchange.lines, exchange.context.preferences)
        timing["braille"] = (time.perf_counter() - started) * 1000
        audio = await self._speak(exchange, timing) if self._folder else None
        return Reply(exchange, rows, timing, audio)

    async def _speak(self, exchange: Exchange, timing: dict[str, float]) -> str:
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"answer-{next(self._numbers):03}.wav"
        started = time.perf_counter()
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(AUDIO_RATE)
            settings = self._speaker.settings_for(exchange.context.preferences)
            async for frame in self._speaker.render(exchange.lines, settings, AUDIO_RATE):
                timing.setdefault("first_audio", (time.perf_counter() - started) * 1000)
                file.writeframes(frame)
        return str(path)
