"""What a reader did while Dauys was busy, before she could know what comes: it was meant for the place where she was.

A PIN that is keyed again because nothing is heard must not open a record, call a librarian or, by its 1, be the yes to
a read-back that was not heard yet. Such an act is dropped, and what Dauys has to say is heard.
"""

from __future__ import annotations

from voice.dialogue.confirmation import AGREES
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Event, Pressed, Said
from voice.dialogue.states import Booked, Confirm, Doubt
from voice.values.intents import IntentName

YES_KEY, UNDO_KEY = "1", "2"
"""At a question and where something has just been booked; see voice/dialogue/keys.toml."""


def is_too_early(event: Event, meant_at: DialogueState, taken_at: DialogueState) -> bool:
    """Return whether `event`, which the reader made at `meant_at`, must not count at `taken_at`."""
    if taken_at is meant_at:
        return False
    if isinstance(event, Pressed) and meant_at.takes_digits and not taken_at.takes_digits:
        return True
    if isinstance(taken_at, Booked):
        return isinstance(event, Pressed) and event.digit == UNDO_KEY
    return isinstance(taken_at, Confirm | Doubt) and _is_yes(event, taken_at)


def _is_yes(event: Event, asked: Confirm | Doubt) -> bool:
    if isinstance(event, Pressed):
        return event.digit == YES_KEY
    if not isinstance(event, Said):
        return False
    agrees = AGREES[type(asked.command)] if isinstance(asked, Confirm) else frozenset()
    return event.intent.agreed or event.intent.name == IntentName.YES or event.intent.name in agrees
