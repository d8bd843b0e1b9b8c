"""A telephone line in virtual time with an ear and a voice that may fail: what lies between them is the product's."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence

from tests.simulation.faults import Faults
from voice.channels.call import CallEvent, Frame, FrameSource, HangUp, Key
from voice.recognition.errors import DecodingFailed
from voice.recognition.recognition_mode import RecognitionMode
from voice.synthesis.errors import NoVoice, SynthesisFailed
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, Voice
from voice.values.audio import FRAME_MS, ChannelKind
from voice.values.utterances import HearingEvent, Hypothesis, SpeechStarted, Utterance

RATE_HZ = 8000
SILENCE = bytes(RATE_HZ * 2 * FRAME_MS // 1000)
LOUD = b"\1\0" * (RATE_HZ * FRAME_MS // 1000)
PULL_S = 0.4
"""Frames are taken together, as many as are due: the product sees the same numbers, the test takes a tenth."""
STUCK_S = 5.0
"""After so long the supervisor of worker processes gives an engine up (voice/engines/workers.py)."""


class SimLine:
    """Implements Call. `loud_at` is when the reader heard something last."""

    rate = RATE_HZ
    kind = ChannelKind.TELEPHONE
    private = True

    def __init__(self, name: str, caller: str, faults: Faults, rng: random.Random) -> None:
        self.id, self.caller = name, caller
        self._faults = faults
        self._rng = rng
        self._source: FrameSource = lambda: SILENCE
        self._coming: asyncio.Queue[CallEvent] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self.loud_at = self._loop.time()
        self.is_over = False
        self.quiet = asyncio.Event()
        """Nothing has been heard for a moment: it is the reader's turn."""
        self.looked_at: Callable[[float], None] = lambda loud_at: None

    async def events(self) -> AsyncIterator[CallEvent]:
        """Everything that happens on the line."""
        while True:
            event = await self._coming.get()
            yield event
            if isinstance(event, HangUp):
                return

    def speak_from(self, source: FrameSource) -> None:
        """Take frames from here."""
        self._source = source

    async def hang_up(self) -> None:
        """Harmless when it is over."""
        await self._faults.at("hang up", OSError("no network"))
        self.end("Dauys hung up")

    def end(self, why: str) -> None:
        """The line is down."""
        if not self.is_over:
            self.is_over = True
            self._coming.put_nowait(HangUp(why))

    async def hand_over(self, target: str) -> bool:
        """A person answers, or does not."""
        await self._faults.at("hand over", OSError("no network"))
        return self._rng.random() < 0.5

    def press(self, digit: str) -> None:
        """The reader keys."""
        self._coming.put_nowait(Key(digit))

    def frame(self) -> None:
        """A frame comes in, and with it what the ear has heard meanwhile."""
        self._coming.put_nowait(Frame(SILENCE))

    async def pull(self) -> None:
        """Take frames as a line does, until it is over."""
        while not self.is_over:
            loud = False
            for _ in range(round(PULL_S * 1000 / FRAME_MS)):
                loud = self._source() != SILENCE or loud
            if loud:
                self.loud_at = self._loop.time()
                self.quiet.clear()
            elif self._loop.time() - self.loud_at > PULL_S:
                self.quiet.set()
            self.looked_at(self.loud_at)
            await asyncio.sleep(PULL_S)
        self.quiet.set()


class SimEar:
    """Stands for a RecognitionSession: hears what the reader says with the next frame, or nonsense, or fails."""

    def __init__(self, faults: Faults) -> None:
        self.language = "kk"
        self._faults = faults
        self.told: list[HearingEvent] = []

    def tell(self, text: str, language: str, confidence: float, now: float) -> None:
        """Something is said."""
        hypotheses = (Hypothesis(text, language, confidence),) if text else ()
        length = 900 if text else 200
        self.told += [SpeechStarted(now - length / 1000), Utterance(hypotheses, now, 50, speech_ms=length)]

    def expect(self, expectation: RecognitionMode) -> None:
        """It is told all the same."""

    async def feed(self, pcm: bytes) -> Sequence[HearingEvent]:
        """Hear; only an utterance can fail, or be late."""
        if not self.told:
            return ()
        told, self.told = self.told, []
        seconds = self._faults.strike("hear", (DecodingFailed("no"), RuntimeError("no")))
        if seconds:
            await asyncio.sleep(min(seconds, STUCK_S))
            if seconds > STUCK_S:
                raise DecodingFailed("stuck")
        return told

    async def close(self) -> None:
        """The call is over."""
        await self._faults.at("close ear", RuntimeError("no"))


class SimVoice(Synthesiser):
    """Speaks each text as a hum of its length; fails, and hangs until its supervisor gives it up."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def stream(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        """Blocks of 200 ms."""
        seconds = self._faults.strike("speak", (SynthesisFailed("no"), NoVoice("no"), RuntimeError("no")))
        if seconds:
            await asyncio.sleep(min(seconds, STUCK_S))
            if seconds > STUCK_S:
                raise SynthesisFailed("stuck")
        for _ in range(min(12, 1 + len(text) // 8)):
            yield LOUD * (200 // FRAME_MS)

    def close(self) -> None:
        """Nothing is open."""
