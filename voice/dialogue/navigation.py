"""The way back, to the beginning, and to the books of the last results."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Record
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.lists import Paged, no_such_number, number, position, previous_page, shown
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import (
    Booked,
    Confirm,
    CourierNotes,
    LanguageList,
    ListNumberEntry,
    Menu,
    Pin,
    PlaceList,
    RecordDetail,
    ResultList,
    SlotList,
    Start,
    Ticket,
)
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, SlotValue


def back(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The three before, else the place before. To leave a read-back or the windows books nothing."""
    match state:
        case Pin():
            return Transition(context.stay(Ticket(state.then)))
        case CourierNotes():
            return Transition(context.stay(state.confirm))
        case SlotList() if state.first:
            return previous_page(context, state, intent)
        case Confirm() | SlotList():
            return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),))
        case _ if isinstance(state, Paged) and state.first:
            return previous_page(context, state, intent)
        case Start() if not context.trail:
            return Transition(context, (prompt(context, "talk.at_the_beginning"),), question=True)
    return Transition(context.leave())


def start_over(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """From the beginning; the reader stays known."""
    return Transition(replace(context, state=Start(), trail=(), basket=()))


WITH_BOOKS = (ResultList, RecordDetail)
WITHOUT_BOOKS = (Booked, ListNumberEntry, PlaceList, Menu, LanguageList, SlotList, Confirm)
"""Where no book is on the table: the results that the reader came from still are what "the second one" means."""


def records(context: DialogueContext) -> tuple[Record, ...]:
    """The records on the table."""
    match context.state:
        case ResultList() as found:
            return tuple(found.items[n] for n in shown(found))
        case RecordDetail() as opened:
            return (replace(opened.record, available=opened.shelves),)
    return ()


def with_books(context: DialogueContext) -> DialogueContext:
    """The last results, when the reader came here from them; else the same state."""
    for at in range(len(context.trail) - 1, -1, -1):
        if not isinstance(context.state, WITHOUT_BOOKS) or not isinstance(
            context.trail[at], (*WITHOUT_BOOKS, *WITH_BOOKS)
        ):
            return context
        if isinstance(context.trail[at], WITH_BOOKS):
            return replace(context, state=context.trail[at], trail=context.trail[:at])
    return context


def record_at_hand(context: DialogueContext, intent: Intent) -> Record | Transition:
    """The book that an intent is about: by number, the opened one, or the only one; otherwise ask which."""
    state = context.state
    if not isinstance(state, ResultList | RecordDetail):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    records = state.results.records
    n = position(context, state, intent)
    if isinstance(n, Transition):
        return n
    if (
        isinstance(state, ResultList)
        and number(intent, len(records)) is None
        and len(records) > 1
        and not state.results.sure
    ):
        return Transition(context, (prompt(context, "searching.which_number"),), quiet=True)
    return records[n]


def records_at_hand(context: DialogueContext, intent: Intent) -> tuple[Record, ...] | Transition:
    """The same for several books at once: `ns` holds their numbers, separated by commas."""
    numbers = str(intent.slots.get("ns", "")).split(",")
    state = context.state
    if not all(number.isdecimal() for number in numbers) or not isinstance(state, ResultList | RecordDetail):
        record = record_at_hand(context, intent)
        return record if isinstance(record, Transition) else (record,)
    records = state.results.records
    if any(not 0 < int(number) <= len(records) for number in numbers):
        return no_such_number(context, len(records))
    return tuple(records[int(number) - 1] for number in numbers)


def number_of(context: DialogueContext, record_id: str) -> dict[str, SlotValue]:
    """The slot `n` that names a record of the results at hand; no slot when it is not among them."""
    state = context.state
    records = state.results.records if isinstance(state, ResultList | RecordDetail) else ()
    return next(({"n": n} for n, record in enumerate(records, 1) if record.id == record_id), {})
