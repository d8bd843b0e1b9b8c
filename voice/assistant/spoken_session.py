"""A session held by voice: frames in, speech out, interruptible at any moment, never a dead line."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from catalogue_client.values.accounts import Preferences
from voice.assistant.call_recorder import CallRecorder
from voice.assistant.call_recordings import CallRecordings
from voice.assistant.closing import closed, harmless, undisturbed
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.assistant.interruption import is_cough
from voice.assistant.recognition_modes import EXPECTATIONS
from voice.channels.call import Call, Closing, Frame, HangUp, Key
from voice.configuration.settings import WaitingSettings
from voice.dialogue import events
from voice.dialogue.events import Began, Left, NotUnderstood, Pressed, Silence
from voice.dialogue.turn import Control, Turn
from voice.recognition.recognition_session import RecognitionSession
from voice.synthesis.earcons import earcon
from voice.synthesis.own_words import LinesPlaying
from voice.synthesis.playout import Playout
from voice.synthesis.speaker import Speaker
from voice.synthesis.voices import Prosody
from voice.values.audio import FRAME_MS, ChannelKind
from voice.values.errors import cause_of
from voice.values.lines import Line
from voice.values.utterances import HearingEvent, SpeechStarted, Utterance

log = logging.getLogger(__name__)

SPEECH, DECODING = "speech", "decoding"
"""What is counted when it breaks: an answer, an utterance."""
ASKED_AGAIN_S = 3.0
"""Seconds in which a reader who was not heard is asked again once, however often hearing fails."""
MUTE_S = 0.1
"""Seconds without a frame after which the line counts as mute."""
SOUND_S = 1.0
"""Seconds in which the soft sound of waiting is over: it must not count as speech, or nobody would be asked again."""


@dataclass(slots=True)
class SpokenExchange:
    """One exchange as it went over the line, for the log on screen and for metrics."""

    exchange: Exchange
    utterance: Utterance | None = None
    first_audio_at: float | None = None
    """Seconds of the monotonic clock at which the first frame of the answer was due on the line, set when that frame
    has been made; None while there is none."""


class SpokenSession:
    """Joins one call, one ear, one voice and one session."""

    def __init__(
        self,
        call: Call,
        session: DialogueSession,
        ear: RecognitionSession,
        speaker: Speaker,
        waiting: WaitingSettings,
        *,
        show: Callable[[tuple[Line, ...], Preferences], None] = lambda lines, preferences: None,
        observe: Callable[[SpokenExchange], None] = lambda exchange: None,
        recordings: CallRecordings | None = None,
        count: Callable[[str], None] = lambda kind: None,
        count_false_interruption: Callable[[], None] = lambda: None,
    ) -> None:
        """`recordings` keeps the call of a reader who agrees to it; without it nothing can be recorded. `count` counts
        what broke, `count_false_interruption` the times that Dauys fell silent for what was not said to it."""
        self._count = count
        self._asked_again_at = 0.0
        self._call = call
        self._session = session
        self._ear = ear
        self._speaker = speaker
        self._waiting = waiting
        self._show = show
        self._observe = observe
        self._count_false_interruption = count_false_interruption
        self._lines = LinesPlaying()
        self._spoken_over: tuple[Line, ...] = ()
        """What was being said when the present utterance began."""
        self._playout = Playout(call.rate)
        self._recorder = CallRecorder(call, self._playout.next_frame, recordings, count)
        self._inbox: asyncio.Queue[tuple[Understood, Utterance | None]] = asyncio.Queue()
        self._saying: asyncio.Task[None] | None = None
        self._hearing = asyncio.Lock()
        self._controls: frozenset[Control] = frozenset()
        self._somebody = asyncio.Event()
        """Set when a reader is there: on a line at once, at a station from the first word or key."""
        self._last_frame = self._last_sign = time.monotonic()

    async def run(self) -> None:
        """Hold the conversation until the reader or Dauys hangs up, or a station's reader has gone."""
        self._call.speak_from(self._playout.next_frame)
        helpers = [asyncio.create_task(part()) for part in (self._converse, self._feed_silence, self._wait)]
        try:
            listening = asyncio.create_task(self._listen())
            await asyncio.wait([listening, *helpers], return_when=asyncio.FIRST_COMPLETED)
            for task in (listening, *helpers):
                if task.done():
                    task.result()
        finally:
            await undisturbed(self._end([listening, *helpers]))

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """The call is over, in whatever way: every step is taken, whatever became of those before."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._fall_silent()
        await closed("the line of a call", self._call.hang_up())
        # Before anything that may take long: a decoder can be busy, a change in the library under way.
        await closed("the recording of a call", self._recorder.keep())
        await closed("the ear of a call", self._ear.close())
        await self._session.exchange(Understood(Left()))
        await self._session.finish()

    async def _listen(self) -> None:
        async for event in self._call.events():
            match event:
                case Frame(pcm):
                    self._last_frame = time.monotonic()
                    self._recorder.heard(pcm)
                    await self._feed(pcm)
                case Key(digit):
                    self._fall_silent()
                    self._last_sign = time.monotonic()
                    self._inbox.put_nowait((Understood(Pressed(digit)), None))
                case Closing():
                    self._inbox.put_nowait((Understood(events.ServiceEnding()), None))
                case HangUp():
                    return

    async def _feed_silence(self) -> None:
        """A line may stop sending while its phone is mute; the ear must still hear time pass (wall clock)."""
        silence = bytes(self._call.rate * 2 * FRAME_MS // 1000)
        while True:
            # While frames come this wakes ten times a second, not fifty: there are many calls.
            left = self._last_frame + MUTE_S - time.monotonic()
            await asyncio.sleep(max(left, FRAME_MS / 1000))
            if left <= 0:
                await self._feed(silence)

    async def _feed(self, pcm: bytes) -> None:
        async with self._hearing:
            try:
                for event in await self._ear.feed(pcm):
                    self._heard(event)
            except Exception as error:
                self._not_heard(error)

    def _not_heard(self, error: Exception) -> None:
        """Hearing failed: what was said is lost, and the reader is asked again as after any unclear words."""
        now = time.monotonic()
        if now - self._asked_again_at < ASKED_AGAIN_S:
            return
        log.error("an utterance could not be decoded: %s", cause_of(error))
        self._count(DECODING)
        self._asked_again_at = self._last_sign = now
        self._fall_silent()
        self._inbox.put_nowait((Understood(NotUnderstood()), None))

    def _heard(self, event: HearingEvent) -> None:
        match event:
            case SpeechStarted():
                self._last_sign = time.monotonic()
                self._spoken_over = self._lines.at(self._playout.current)
                self._playout.pause()
            case Utterance() as utterance:
                speaking = self._playout.is_speaking
                understood = self._session.understand(utterance.hypotheses, over_speech=speaking)
                state, lines = self._session.state, self._spoken_over
                if is_cough(utterance, understood, state, speaking=speaking, spoken_over=lines):
                    # Go on where the sentence was left, or with whatever comes next.
                    if speaking:
                        self._count_false_interruption()
                    self._playout.resume()
                else:
                    self._last_sign = time.monotonic()
                    self._fall_silent()
                    self._inbox.put_nowait((understood, utterance))

    async def _converse(self) -> None:
        station = self._call.kind is ChannelKind.STATION
        first = await self._arrival() if station else None
        if first and first[0].language:
            self._session.greet_in(first[0].language)
        self._last_sign = time.monotonic()
        self._somebody.set()
        await self._respond(Understood(Began()), None)
        if first and first[0].intent and first[0].intent.name != "greeting":
            await self._respond(*first)
        while True:
            understood, utterance = await self._inbox.get()
            if not isinstance(understood.event, Silence | events.ServiceEnding):
                # The reader did more before an earlier answer was made: that one is not wanted any more.
                self._stop_saying()
                self._playout.forget()
            await self._respond(understood, utterance)
            if Control.HANG_UP in self._controls or (station and Control.FORGET in self._controls):
                if self._saying:
                    await asyncio.wait([self._saying])
                await self._playout.drained()
                return

    async def _arrival(self) -> tuple[Understood, Utterance | None] | None:
        """Wait for a reader: a key, or words. Where everybody is heard only words with a meaning for Dauys count, or
        it would speak to whoever passes by. Gives what she said."""
        while True:
            understood, utterance = await self._inbox.get()
            if isinstance(understood.event, Pressed):
                return None
            if understood.intent or (understood.text and self._call.private):
                return understood, utterance

    async def _respond(self, understood: Understood, utterance: Utterance | None) -> None:
        spoken = SpokenExchange(Exchange(understood), utterance)
        started = time.perf_counter()
        async for turn in self._session.handle(understood.event):
            spoken.exchange.turns.append(turn)
            self._carry_out(turn, spoken)
        spoken.exchange.act_ms = (time.perf_counter() - started) * 1000
        self._controls = spoken.exchange.controls
        if Control.FORGET in self._controls:
            await self._recorder.keep()
        self._recorder.follow(spoken.exchange.state)
        harmless("show an exchange", lambda: self._show(spoken.exchange.lines, spoken.exchange.state.preferences))
        harmless("count an exchange", lambda: self._observe(spoken))

    def _carry_out(self, turn: Turn, spoken: SpokenExchange) -> None:
        if Control.STOP in turn.controls:
            self._fall_silent()
        if Control.TICK in turn.controls:
            self._playout.add(earcon("tick", self._call.rate))
        self._ear.language = turn.state.language
        self._ear.expect(EXPECTATIONS[turn.expects])
        lines = tuple(line for line in turn.say if self._call.private or not line.private)
        if lines:
            before, self._saying = self._saying, None
            self._saying = asyncio.create_task(self._say(lines, turn, spoken, before))

    async def _say(
        self, lines: tuple[Line, ...], turn: Turn, spoken: SpokenExchange, before: asyncio.Task[None] | None
    ) -> None:
        if before:
            await asyncio.wait([before])
        settings = self._speaker.settings_for(turn.state.preferences)

        def begun(due: float) -> None:
            spoken.first_audio_at = spoken.first_audio_at or due

        try:
            await self._playout.say(self._frames(lines, settings), begun)
        except Exception as error:
            log.error("an answer could not be spoken: %s", cause_of(error))
            self._count(SPEECH)
            self._playout.add(earcon("sorry", self._call.rate))

    async def _frames(self, lines: tuple[Line, ...], settings: Prosody) -> AsyncIterator[bytes]:
        for line in lines:
            self._playout.mark(self._lines.begin(line))
            async with aclosing(self._speaker.render((line,), settings, self._call.rate)) as frames:
                async for pcm in frames:
                    yield pcm

    def _fall_silent(self) -> None:
        self._stop_saying()
        self._playout.flush()

    def _stop_saying(self) -> None:
        if self._saying and not self._saying.done():
            self._saying.cancel()
        self._saying = None

    async def _wait(self) -> None:
        """Silence of the reader: a soft sound first, then the question again; at a desk there is no limit."""
        if self._call.kind is ChannelKind.DESK:
            await asyncio.Event().wait()
        await self._somebody.wait()
        repeat_s, sounded_at = self._waiting.repeat_s, 0.0
        if self._call.kind is ChannelKind.STATION:
            # After so many silences the conversation parts from the reader.
            repeat_s = self._waiting.station_end_s / (self._session.state.profile.line.patience or 1)
        while True:
            await asyncio.sleep(0.2)
            now = time.monotonic()
            if self._playout.is_speaking and now - sounded_at > SOUND_S:
                self._last_sign = now
            elif now - self._last_sign > repeat_s:
                self._last_sign = now
                self._inbox.put_nowait((Understood(Silence()), None))
            elif now - self._last_sign > self._waiting.question_s and sounded_at < self._last_sign:
                sounded_at = now
                self._playout.add(earcon("waiting", self._call.rate))
