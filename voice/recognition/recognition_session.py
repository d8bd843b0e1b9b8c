"""One reader's ear: frames in, what was heard out. The pause decides, and what was said before it.

At a pause everything is decoded to its end. If that is a complete phrase, the utterance is over after some 200 ms; if
not, the ear waits for more: longer where noise hides syllables, or where the words ask for more. When the reader goes
on, the same audio is decoded again with what follows. A decision is so never taken from a half-decoded word, and costs
nothing when it was wrong.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from languages.language_identification import language_of
from voice.recognition.band import SpeechBand
from voice.recognition.decoder import Decoded, Decoding, Grammars
from voice.recognition.endpoint import Endpointer, EndpointEvent
from voice.recognition.errors import DecodingFailed
from voice.recognition.recogniser import Recogniser
from voice.recognition.recognition_mode import RecognitionMode as RecognitionMode
from voice.recognition.recognition_mode import load_timings
from voice.recognition.rescoring import hypotheses, load_calibration
from voice.recognition.vad import VoiceActivityDetector
from voice.values.audio import FRAME_MS
from voice.values.utterances import HearingEvent, Hypothesis, Partial, SpeechStarted, Utterance

BEFORE_MS = 300
"""Audio from before the first voiced frame that is decoded too: soft consonants are no speech to a detector."""

SURE = 0.75
"""Confidence from which a complete phrase needs no second model."""

SETTLED_FRAMES = 30
"""A complete phrase to which nothing was added for 600 ms is over, though the room goes on talking."""


class RecognitionSession:
    """Follows one call from its first frame to its last. Calls of `feed` must not overlap."""

    def __init__(
        self,
        recognisers: Sequence[Recogniser],
        rate_hz: int,
        executor: Executor,
        *,
        grammars: Mapping[RecognitionMode, Grammars] | None = None,
        complete: Callable[[str], bool] = lambda text: False,
        wants_more: Callable[[str], bool] = lambda text: False,
        language: str = "kk",
        language_of: Callable[[str, str], str] = language_of,
    ) -> None:
        """`rate_hz` is 8000 or 16000; `executor` should have as many threads as the machine has cores.

        `grammars` narrows what is listened for; an expectation that is not in it hears all words. `complete` says
        whether a text is a whole phrase, nothing of which would be missing if the reader said no more, `wants_more`
        whether it is the beginning of a phrase that cannot end there. `language_of`
        names the language of a text, or gives back its second argument where the words do not tell.
        """
        self.language = language
        """What the reader speaks: its model leads, and words that two languages share belong to it. The conversation
        sets it."""
        self._band = SpeechBand(rate_hz)
        self._activity = VoiceActivityDetector(rate_hz)
        self._decoding = Decoding(recognisers, rate_hz, executor)
        self._timings = load_timings()
        self._calibration = load_calibration()
        self._grammars = grammars or {}
        self._everything: Grammars = {}
        self._complete = complete
        self._wants_more = wants_more
        self._language_of = language_of
        self._expectation = RecognitionMode.OPEN
        self._endpointer = Endpointer(self._timings[self._expectation])
        self._before: deque[bytes] = deque(maxlen=BEFORE_MS // FRAME_MS)
        self._frame = rate_hz * 2 * FRAME_MS // 1000
        self._rest = b""
        self._in_speech = False
        self._started_at = self._ended_at = self._looked_ms = 0.0
        self._heard: tuple[Hypothesis, ...] = ()
        self._partial = ""
        self._unchanged = 0
        self._was_cancelled = False
        """The last frame was given up: what was decoded until then is of no use."""

    def expect(self, expectation: RecognitionMode) -> None:
        """What the reader will probably say next. Speech under way is heard by what was expected when it began."""
        self._expectation = expectation
        if not self._in_speech:
            self._endpointer.timing = self._timings[expectation]

    async def feed(self, pcm: bytes) -> Sequence[HearingEvent]:
        """Hear some more, usually 20 ms; feed silence while the line sends nothing.

        Raises DecodingFailed; the utterance is forgotten then, and the next is heard as if nothing had been. So it is
        when the call was cancelled, as by a deadline.
        """
        if self._was_cancelled:
            await self._forget()
            self._was_cancelled = False
        events: list[HearingEvent] = []
        self._rest += pcm
        while len(self._rest) >= self._frame:
            frame, self._rest = self._rest[: self._frame], self._rest[self._frame :]
            try:
                await self._hear(self._band.filter(frame), events)
            except asyncio.CancelledError:
                self._was_cancelled = True
                raise
            except Exception as error:
                await self._forget()
                raise DecodingFailed(f"Speech could not be decoded ({type(error).__name__}). Say it again.") from error
        return events

    async def close(self) -> None:
        """The call is over."""
        await self._decoding.forget()

    async def _hear(self, frame: bytes, events: list[HearingEvent]) -> None:
        now = time.monotonic()
        voiced = self._activity.is_speech(frame)
        self._before.append(frame)
        self._endpointer.noisy = self._activity.is_noisy
        step = self._endpointer.frame(voiced)
        if step is EndpointEvent.BEGINS:
            self._begin(now)
        elif self._in_speech:
            self._decoding.add(frame)
        if voiced:
            self._ended_at = now
        match step:
            case EndpointEvent.STARTED:
                events.append(SpeechStarted(self._started_at))
            case EndpointEvent.RESUMED:
                self._decoding.again()
            case EndpointEvent.DROPPED:
                await self._forget()
            case EndpointEvent.PAUSED | EndpointEvent.SHORT:
                await self._look()
                if self._is_complete():
                    events.append(await self._utterance())
                elif step is EndpointEvent.SHORT:
                    await self._forget()
                elif any(self._wants_more(hypothesis.text) for hypothesis in self._heard[:1]):
                    timing = self._endpointer.timing
                    self._endpointer.timing = replace(timing, trailing_ms=timing.noisy_ms)
            case EndpointEvent.ENDED:
                events.append(await self._utterance())
            case _ if self._in_speech and not self._decoding.is_finished:
                self._follow_partial(events)
                if self._unchanged == SETTLED_FRAMES and self._complete(self._partial):
                    await self._look()
                    if self._is_complete():
                        events.append(await self._utterance())
                    else:
                        self._decoding.again()

    def _begin(self, now: float) -> None:
        self._in_speech = True
        self._started_at = now
        self._endpointer.timing = self._timings[self._expectation]
        self._decoding.listen_for(self._grammars.get(self._expectation, self._everything), self.language)
        self._decoding.add(b"".join(self._before))

    def _follow_partial(self, events: list[HearingEvent]) -> None:
        self._unchanged += 1
        if self._decoding.partial != self._partial:
            self._partial, self._unchanged = self._decoding.partial, 0
            events.append(Partial(self._partial))

    async def _look(self) -> None:
        started = time.monotonic()
        self._heard = self._weighed(await self._decoding.finish())
        if not self._is_sure():
            self._heard = self._weighed(await self._decoding.finish(everybody=True))
        self._looked_ms = (time.monotonic() - started) * 1000

    def _weighed(self, decoded: Sequence[Decoded]) -> tuple[Hypothesis, ...]:
        return hypotheses(decoded, self.language, self._calibration, self._language_of)

    def _is_sure(self) -> bool:
        """One model has heard a whole phrase so well that no other need be asked."""
        return self._is_complete() and self._heard[0].confidence >= SURE

    def _is_complete(self) -> bool:
        return any(self._complete(hypothesis.text) for hypothesis in self._heard[:1])

    async def _utterance(self) -> Utterance:
        if not self._decoding.is_finished:
            await self._look()
        utterance = Utterance(self._heard, self._ended_at, self._looked_ms, self._endpointer.speech_ms)
        await self._forget()
        return utterance

    async def _forget(self) -> None:
        await self._decoding.forget()
        self._endpointer.end()
        self._endpointer.timing = self._timings[self._expectation]
        self._in_speech, self._heard, self._partial, self._unchanged = False, (), "", 0
