"""What a handler decides, and the turn that comes of it: what is said, asked of the library and expected next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalogue_client.values.accounts import Hold, Loan
from catalogue_client.values.bibliographic import Record
from catalogue_client.values.shipments import Delivery
from voice.dialogue.commands import AnyCommand
from voice.dialogue.context import DialogueContext
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent
from voice.values.lines import Line

__all__ = ["Booking", "Control", "ExpectedInput", "Transition", "Turn"]


class Control(StrEnum):
    """What the session does beside speaking."""

    STOP = "stop"
    """Fall silent at once and listen."""
    HANG_UP = "hang_up"
    """Say the lines, then end the call."""
    FORGET = "forget"
    """Forget the reader and reset rate and volume (a station between readers)."""
    TICK = "tick"
    """A key was taken in: a short earcon and nothing said."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Something that the reader has confirmed and that stands in the library's books."""

    kind: str
    """hold, renewal, delivery, collection, registration or address."""
    item: Hold | Loan | Delivery | str
    others: tuple[Loan, ...] = ()
    """Renewed together with it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """The next state and how to get there."""

    context: DialogueContext
    say: tuple[Line, ...] = ()
    """Said first; then the place itself is described, unless something is asked of the library or `quiet`."""
    command: AnyCommand | None = None
    then: Intent | None = None
    """Go on as if the reader had wished this."""
    quiet: bool = False
    """Say nothing but `say`."""
    question: bool = False
    """Instead of the whole place, only its question is said after `say`."""
    aside: bool = False
    """What was said before stays what "repeat" says again."""
    controls: frozenset[Control] = frozenset()
    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The assistant's side of one exchange."""

    context: DialogueContext
    say: tuple[Line, ...] = ()
    """Spoken in order and shown in Braille; empty only with a command, a tick or a stop."""
    command: AnyCommand | None = None
    """Done next by the session; its outcome is the next event."""
    expects: ExpectedInput = ExpectedInput.SPEECH
    controls: frozenset[Control] = frozenset()
    records: tuple[Record, ...] = ()
    """The records that the lines are about."""
    booking: Booking | None = None
