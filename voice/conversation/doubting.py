"""Words that were heard badly are asked about before anything is done with them."""

from __future__ import annotations

from voice.conversation.events import Said
from voice.conversation.move import Move
from voice.conversation.stages import Confirm, Doubt
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.conversation.universal import UNIVERSAL
from voice.understanding.intent import Intent

SURE_YES = 0.05
"""A yes to a read-back counts from here on; below, it is asked for again."""
DOUBTFUL = 0.4
"""Below this a wish that leads somewhere is asked about."""
HARMLESS = frozenset(UNIVERSAL) - {"goodbye"} | {
    "search", "new_books", "next", "previous", "select", "more", "read_on", "availability", "digits", "hours",
    "yes", "no", "thanks", "greeting",
}  # fmt: skip
"""Wishes that cost nothing to hear wrongly: they are never asked about."""


def doubt(state: State, event: Said) -> Move | None:
    """A question back when the words were too unclear for what they would do; None when they were clear enough."""
    confidence = 1.0 if event.confidence is None else event.confidence
    name = event.intent.name
    if name == "yes" and isinstance(state.stage, Confirm) and confidence < SURE_YES:
        return Move(state, (tell(state, "confirm.again"),), question=True)
    if confidence < DOUBTFUL and name not in HARMLESS and not isinstance(state.stage, Doubt):
        return Move(state.go(Doubt(event.intent)))
    return None


def meant(state: State, intent: Intent) -> Move:
    """Yes, that was meant."""
    stage = state.stage
    assert isinstance(stage, Doubt)
    return Move(state.leave(), then=stage.intent)


def declined(state: State, intent: Intent) -> Move:
    """No: back to where the reader was."""
    return Move(state.leave(), question=True)
