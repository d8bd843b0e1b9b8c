"""What a handler decides. `step` makes a Turn of it, so that handlers need not know one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice.dialogue.commands import Command
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Answer
from voice.dialogue.turn import Booking, Control
from voice.values.intents import Intent
from voice.values.lines import Line


@dataclass(frozen=True, slots=True)
class Transition:
    """The next state and how to get there."""

    state: DialogueContext
    say: tuple[Line, ...] = ()
    """Said first; then the place itself is described, unless something is asked of the library or `quiet`."""
    ask: Command | None = None
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


Handler = Callable[[DialogueContext, Intent], Transition]
"""Answers a wish."""
AnswerHandler = Callable[[DialogueContext, Command, Answer], Transition]
"""Takes what the library answered to an ask."""
