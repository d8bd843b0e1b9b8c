"""What a handler decides. `step` makes a Turn of it, so that handlers need not know one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice.conversation.asks import Ask
from voice.conversation.events import Answer
from voice.conversation.lines import Line
from voice.conversation.state import State
from voice.conversation.turn import Booking, Control
from voice.understanding.intent import Intent


@dataclass(frozen=True, slots=True)
class Move:
    """The next state and how to get there."""

    state: State
    say: tuple[Line, ...] = ()
    """Said first; then the place itself is described, unless something is asked of the library or `quiet`."""
    ask: Ask | None = None
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


Handler = Callable[[State, Intent], Move]
"""Answers a wish."""
AnswerHandler = Callable[[State, Ask, Answer], Move]
"""Takes what the library answered to an ask."""
