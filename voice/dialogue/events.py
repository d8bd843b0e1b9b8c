"""What can happen to a conversation. Every (state, event) pair has an answer."""

from __future__ import annotations

from dataclasses import dataclass

from voice.dialogue.commands import Answer, AnyCommand
from voice.values.intents import Intent
from voice.values.refusals import RefusalReason


@dataclass(frozen=True, slots=True)
class Began:
    """A reader has come: the greeting is due."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something was understood, spoken, typed or keyed in Braille."""

    intent: Intent
    confidence: float | None = None
    """0 to 1 for speech; None for typed text, which is certain."""
    alternatives: tuple[str, ...] = ()
    """Other hypotheses of the recogniser, best first."""
    over_speech: bool = False
    """It was said while Dauys itself was speaking, and may be an echo."""
    then: tuple[Intent, ...] = ()
    """What was asked for in the same sentence, in the order said: done when `intent` has come to its end."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Words that may mean one of two things, both worth asking about."""

    intents: tuple[Intent, ...]
    """The likelier first."""
    text: str = ""
    confidence: float | None = None
    """0 to 1 for speech; None for typed text."""


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """Words that are not acted upon, and why."""

    reason: RefusalReason
    text: str = ""
    confidence: float | None = None
    """0 to 1 for speech; None for typed text."""
    over_speech: bool = False
    """It was said while Dauys itself was speaking."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """There were words, or speech without words, but no meaning."""

    text: str = ""
    confidence: float | None = None
    """0 to 1 for speech; None for typed text, which is certain."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A telephone key: one of 0-9 * #."""

    digit: str


@dataclass(frozen=True, slots=True)
class Routed:
    """A cursor-routing key on the line about this entry (0-based); None on a line that is about none."""

    record: int | None


@dataclass(frozen=True, slots=True)
class Silence:
    """The reader has said nothing for the time that belongs to the state."""


@dataclass(frozen=True, slots=True)
class HeardOut:
    """All that was said has been heard to its end, where more follows by itself."""


@dataclass(frozen=True, slots=True)
class Left:
    """The reader hung up, took the headphones out or walked away."""


@dataclass(frozen=True, slots=True)
class ServiceEnding:
    """Dauys is about to be stopped: the reader should come to an end."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked of the library has been done; the class of the command names the answer's type."""

    command: AnyCommand
    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """What was asked could not be done; `prompt` is the key of the sentence (catalogue_client/errors.py)."""

    command: AnyCommand
    prompt: str
    values: tuple[tuple[str, str | int], ...] = ()
    """Placeholders of the sentence."""


@dataclass(frozen=True, slots=True)
class Broke:
    """Dauys itself failed, by a mistake in its program: while it answered, or in a command of the conversation."""

    failed: Failed | None = None
    """The command; None when the answer could not be made."""


Event = (
    Began
    | Said
    | Unsure
    | TurnedDown
    | NotUnderstood
    | Pressed
    | Routed
    | Silence
    | HeardOut
    | Left
    | ServiceEnding
    | Answered
    | Failed
    | Broke
)
