"""Turn-taking on one line, without clock, task or socket: events in, actions out, in the manner of h11.

    AWAITING ──a reader is there──▶ TALKING ──the dialogue parts──▶ CLOSING ──all is said──▶ OVER

Speech pauses the playout. When it ends, what it came to decides: a cough lets the playout go on, anything else flushes
it and is submitted. A key flushes at once. Silence is counted from the last act of either side, and does not pass
while the reader speaks.
"""

from __future__ import annotations

from enum import Enum, auto

from voice.turntaking.actions import (
    Action,
    DropAnswer,
    EndCall,
    FeedSilence,
    FlushPlayout,
    PausePlayout,
    PlayEarcon,
    ReaderInput,
    ResumePlayout,
    Submit,
)
from voice.turntaking.timing import NoInputTiming, TurnTiming, load_timing
from voice.turntaking.turn_events import (
    AnswerDone,
    AnswerPart,
    AnswerStarted,
    Arrived,
    CallEnded,
    FrameReceived,
    KeyPressed,
    Meaning,
    MeaningKind,
    PlayoutDrained,
    PlayoutStarted,
    RecognitionFailed,
    ServiceClosing,
    SpeechEnded,
    SpeechStarted,
    StopRequested,
    Tick,
    TurnEvent,
)
from voice.values.expected_input import ExpectedInput

COUGHED_LANGUAGE = "en"
"""Where nobody speaks it, a short number in it is a cough: "eight" is what the models hear in coughs."""


class Phase(Enum):
    """How far the call is."""

    AWAITING = auto()
    """Nobody is there yet."""
    TALKING = auto()
    CLOSING = auto()
    """The dialogue has parted; its last words may still be played."""
    OVER = auto()


class TurnTaking:
    """One call from its first frame to its last. Every `now` is in seconds of one monotonic clock."""

    def __init__(
        self,
        now: float,
        *,
        no_input: NoInputTiming | None,
        language: str,
        station: bool = False,
        private: bool = True,
        timing: TurnTiming | None = None,
    ) -> None:
        """`no_input` is None where a silence has no limit. `language` is the dialogue's at first. At a `station`
        readers come and go on an open line; at a `private` one, with headphones, all that is said is for Dauys."""
        timing = timing or load_timing()
        self._cough_ms, self._coughed_word_ms = timing.cough_ms, timing.coughed_word_ms
        self._earcon_s, self._mute_s = timing.earcon_ms / 1000, timing.mute_ms / 1000
        self._silence_frame_s = timing.silence_frame_ms / 1000
        self._no_input = no_input
        self._station, self._private = station, private
        self._phase = Phase.AWAITING
        self._language = language
        self._expected_input = ExpectedInput.SPEECH
        self._playing = self._paused = self._in_speech = False
        self._goes_on = False
        """What is being said goes on by itself: its end is no silence."""
        self._greets_first = False
        """The greeting and the answer to the words that woke the station are still to come: both are said."""
        self._act_at = now
        """The last act of either side."""
        self._earcon_at = float("-inf")
        """The last soft sound of waiting."""
        self._silence_at = now + self._mute_s
        """When the recogniser is to be fed silence, if no frame comes."""

    @property
    def is_playing(self) -> bool:
        """As far as the machine knows there is something left to play, paused or not."""
        return self._playing

    @property
    def awaits_end(self) -> bool:
        """The next part of what is being said is due when this one has been heard."""
        return self._goes_on

    @property
    def is_closing(self) -> bool:
        """The dialogue has parted, or the call is over: nothing more is to be answered."""
        return self._phase in (Phase.CLOSING, Phase.OVER)

    @property
    def deadline(self) -> float | None:
        """When the next Tick is wanted; None when the call is over. Any event may move it."""
        if self._phase is Phase.OVER:
            return None
        dues = (self._silence_at, self._waiting_sound_due(), self._no_input_due())
        return min(due for due in dues if due is not None)

    def on(self, event: TurnEvent, now: float) -> tuple[Action, ...]:
        """What is to be done about `event`. Any event may come at any time."""
        if self._phase is Phase.OVER:
            return ()
        match event:
            case FrameReceived():
                self._silence_at = now + self._mute_s
            case Tick():
                return self._tick(now)
            case Arrived() if self._phase is Phase.AWAITING:
                return self._arrive(now)
            case SpeechStarted():
                self._act_at = now
                self._in_speech = self._paused = True
                return (PausePlayout(),)
            case SpeechEnded(speech_ms, meaning):
                return self._speech_ended(speech_ms, meaning, now)
            case RecognitionFailed(again):
                self._in_speech = False
                return self._resume() if again else self._act(Meaning(MeaningKind.NOTHING), now)
            case ServiceClosing() if self._phase is Phase.TALKING:
                return (Submit(ReaderInput.CLOSING),)
            case KeyPressed():
                return self._act(None, now)
            case AnswerStarted(ReaderInput.ACT):
                return self._answer_act(now)
            case StopRequested():
                return self._flush(now)
            case AnswerPart(expected_input, language):
                self._expected_input, self._language = expected_input, language
            case AnswerDone():
                self._answer_done(event, now)
            case PlayoutStarted():
                self._playing = True
            case PlayoutDrained(more):
                self._fall_silent(now)
                if self._phase is Phase.CLOSING and not more:
                    return self._hang_up()
                if self._goes_on and not more and not self._in_speech:
                    self._goes_on, self._act_at = False, now
                    return (Submit(ReaderInput.HEARD),)
            case CallEnded():
                self._phase = Phase.OVER
        return ()

    def _speech_ended(self, speech_ms: int, meaning: Meaning, now: float) -> tuple[Action, ...]:
        self._in_speech = False
        if not self._is_cough(speech_ms, meaning):
            return self._act(meaning, now)
        return self._resume()

    def _resume(self) -> tuple[Action, ...]:
        was_paused, self._paused = self._paused, False
        return (ResumePlayout(),) if was_paused else ()

    def _is_cough(self, speech_ms: int, meaning: Meaning) -> bool:
        """A cough, a door, somebody else's voice, Dauys's own: nothing that was said to Dauys.

        Over silence anything with words was meant, and what is long, or follows a question for yes or no.
        """
        if meaning.kind is MeaningKind.NOTHING:
            confirms = self._expected_input is ExpectedInput.CONFIRMATION
            return self._playing or (speech_ms < self._cough_ms and not confirms)
        if not self._playing:
            return False
        if meaning.kind in (MeaningKind.OWN_WORDS, MeaningKind.DOUBTFUL, MeaningKind.UNHEARD):
            return True
        if speech_ms >= self._coughed_word_ms:
            return False
        if meaning.kind is MeaningKind.WORDS:
            return self._expected_input is not ExpectedInput.LETTERS
        return meaning.kind is MeaningKind.NUMBER and meaning.language == COUGHED_LANGUAGE != self._language

    def _act(self, said: Meaning | None, now: float) -> tuple[Action, ...]:
        """The reader has said something, or pressed a key (None)."""
        flushed = self._flush(now)
        self._act_at = now
        self._goes_on = False
        if self._phase is Phase.CLOSING:
            return (*flushed, *self._hang_up())
        if self._phase is Phase.TALKING:
            return (*flushed, Submit(ReaderInput.ACT))
        return (*flushed, *self._arrive(now, said)) if self._wakes(said) else flushed

    def _wakes(self, said: Meaning | None) -> bool:
        """A reader is there. Where everybody is heard only what has a meaning counts, or Dauys would speak to whoever
        passes by."""
        return (
            said is None or said.has_intent or (self._private and said.kind in (MeaningKind.WORDS, MeaningKind.UNHEARD))
        )

    def _arrive(self, now: float, said: Meaning | None = None) -> tuple[Action, ...]:
        self._phase, self._act_at = Phase.TALKING, now
        if said is None:
            return (Submit(ReaderInput.ARRIVAL),)
        self._language = said.language or self._language
        if not said.has_intent or said.kind is MeaningKind.GREETING:
            return (Submit(ReaderInput.ARRIVAL),)
        self._greets_first = True
        return Submit(ReaderInput.ARRIVAL), Submit(ReaderInput.ACT)

    def _answer_act(self, now: float) -> tuple[Action, ...]:
        """A new act of the reader: an earlier answer is not wanted any more. After a silence it still is."""
        if self._greets_first:
            self._greets_first = False
            return ()
        self._fall_silent(now)
        return (DropAnswer(),)

    def _answer_done(self, answer: AnswerDone, now: float) -> None:
        self._expected_input, self._language = answer.expected_input, answer.language
        self._goes_on = answer.goes_on
        if answer.hang_up or (self._station and answer.forget):
            # From here silence is counted for the case that the last words cannot be made into speech.
            self._phase, self._act_at = Phase.CLOSING, now

    def _flush(self, now: float) -> tuple[Action, ...]:
        self._fall_silent(now)
        self._paused = False
        return (FlushPlayout(),)

    def _fall_silent(self, now: float) -> None:
        if self._playing and now - self._earcon_at > self._earcon_s:
            self._act_at = now
        self._playing = False

    def _hang_up(self) -> tuple[Action, ...]:
        self._phase = Phase.OVER
        return (EndCall(),)

    def _no_input_due(self) -> float | None:
        if self._no_input is None or self._phase is Phase.AWAITING or self._in_speech:
            return None
        due = self._act_at + self._no_input.repeat_s
        plays_earcon = self._phase is Phase.TALKING and due <= self._earcon_at + self._earcon_s
        return due if plays_earcon or not self._playing else None

    def _waiting_sound_due(self) -> float | None:
        """Once in every silence."""
        if self._no_input is None or self._phase is not Phase.TALKING or self._in_speech or self._playing:
            return None
        return None if self._earcon_at >= self._act_at else self._act_at + self._no_input.question_s

    def _tick(self, now: float) -> tuple[Action, ...]:
        fed: tuple[Action, ...] = ()
        if now >= self._silence_at:
            self._silence_at = now + self._silence_frame_s
            fed = (FeedSilence(),)
        no_input, sound = self._no_input_due(), self._waiting_sound_due()
        if no_input is not None and now >= no_input:
            self._act_at = now
            if self._phase is Phase.CLOSING:
                return (*fed, *self._hang_up())
            return (*fed, Submit(ReaderInput.NO_INPUT))
        if sound is not None and now >= sound:
            self._earcon_at = now
            return (*fed, PlayEarcon("waiting"))
        return fed
