"""The way back, to the beginning, to the books of the last results, and on to the requests that wait.

Of several requests of one sentence the first is done, and the others wait until it has come to its end. They survive
a sign-in, a read-back, and what belongs to neither ("once more", "help"). They are dropped when the reader stops,
declines, or begins something else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from catalogue_client.values.bibliographic import Record
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DetailState, DialogueState, ListState
from voice.dialogue.feature import Handlers
from voice.dialogue.lists import next_page, no_such_number, number, opens, position, previous_page, step_entry
from voice.dialogue.phrasing import prompt, request_name
from voice.dialogue.states import Goodbye, ListNumberEntry, RecordDetail, ResultList, Start
from voice.dialogue.turn import Transition
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName, SlotValue
from voice.values.lines import Line

T = TypeVar("T")


def back(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The three before, else the place before. To leave a read-back or the windows books nothing."""
    if before := state.before:
        return Transition(context.stay(before))
    if context.begun and not state.request:
        return Transition(replace(context.leave(), state=context.begun, begun=None))
    if state.books_nothing:
        return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),))
    if isinstance(state, Start) and not context.trail:
        return Transition(context, (prompt(context, "talk.at_the_beginning"),), question=True)
    return Transition(context.leave())


def begin_number(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Key the number of a list entry."""
    return Transition(context.go(ListNumberEntry()))


def in_list(detail: Callable[[tuple[T, ...], int], DetailState[T]]) -> Handlers[ListState[T]]:
    """Return the handlers of a list whose entries are opened as `detail`."""
    return {
        **_entries(detail),
        IntentName.NEXT: next_page,
        IntentName.PREVIOUS: previous_page,
        IntentName.YES: opens(detail),
    }


def in_detail(detail: Callable[[tuple[T, ...], int], DetailState[T]]) -> Handlers[DetailState[T]]:
    """Return the handlers of an opened entry, beside what it is there for."""
    return {**_entries(detail), IntentName.NEXT: step_entry, IntentName.PREVIOUS: step_entry}


def _entries(detail: Callable[[tuple[T, ...], int], DetailState[T]]) -> Handlers[ListState[T] | DetailState[T]]:
    return {
        IntentName.SELECT: opens(detail),
        IntentName.DIGITS: opens(detail),
        IntentName.MORE: opens(detail),
        IntentName.NO: back,
        IntentName.NUMBER: begin_number,
    }


def start_over(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """From the beginning; the reader stays known."""
    return Transition(replace(context, state=Start(), trail=(), basket=(), begun=None))


WITH_BOOKS = (ResultList, RecordDetail)


def records(context: DialogueContext) -> tuple[Record, ...]:
    """The records on the table."""
    match context.state:
        case ResultList() as found:
            return tuple(found.items[n] for n in found.shown)
        case RecordDetail() as opened:
            return (replace(opened.item, available=opened.shelves),)
    return ()


def with_books(context: DialogueContext) -> DialogueContext:
    """The last results, when the reader came here from them; else the same state."""
    for at in range(len(context.trail) - 1, -1, -1):
        before = context.trail[at]
        if not context.state.over_results or not (before.over_results or isinstance(before, WITH_BOOKS)):
            return context
        if isinstance(before, WITH_BOOKS):
            return replace(context, state=before, trail=context.trail[:at])
    return context


def record_at_hand(context: DialogueContext, intent: Intent) -> Record | Transition:
    """The book that an intent is about: by number, the opened one, or the only one; otherwise ask which."""
    state = context.state
    if not isinstance(state, ResultList | RecordDetail):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    records = state.items
    n = position(context, state, intent)
    if isinstance(n, Transition):
        return n
    if isinstance(state, ResultList) and number(intent, len(records)) is None and len(records) > 1 and not state.sure:
        return Transition(context, (prompt(context, "searching.which_number"),), quiet=True)
    return records[n]


def records_at_hand(context: DialogueContext, intent: Intent) -> tuple[Record, ...] | Transition:
    """The same for several books at once: `ns` holds their numbers, separated by commas."""
    numbers = str(intent.slots.get("ns", "")).split(",")
    state = context.state
    if not all(number.isdecimal() for number in numbers) or not isinstance(state, ResultList | RecordDetail):
        record = record_at_hand(context, intent)
        return record if isinstance(record, Transition) else (record,)
    records = state.items
    if any(not 0 < int(number) <= len(records) for number in numbers):
        return no_such_number(context, len(records))
    return tuple(records[int(number) - 1] for number in numbers)


def number_of(context: DialogueContext, record_id: str) -> dict[str, SlotValue]:
    """The slot `n` that names a record of the results at hand; no slot when it is not among them."""
    state = context.state
    records = state.items if isinstance(state, ResultList | RecordDetail) else ()
    return next(({"n": n} for n, record in enumerate(records, 1) if record.id == record_id), {})


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
    if name == IntentName.NO and context.state.expects not in DECLINABLE:
        return context
    return replace(context, queued=())


def without_dependents(context: DialogueContext) -> DialogueContext:
    """Return `context` when a request has failed: what waits for its book is not done with another one, and the call
    does not end on it."""
    dependent = NEEDS_A_BOOK | {IntentName.GOODBYE}
    return replace(context, queued=tuple(intent for intent in context.queued if intent.name not in dependent))


def next_request(context: DialogueContext) -> Intent | None:
    """Return the request that comes next, when the one before has come to its end."""
    state = context.state
    if not context.queued or state.is_open_question or isinstance(state, Goodbye):
        return None
    then = context.queued[0]
    return None if awaits_book(context, then) else then


def awaits_book(context: DialogueContext, intent: Intent) -> bool:
    """Whether `intent` is about a book of the results at hand, and it is not yet known which."""
    state = context.state
    if intent.name not in NEEDS_A_BOOK or not isinstance(state, ResultList) or intent.slots.keys() & {"n", "ns"}:
        return False
    return state.guessed or (len(state.items) > 1 and not state.sure)


def announced(context: DialogueContext, first: Intent) -> tuple[Line, ...]:
    """Say in which order several requests are done; nothing is said when the first is only an answer."""
    if not context.queued or first.name in ANSWERS | NEVER_QUEUED:
        return ()
    then = "; ".join(request_name(context, intent) for intent in context.queued)
    return (prompt(context, "queued.first", first=request_name(context, first), then=then),)
