"""What a line of Braille cells means: read in every alphabet, since cells do not say which one was typed.

A reader who has strayed into another language must be understood in her own: the reading that asks for something wins,
the running language where none does.
"""

from __future__ import annotations

from braille import digits, is_number, readings
from voice.assistant.dialogue_session import DialogueSession, Understood
from voice.dialogue.events import Said
from voice.dialogue.registry import EVERYWHERE
from voice.dialogue.turn import ExpectedInput

NUMBERS = frozenset({ExpectedInput.PIN, ExpectedInput.TICKET, ExpectedInput.PHONE})
"""Expected answers that may be typed without number signs."""
ANYWHERE = frozenset(EVERYWHERE) | {"yes", "no"}
"""Where any words are an answer, only these are looked for in other alphabets."""
WORDY = frozenset({"words", "title", "author", "subject", "note", "place"})


def understood(session: DialogueSession, cells: bytes, expects: ExpectedInput) -> Understood:
    """What the line comes to: digits where they are asked for and the whole line can be digits, else words."""
    if expects in NUMBERS and is_number(cells):
        return session.understand_text(digits(cells))
    context = session.context
    texts = readings(cells, context.language, grade=context.preferences.grade or 1)
    tried = [session.understand_text(text) for text in texts]
    return max(tried, key=lambda one: _sense(one, context.state.takes_words))  # the first of equals


def _sense(one: Understood, free: bool) -> int:
    """Return how surely words ask for something: 3 a command, 2 a search or a request with words of its own, 1 a
    mere guess."""
    if not isinstance(one.event, Said):
        return 0
    intent = one.event.intent
    if free:
        return 3 if intent.name in ANYWHERE else 0
    if intent.score == 1 and WORDY.isdisjoint(intent.slots):
        return 3
    return 1 if intent.bare else 2
