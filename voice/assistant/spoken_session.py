"""A session held by voice: frames in, speech out, interruptible at any moment, never a dead line.

Who speaks when is decided by voice/turntaking/machine.py. This is the pump around it: it merges frames, keys, what was
heard, answers, playout and time into events of that machine, and carries out its actions.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from catalogue_client.values.accounts import Preferences
from voice.assistant.call_recorder import CallRecorder
from voice.assistant.call_recordings import CallRecordings
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.assistant.interruption import meaning
from voice.assistant.recognition_vocabulary import EXPECTATIONS
from voice.assistant.supervision import closed, harmless, undisturbed
from voice.assistant.turn_log import log_turn
from voice.channels import call as line
from voice.channels.call import Call
from voice.configuration.settings import WaitingSettings
from voice.dialogue import events as dialogue
from voice.dialogue.confirmation import is_too_early
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.turn import Control, Turn
from voice.recognition.recognition_session import RecognitionSession
from voice.synthesis.prompt_player import PromptPlayer
from voice.synthesis.speaker import Speaker
from voice.turntaking import actions
from voice.turntaking import turn_events as events
from voice.turntaking.actions import ReaderInput
from voice.turntaking.machine import TurnTaking
from voice.turntaking.timing import NoInputTiming
from voice.values.audio import FRAME_MS, ChannelKind
from voice.values.errors import cause_of
from voice.values.lines import Line
from voice.values.utterances import HearingEvent, SpeechStarted, Utterance

log = logging.getLogger(__name__)

SLOW_ANSWER = "slow_answer"
"""What is counted when nothing of an answer was heard for WORKING_S."""
DECODING = "decoding"
"""What is counted when an utterance cannot be decoded."""
ASKED_AGAIN_S = 3.0
"""Seconds in which a reader who was not heard is asked again once, however often the recogniser fails."""

HEARD_S = 4.0
"""Seconds that the recogniser may take over a frame; then the reader is asked again. Keys are taken meanwhile."""
MOST_UNHEARD = 1500
"""Frames that wait for a recogniser that is behind: half a minute. Older ones are dropped."""

EVENTS: Mapping[ReaderInput, Callable[[], dialogue.Event]] = {
    ReaderInput.ARRIVAL: dialogue.Began,
    ReaderInput.NO_INPUT: dialogue.Silence,
    ReaderInput.HEARD: dialogue.HeardOut,
    ReaderInput.CLOSING: dialogue.ServiceEnding,
}
"""What the machine submits of itself -> the event that is answered; every other event is an act of the reader."""
INPUTS = {event: reader_input for reader_input, event in EVENTS.items()}

WORKING_S = 2.5
"""Seconds of an answer in which nothing is heard, after which a soft sound says that something is being done."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be answered, with what was heard of it."""

    understood: Understood
    utterance: Utterance | None = None
    meant_at: DialogueState | None = None
    """Where the conversation was when the reader did it; None for what is no act of hers."""


@dataclass(slots=True)
class SpokenExchange:
    """One exchange as it went over the line, for the log on screen and for metrics."""

    exchange: Exchange
    utterance: Utterance | None = None
    first_audio_at: float | None = None
    """Seconds of the monotonic clock at which the first frame of the answer was due on the line, set when that frame
    has been made; None while there is none."""

    def begins(self, due: float) -> None:
        """Note that a frame of the answer is due at this second; only the first one counts."""
        self.first_audio_at = self.first_audio_at or due


class SpokenSession:
    """Joins one call, one recogniser, one voice and one dialogue."""

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
        what broke, `count_false_interruption` the times that Dauys fell silent for what was not said to it. To be made
        in the event loop that runs it."""
        self._call = call
        self._session = session
        self._ear = ear
        self._show = show
        self._observe = observe
        self._count = count
        self._count_false_interruption = count_false_interruption
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        """The machine's deadline has come or moved, or the playout has changed."""
        self._alarm_at = 0.0
        """The deadline that is being waited for."""
        self._player = PromptPlayer(speaker, call.rate, self._playout_changed, count=count)
        self._recorder = CallRecorder(call, self._player.next_frame, recordings, count)
        self._turns = TurnTaking(
            time.monotonic(),
            no_input=no_input_timing(call.kind, waiting, session.context.profile.line.patience),
            language=session.context.language,
            station=call.kind is ChannelKind.STATION,
            private=call.private,
        )
        self._spoken_over: tuple[Line, ...] | None = None
        """What was being said when the present utterance began; None while there is no utterance."""
        self._asked_again_at = float("-inf")
        self._inbox: asyncio.Queue[Act] = asyncio.Queue()
        self._frames: deque[bytes] = deque(maxlen=MOST_UNHEARD)
        self._frame_came = asyncio.Event()
        self._hung_up = asyncio.Event()
        self._answering = False
        self._working = asyncio.Event()
        """Something is being answered, or was a moment ago."""

    async def run(self) -> None:
        """Hold the conversation until the reader or Dauys hangs up, or a station's reader has gone."""
        self._call.speak_from(self._player.next_frame)
        if self._call.kind is not ChannelKind.STATION:
            self._handle(events.Arrived())
        tasks = [asyncio.create_task(part()) for part in self._parts()]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            await undisturbed(self._end(tasks))

    def _parts(self) -> tuple[Callable[[], Coroutine[None, None, None]], ...]:
        return (self._listen, self._hear, self._converse, self._keep_time, self._be_heard)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """The call is over, in whatever way: every step is taken, whatever became of those before."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # `run` has raised what they raised
        self._player.flush()
        await closed("the line of a call", self._call.hang_up())
        # Before anything that may take long: a decoder can be busy, a change in the library under way.
        await closed("the recording of a call", self._recorder.keep())
        await closed("the recogniser of a call", self._ear.close())
        await self._session.exchange(Understood(dialogue.Left()))
        await self._session.finish()

    async def _listen(self) -> None:
        async for event in self._call.events():
            match event:
                case line.Frame(pcm):
                    # Frames only put the deadline off, fifty times a second: nobody need be woken.
                    self._turns.on(events.FrameReceived(), time.monotonic())
                    self._recorder.heard(pcm)
                    self._feed(pcm)
                case line.Key(digit):
                    self._handle(events.KeyPressed(), self._act(Understood(dialogue.Pressed(digit))))
                case line.ShutdownNotice():
                    self._handle(events.ServiceClosing())
                case line.HangUp():
                    self._handle(events.CallEnded())
                    return

    def _act(self, understood: Understood, utterance: Utterance | None = None) -> Act:
        return Act(understood, utterance, self._session.context.state)

    def _feed(self, pcm: bytes) -> None:
        self._session.follow(self._player.lines_playing)
        self._frames.append(pcm)
        self._frame_came.set()

    async def _hear(self) -> None:
        """Give the recogniser frame after frame. What it does with one holds up neither keys nor time."""
        while True:
            await self._frame_came.wait()
            self._frame_came.clear()
            while self._frames:
                try:
                    async with asyncio.timeout(HEARD_S):
                        heard = await self._ear.feed(self._frames.popleft())
                    for event in heard:
                        self._heard(event)
                except Exception as error:
                    self._not_heard(error)

    def _heard(self, event: HearingEvent) -> None:
        match event:
            case SpeechStarted():
                self._spoken_over = self._player.lines_playing
                self._handle(event)
            case Utterance() as utterance:
                lines, self._spoken_over = self._spoken_over, None
                speaking = self._player.is_speaking
                understood = self._session.understand(utterance.hypotheses, over_speech=speaking)
                said = meaning(
                    utterance, understood, self._session.context, self._player.lines_playing if lines is None else lines
                )
                wanted = self._handle(events.SpeechEnded(utterance.speech_ms, said), self._act(understood, utterance))
                if speaking and actions.FlushPlayout() not in wanted:
                    self._count_false_interruption()

    def _not_heard(self, error: Exception) -> None:
        """The recogniser failed: what was said is lost, and the reader is asked again as after any unclear words."""
        now = time.monotonic()
        again = now - self._asked_again_at < ASKED_AGAIN_S
        if not again:
            log.error("an utterance could not be decoded: %s", cause_of(error))
            self._count(DECODING)
            self._asked_again_at = now
        self._handle(events.RecognitionFailed(again), self._act(Understood(dialogue.NotUnderstood())))

    async def _keep_time(self) -> None:
        """Let the machine know when its deadline has come, and when the playout has begun or ended."""
        silence = bytes(self._call.rate * 2 * FRAME_MS // 1000)
        while True:
            deadline = self._turns.deadline
            self._alarm_at = float("inf") if deadline is None else deadline
            timer = None
            if deadline is not None:
                timer = self._loop.call_later(deadline - time.monotonic(), self._wake.set)
            await self._wake.wait()
            self._wake.clear()
            if timer:
                timer.cancel()
            if actions.FeedSilence() in self._handle(events.Tick()):
                self._feed(silence)

    def _playout_changed(self) -> None:
        self._loop.call_soon_threadsafe(self._wake.set)

    def _handle(self, event: events.TurnEvent, act: Act | None = None) -> tuple[actions.Action, ...]:
        """Give the machine an event, with what the reader did if it was an act of hers; do and return what it wants."""
        now = time.monotonic()
        speaking = self._player.is_speaking
        if speaking and not self._turns.is_playing:
            self._do(self._turns.on(events.PlayoutStarted(), now), act)
        elif not speaking and (self._turns.is_playing or self._turns.is_closing or self._turns.awaits_end):
            self._do(self._turns.on(events.PlayoutDrained(more=self._player.is_making), now), act)
        wanted = self._turns.on(event, now)
        self._do(wanted, act)
        deadline = self._turns.deadline
        if deadline is not None and deadline < self._alarm_at:
            self._wake.set()
        return wanted

    def _do(self, wanted: tuple[actions.Action, ...], act: Act | None) -> None:
        for action in wanted:
            match action:
                case actions.PausePlayout():
                    self._player.pause()
                case actions.ResumePlayout():
                    self._player.resume()
                case actions.FlushPlayout():
                    self._player.flush()
                case actions.DropAnswer():
                    self._player.drop()
                case actions.PlayEarcon(name):
                    self._player.earcon(name)
                case actions.Submit(reader_input) if event := EVENTS.get(reader_input):
                    if reader_input is ReaderInput.ARRIVAL and act and act.understood.language:
                        self._session.greet_in(act.understood.language)
                    self._inbox.put_nowait(Act(Understood(event())))
                case actions.Submit() if act:
                    self._inbox.put_nowait(act)
                case actions.EndCall():
                    self._hung_up.set()

    async def _converse(self) -> None:
        """Answer what the machine submits until the dialogue has parted, and wait until all is said."""
        while not self._turns.is_closing:
            act = await self._inbox.get()
            here = self._session.context.state
            if act.meant_at is None or not is_too_early(act.understood.event, act.meant_at, here):
                await self._respond(act.understood, act.utterance)
        await self._hung_up.wait()

    async def _be_heard(self) -> None:
        """While an answer takes long, or its words cannot be made into speech at once: a soft sound now and then."""
        while True:
            await self._working.wait()
            await asyncio.sleep(WORKING_S)
            if not (self._answering or self._player.is_making):
                self._working.clear()
            elif not (self._player.is_speaking or self._player.is_paused):
                self._player.earcon("working")
                self._count(SLOW_ANSWER)

    async def _respond(self, understood: Understood, utterance: Utterance | None) -> None:
        spoken = SpokenExchange(Exchange(understood), utterance)
        started = time.perf_counter()
        self._answering = True
        self._working.set()
        self._handle(events.AnswerStarted(INPUTS.get(type(understood.event), ReaderInput.ACT)))
        async for turn in self._session.handle(understood.event):
            spoken.exchange.turns.append(turn)
            self._carry_out(turn, spoken)
        spoken.exchange.act_ms = (time.perf_counter() - started) * 1000
        self._answering = False
        controls, context = spoken.exchange.controls, spoken.exchange.context
        hang_up, forget = Control.HANG_UP in controls, Control.FORGET in controls
        goes_on = context.state.reads_aloud
        self._handle(events.AnswerDone(spoken.exchange.expects, context.language, hang_up, forget, goes_on))
        self._wake.set()  # for an answer that says nothing: its playout is over already
        if forget:
            await self._recorder.keep()
        self._recorder.follow(context)
        harmless("log a turn", lambda: log_turn(self._call.id, spoken.exchange))
        harmless("show an exchange", lambda: self._show(spoken.exchange.lines, context.preferences))
        harmless("count an exchange", lambda: self._observe(spoken))

    def _carry_out(self, turn: Turn, spoken: SpokenExchange) -> None:
        if Control.STOP in turn.controls:
            self._handle(events.StopRequested())
        if Control.TICK in turn.controls:
            self._player.earcon("tick")
        self._ear.language = turn.context.language
        self._ear.expect(EXPECTATIONS[turn.expects])
        if turn.command:
            self._handle(events.AnswerPart(turn.expects, turn.context.language))
        lines = tuple(line for line in turn.say if self._call.private or not line.private)
        if lines:
            self._player.say(lines, turn.context.preferences, spoken.begins)


def no_input_timing(kind: ChannelKind, waiting: WaitingSettings, patience: int | None) -> NoInputTiming | None:
    """Return how long a reader may say nothing; None at a desk, where there is no limit. After `patience` silences in
    a row the conversation parts from her, at a station after `station_end_s` in all."""
    if kind is ChannelKind.DESK:
        return None
    repeat_s = waiting.station_end_s / (patience or 1) if kind is ChannelKind.STATION else waiting.repeat_s
    return NoInputTiming(waiting.question_s, repeat_s)
