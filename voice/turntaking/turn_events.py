"""What happens to the machine: the reader's acts, how far the answer and its playout are, frames and time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voice.turntaking.actions import ReaderInput
from voice.values.expected_input import ExpectedInput
from voice.values.utterances import SpeechStarted

__all__ = [
    "AnswerDone", "AnswerPart", "AnswerStarted", "Arrived", "CallEnded", "FrameReceived", "KeyPressed", "Meaning",
    "MeaningKind", "PlayoutDrained", "PlayoutStarted", "RecognitionFailed", "ServiceClosing", "SpeechEnded",
    "SpeechStarted", "StopRequested", "Tick", "TurnEvent",
]  # fmt: skip


class MeaningKind(StrEnum):
    """How much an utterance means to the dialogue."""

    NOTHING = "nothing"
    """No words: a noise, or a voice that was not made out."""
    WORDS = "words"
    """Words without an intent."""
    UNHEARD = "unheard"
    """Words without an intent, too unclear to be taken for words while Dauys speaks."""
    OWN_WORDS = "own_words"
    """What Dauys itself was saying, come back over the line."""
    DOUBTFUL = "doubtful"
    """An intent, too unsure to be taken for one while Dauys speaks."""
    NUMBER = "number"
    """Digits, or a number of a list."""
    GREETING = "greeting"
    """No more than a greeting, which Dauys's own greeting answers."""
    INTENT = "intent"
    """Any other intent."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an utterance came to."""

    kind: MeaningKind
    language: str | None = None
    """kk, ru or en: what it was said in; None where there were no words."""

    @property
    def has_intent(self) -> bool:
        """Whether the dialogue knows what the utterance asks for, surely or not."""
        return self.kind not in NO_INTENT


NO_INTENT = frozenset({MeaningKind.NOTHING, MeaningKind.WORDS, MeaningKind.UNHEARD, MeaningKind.OWN_WORDS})


@dataclass(frozen=True, slots=True)
class Arrived:
    """A reader is on the line. At a station nobody says so: the machine waits for a key or for words."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """An utterance is over; very short ones come without a SpeechStarted."""

    speech_ms: int
    """Voiced time in it."""
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class RecognitionFailed:
    """The recogniser broke off in the middle of whatever was being said."""

    again: bool = False
    """It did so a moment ago, and the reader has been asked already."""


@dataclass(frozen=True, slots=True)
class ServiceClosing:
    """Dauys is about to be stopped."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A telephone key."""


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    """What was submitted is now being answered; one at a time, in the order in which they were submitted."""

    to: ReaderInput


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The answer is to fall silent and listen."""


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Part of an answer is there, and the library has been asked for the rest."""

    expected_input: ExpectedInput
    language: str
    """Of the dialogue from now on: kk, ru or en."""


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """The answer is whole. What it says may still have to be made and played: PlayoutDrained follows in any case."""

    expected_input: ExpectedInput
    language: str
    """Of the dialogue from now on: kk, ru or en."""
    hang_up: bool = False
    """The dialogue has parted from the reader: the call ends when all has been said."""
    forget: bool = False
    """The reader's data are to be forgotten; a station then waits for the next."""
    goes_on: bool = False
    """More follows by itself when all has been heard: a book is read."""


@dataclass(frozen=True, slots=True)
class PlayoutStarted:
    """There is something to hear, or would be if it were not paused."""


@dataclass(frozen=True, slots=True)
class PlayoutDrained:
    """All that there was to hear has been played."""

    more: bool = False
    """The rest of the answer is still being made into speech."""


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """20 ms came in over the line."""


@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline has come; harmless at any other time."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The line is gone, for whatever reason."""


TurnEvent = (
    Arrived
    | SpeechStarted
    | SpeechEnded
    | RecognitionFailed
    | ServiceClosing
    | KeyPressed
    | AnswerStarted
    | StopRequested
    | AnswerPart
    | AnswerDone
    | PlayoutStarted
    | PlayoutDrained
    | FrameReceived
    | Tick
    | CallEnded
)
