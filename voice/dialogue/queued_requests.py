"""Several requests of one sentence: the first is done, the others wait until it has come to its end.

They survive a sign-in and a read-back, and what belongs to neither ("once more", "help"). They are dropped when the
reader stops, declines, or begins something else.
"""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.prompts import has, text_of
from voice.dialogue.states import Goodbye, PlaceList, ResultList
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

NEVER_QUEUED = frozenset({IntentName.YES, IntentName.NO, IntentName.UNDO, IntentName.STOP})
"""What answers the moment in which it is said."""
ANSWERS = frozenset(
    {
        IntentName.YES, IntentName.HALF_YES, IntentName.SELECT, IntentName.DIGITS, IntentName.WHEN, IntentName.LATER,
        IntentName.NEXT, IntentName.PREVIOUS, IntentName.MORE, IntentName.NOTE, IntentName.ENTERED, IntentName.NUMBER,
        IntentName.WORDS, IntentName.LETTERS_DONE, IntentName.SPELL, IntentName.READ_ON, IntentName.AVAILABILITY,
    }
)  # fmt: skip
"""What goes on with the request at hand."""
ASIDE = frozenset(
    {
        IntentName.HELP, IntentName.REPEAT, IntentName.WHERE_AM_I, IntentName.WAIT, IntentName.GREETING,
        IntentName.THANKS, IntentName.DELIVERY_PRICE, IntentName.LANGUAGE, IntentName.SLOWER, IntentName.FASTER,
        IntentName.LOUDER, IntentName.QUIETER, IntentName.BRIEF, IntentName.FULL, IntentName.CAPITALS,
        IntentName.GRADE, IntentName.REMEMBER,
    }
)  # fmt: skip
"""What is said in between and changes nothing of it."""
DECLINABLE = frozenset({ExpectedInput.CONFIRMATION, ExpectedInput.SLOT, ExpectedInput.TICKET, ExpectedInput.PIN})
"""Where a no declines the request at hand; elsewhere, as for the number of a flat, it answers a question of it."""
NEEDS_A_BOOK = frozenset({IntentName.RESERVE, IntentName.DELIVER})


def queue(context: DialogueContext, intents: tuple[Intent, ...]) -> DialogueContext:
    """Return `context` with these waiting."""
    return replace(context, queued=tuple(intent for intent in intents if intent.name not in NEVER_QUEUED))


def kept(context: DialogueContext, name: str) -> DialogueContext:
    """Return `context` after the reader's intent `name`: what waits goes on waiting, or is dropped."""
    if not context.queued or name in ANSWERS or name in ASIDE:
        return context
    if name == IntentName.NO and context.stage.expects not in DECLINABLE:
        return context
    return replace(context, queued=())


def next_request(context: DialogueContext) -> Intent | None:
    """Return the request that comes next, when the one before has come to its end."""
    state = context.stage
    if not context.queued or not state.kept or isinstance(state, Goodbye):
        return None
    if isinstance(state, PlaceList) and state.then and state.then.name == IntentName.RESERVE:
        return None
    then = context.queued[0]
    if then.name in NEEDS_A_BOOK and isinstance(state, ResultList) and not (then.slots.keys() & {"n", "ns"}):
        undecided = len(state.items) > 1 and not state.results.sure
        return None if undecided else then
    return then


def label(context: DialogueContext, intent: Intent) -> str:
    """Return what an intent is called in the reader's language, in the middle of a sentence."""
    key = f"request.{intent.name}"
    return text_of(context.language, key if has(context.language, key) else "request.unnamed")


def announced(context: DialogueContext, first: Intent) -> tuple[Line, ...]:
    """Say in which order several requests are done; nothing is said when the first is only an answer."""
    if not context.queued or first.name in ANSWERS | NEVER_QUEUED:
        return ()
    then = "; ".join(label(context, intent) for intent in context.queued)
    return (prompt(context, "queued.first", first=label(context, first), then=then),)
