"""The way back, to the beginning, and to the books of the last results."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Record
from voice.dialogue.context import DialogueContext
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


def back(state: DialogueContext, intent: Intent) -> Transition:
    """The three before, else the place before. To leave a read-back or the windows books nothing."""
    stage = state.stage
    match stage:
        case Pin():
            return Transition(state.stay(Ticket(stage.then)))
        case CourierNotes():
            return Transition(state.stay(stage.confirm))
        case SlotList() if stage.first:
            return previous_page(state, intent)
        case Confirm() | SlotList():
            return Transition(replace(state.leave(), basket=()), (prompt(state, "confirm.nothing_booked"),))
        case _ if isinstance(stage, Paged) and stage.first:
            return previous_page(state, intent)
        case Start() if not state.trail:
            return Transition(state, (prompt(state, "talk.at_the_beginning"),), question=True)
    return Transition(state.leave())


def start_over(state: DialogueContext, intent: Intent) -> Transition:
    """From the beginning; the reader stays known."""
    return Transition(replace(state, stage=Start(), trail=(), basket=()))


WITH_BOOKS = (ResultList, RecordDetail)
WITHOUT_BOOKS = (Booked, ListNumberEntry, PlaceList, Menu, LanguageList, SlotList, Confirm)
"""Where no book is on the table: the results that the reader came from still are what "the second one" means."""


def records(state: DialogueContext) -> tuple[Record, ...]:
    """The records on the table."""
    match state.stage:
        case ResultList() as found:
            return tuple(found.items[n] for n in shown(found))
        case RecordDetail() as opened:
            return (replace(opened.record, available=opened.shelves),)
    return ()


def with_books(state: DialogueContext) -> DialogueContext:
    """The last results, when the reader came here from them; else the same state."""
    for at in range(len(state.trail) - 1, -1, -1):
        if not isinstance(state.stage, WITHOUT_BOOKS) or not isinstance(state.trail[at], (*WITHOUT_BOOKS, *WITH_BOOKS)):
            return state
        if isinstance(state.trail[at], WITH_BOOKS):
            return replace(state, stage=state.trail[at], trail=state.trail[:at])
    return state


def record_at_hand(state: DialogueContext, intent: Intent) -> Record | Transition:
    """The book that an intent is about: by number, the opened one, or the only one; otherwise ask which."""
    stage = state.stage
    if not isinstance(stage, ResultList | RecordDetail):
        return Transition(state, (prompt(state, "searching.which_book"),), question=True)
    records = stage.results.records
    n = position(state, intent)
    if isinstance(n, Transition):
        return n
    if (
        isinstance(stage, ResultList)
        and number(intent, len(records)) is None
        and len(records) > 1
        and not stage.results.sure
    ):
        return Transition(state, (prompt(state, "searching.which_number"),), quiet=True)
    return records[n]


def records_at_hand(state: DialogueContext, intent: Intent) -> tuple[Record, ...] | Transition:
    """The same for several books at once: `ns` holds their numbers, separated by commas."""
    numbers = str(intent.slots.get("ns", "")).split(",")
    stage = state.stage
    if not all(number.isdecimal() for number in numbers) or not isinstance(stage, ResultList | RecordDetail):
        record = record_at_hand(state, intent)
        return record if isinstance(record, Transition) else (record,)
    records = stage.results.records
    if any(not 0 < int(number) <= len(records) for number in numbers):
        return no_such_number(state, len(records))
    return tuple(records[int(number) - 1] for number in numbers)


def number_of(state: DialogueContext, record_id: str) -> dict[str, SlotValue]:
    """The slot `n` that names a record of the results at hand; no slot when it is not among them."""
    stage = state.stage
    records = stage.results.records if isinstance(stage, ResultList | RecordDetail) else ()
    return next(({"n": n} for n, record in enumerate(records, 1) if record.id == record_id), {})
