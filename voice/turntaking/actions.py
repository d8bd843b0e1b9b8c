"""What the machine wants done, in this order and at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReaderInput(StrEnum):
    """What the dialogue has to answer."""

    ARRIVAL = "arrival"
    """A reader has come: the greeting is due."""
    ACT = "act"
    """The key or utterance of the event."""
    HEARD = "heard"
    """All of an answer that goes on by itself has been heard: the next part is due."""
    NO_INPUT = "no_input"
    """The reader has done nothing for as long as the channel allows."""
    CLOSING = "closing"
    """Dauys is about to be stopped: the reader should come to an end."""


@dataclass(frozen=True, slots=True)
class PausePlayout:
    """Fall silent with the next frame, but remember what was being said; what is added waits."""


@dataclass(frozen=True, slots=True)
class ResumePlayout:
    """Go on after a false interruption."""


@dataclass(frozen=True, slots=True)
class FlushPlayout:
    """Fall silent with the next frame, forget what is left, make no more of it; a pause is over."""


@dataclass(frozen=True, slots=True)
class DropAnswer:
    """Forget what is left to say and make no more of it; a pause stays one."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Let the dialogue answer this, after what was submitted before."""

    input: ReaderInput


@dataclass(frozen=True, slots=True)
class PlayEarcon:
    """Append an earcon to the playout."""

    name: str


@dataclass(frozen=True, slots=True)
class FeedSilence:
    """Feed one frame of silence to the recogniser."""


@dataclass(frozen=True, slots=True)
class EndCall:
    """End the call; it is the last action."""


Action = PausePlayout | ResumePlayout | FlushPlayout | DropAnswer | Submit | PlayEarcon | FeedSilence | EndCall
