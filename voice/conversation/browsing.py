"""Moving about in results: open one, go on to the next, hear where it stands and what it is about."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.records import Record, Results, Shelf
from voice.conversation.asks import Ask, FindPlace, Holdings
from voice.conversation.describing import SENTENCES_AT_ONCE, sentences, standing
from voice.conversation.events import Answer
from voice.conversation.lines import Line, Span
from voice.conversation.move import Move
from voice.conversation.paging import next_page, no_such_number, number, position
from voice.conversation.stages import (
    Booked,
    Confirm,
    Found,
    Languages,
    Menu,
    Number,
    OpenedRecord,
    Places,
    Slots,
    Start,
)
from voice.conversation.state import State
from voice.conversation.telling import capitalised, tell
from voice.understanding.intent import Intent, SlotValue

WITH_BOOKS = (Found, OpenedRecord)


def open_record(state: State, intent: Intent) -> Move:
    """Everything about one result; without a number the one at hand."""
    n = position(state, intent)
    return n if isinstance(n, Move) else opened(state, n)


def opened(state: State, n: int) -> Move:
    stage = state.stage
    assert isinstance(stage, Found | OpenedRecord)
    record = stage.results.records[n]
    offer = offer_for(state, record)
    read = 0 if state.brief else SENTENCES_AT_ONCE
    place = OpenedRecord(stage.results, n, record.available, offer, read)
    moved = state.stay(place) if isinstance(stage, OpenedRecord) else state.go(place)
    return Move(moved, ask=Holdings(record.id, state.profile.place_id))


def offer_for(state: State, record: Record) -> str:
    """What can be done with a book for this reader."""
    if record.reading_room_only:
        return "none"
    return "reserve" if state.reader and not state.reader.deliveries else "deliver"


def shelves_came(state: State, ask: Ask, answer: Answer) -> Move:
    """Where the opened record stands now."""
    stage = state.stage
    assert isinstance(ask, Holdings) and isinstance(answer, tuple)
    if isinstance(stage, OpenedRecord) and stage.record.id == ask.record_id:
        shelves = tuple(shelf for shelf in answer if isinstance(shelf, Shelf))
        state = state.stay(stage := replace(stage, shelves=shelves))
        if ask.near in (None, state.profile.place_id):
            return Move(state)
        there = bool(shelves) and shelves[0].place_id == ask.near
        names = [place.name(state.language) for place in state.profile.places if place.id == ask.near]
        absent = [tell(state, "record.not_there", place=capitalised(one)) for one in names if not there]
        return Move(
            state, tuple(replace(line, record=stage.n) for line in absent + standing(state, stage)), question=True
        )
    return Move(state)


def shelves_unknown(state: State) -> Move:
    """The library does not answer: what the search knew is said, and that it may have changed."""
    stage = state.stage
    if isinstance(stage, OpenedRecord) and not stage.record.standing_known:
        return Move(state)  # the record itself says that nothing is known
    return Move(state, (tell(state, "record.shelves_unknown"),))


def next_record(state: State, intent: Intent) -> Move:
    stage = state.stage
    assert isinstance(stage, OpenedRecord)
    if stage.n + 1 >= len(stage.results.records):
        return Move(state, (tell(state, "list.no_more"),), question=True)
    return opened(state, stage.n + 1)


def previous_record(state: State, intent: Intent) -> Move:
    stage = state.stage
    assert isinstance(stage, OpenedRecord)
    if stage.n == 0:
        return Move(state, (tell(state, "list.no_previous"),), question=True)
    return opened(state, stage.n - 1)


def more(state: State, intent: Intent) -> Move:
    """In an opened record "more" reads on; with another number it opens that one."""
    stage = state.stage
    assert isinstance(stage, OpenedRecord)
    if number(intent, len(stage.results.records)) in (None, stage.n):
        return read_on(state, intent)
    return open_record(state, intent)


def read_on(state: State, intent: Intent) -> Move:
    """The annotation, a few sentences at a time."""
    stage = state.stage
    if isinstance(stage, Found):
        return open_record(state, intent)
    assert isinstance(stage, OpenedRecord)
    parts = sentences(stage.record)
    if not parts:
        return Move(state, (tell(state, "record.no_annotation"),), question=True)
    start = stage.read
    if start >= len(parts):
        return Move(state.stay(replace(stage, read=0)), (tell(state, "record.annotation_end"),), question=True)
    text = " ".join(parts[start : start + SENTENCES_AT_ONCE])
    line = Line((Span(text, stage.record.language),), record=stage.n)
    return Move(state.stay(replace(stage, read=start + SENTENCES_AT_ONCE)), (line,), question=True)


def availability(state: State, intent: Intent) -> Move:
    """Where copies stand; with a place, whether one stands there, and the nearest to it."""
    stage = state.stage
    if isinstance(stage, Found) or number(intent, 10**6) is not None:
        return open_record(state, intent)
    assert isinstance(stage, OpenedRecord)
    if place := intent.slots.get("place"):
        return Move(replace(state, waiting=intent), ask=FindPlace(str(place), intent.text))
    return Move(state, tuple(replace(line, record=stage.n) for line in standing(state, stage)), question=True)


def accept(state: State, intent: Intent) -> Move:
    """Yes to a result opens it; yes to an opened record takes the offer."""
    stage = state.stage
    if isinstance(stage, Found):
        return opened(state, stage.first)
    assert isinstance(stage, OpenedRecord)
    if stage.offer == "none":
        return next_record(state, intent)
    return Move(state, then=Intent(stage.offer, {}, state.language))


def decline(state: State, intent: Intent) -> Move:
    """No to delivery offers a hold; no to that returns to the list."""
    stage = state.stage
    assert isinstance(stage, OpenedRecord)
    if stage.offer == "deliver":
        return Move(state.stay(replace(stage, offer="reserve")), question=True)
    return Move(state.leave())


def decline_page(state: State, intent: Intent) -> Move:
    """No to the only result begins a new search; to a sure one shows the others; to a list goes on."""
    stage = state.stage
    assert isinstance(stage, Found)
    if len(stage.items) == 1:
        return Move(replace(state, stage=Start(), trail=()), question=True)
    return next_results(state, intent)


def next_results(state: State, intent: Intent) -> Move:
    """The next three; after a sure one, of which only the first was said, all of them."""
    stage = state.stage
    assert isinstance(stage, Found)
    if stage.results.sure and len(stage.items) > 1:
        wider = Results(stage.results.records, stage.results.total, as_of=stage.results.as_of)
        return Move(state.stay(Found(wider)))
    return next_page(state, intent)


WITHOUT_BOOKS = (Booked, Number, Places, Menu, Languages, Slots, Confirm)
"""Where no book is on the table: the results that the reader came from still are what "the second one" means."""


def with_books(state: State) -> State:
    """The last results, when the reader came here from them; else the same state."""
    for at in range(len(state.trail) - 1, -1, -1):
        if not isinstance(state.stage, WITHOUT_BOOKS) or not isinstance(state.trail[at], (*WITHOUT_BOOKS, *WITH_BOOKS)):
            return state
        if isinstance(state.trail[at], WITH_BOOKS):
            return replace(state, stage=state.trail[at], trail=state.trail[:at])
    return state


def record_at_hand(state: State, intent: Intent) -> Record | Move:
    """The book that a wish is about: by number, the opened one, or the only one; otherwise ask which."""
    stage = state.stage
    if not isinstance(stage, Found | OpenedRecord):
        return Move(state, (tell(state, "searching.which_book"),), question=True)
    records = stage.results.records
    n = position(state, intent)
    if isinstance(n, Move):
        return n
    if (
        isinstance(stage, Found)
        and number(intent, len(records)) is None
        and len(records) > 1
        and not stage.results.sure
    ):
        return Move(state, (tell(state, "searching.which_number"),), quiet=True)
    return records[n]


def records_at_hand(state: State, intent: Intent) -> tuple[Record, ...] | Move:
    """The same for several books at once: `ns` holds their numbers, separated by commas."""
    numbers = str(intent.slots.get("ns", "")).split(",")
    stage = state.stage
    if not all(number.isdecimal() for number in numbers) or not isinstance(stage, Found | OpenedRecord):
        record = record_at_hand(state, intent)
        return record if isinstance(record, Move) else (record,)
    records = stage.results.records
    if any(not 0 < int(number) <= len(records) for number in numbers):
        return no_such_number(state, len(records))
    return tuple(records[int(number) - 1] for number in numbers)


def number_of(state: State, record_id: str) -> dict[str, SlotValue]:
    """The slot `n` that names a record of the results at hand; no slot when it is not among them."""
    stage = state.stage
    records = stage.results.records if isinstance(stage, Found | OpenedRecord) else ()
    return next(({"n": n} for n, record in enumerate(records, 1) if record.id == record_id), {})
