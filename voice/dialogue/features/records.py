"""Moving about in results: open one, go on to the next, hear where it stands and what it is about."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Availability, Record, Results
from voice.dialogue import record_phrasing
from voice.dialogue.commands import Answer, AnyCommand, FindHoldings, FindPlace
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, Handlers
from voice.dialogue.lists import next_page, number, position, previous_page
from voice.dialogue.navigation import with_books
from voice.dialogue.no_match import not_here
from voice.dialogue.phrasing import capitalised, prompt
from voice.dialogue.record_phrasing import SENTENCES_AT_ONCE, sentences, standing
from voice.dialogue.states import (
    Booked,
    RecordDetail,
    ResultList,
    Start,
)
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line, Span


def open_record(state: DialogueContext, intent: Intent) -> Transition:
    """Everything about one result; without a number the one at hand."""
    n = position(state, intent)
    return n if isinstance(n, Transition) else opened(state, n)


def opened(state: DialogueContext, n: int) -> Transition:
    """Go to the record at position `n`, 0-based, and ask where it stands now."""
    stage = state.stage
    assert isinstance(stage, ResultList | RecordDetail)
    record = stage.results.records[n]
    offer = offer_for(state, record)
    read = 0 if state.brief else SENTENCES_AT_ONCE
    place = RecordDetail(stage.results, n, record.available, offer, read)
    moved = state.stay(place) if isinstance(stage, RecordDetail) else state.go(place)
    return Transition(moved, ask=FindHoldings(record.id, state.profile.place_id))


def offer_for(state: DialogueContext, record: Record) -> str:
    """What can be done with a book for this reader."""
    if record.reading_room_only:
        return "none"
    return IntentName.RESERVE if state.reader and not state.reader.deliveries else IntentName.DELIVER


def on_shelves(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Where the opened record stands now."""
    stage = state.stage
    assert isinstance(ask, FindHoldings) and isinstance(answer, tuple)
    if isinstance(stage, RecordDetail) and stage.record.id == ask.record_id:
        shelves = tuple(shelf for shelf in answer if isinstance(shelf, Availability))
        state = state.stay(stage := replace(stage, shelves=shelves))
        if ask.near in (None, state.profile.place_id):
            return Transition(state)
        there = bool(shelves) and shelves[0].place_id == ask.near
        names = [place.name(state.language) for place in state.profile.places if place.id == ask.near]
        absent = [prompt(state, "record.not_there", place=capitalised(name)) for name in names if not there]
        return Transition(
            state, tuple(replace(line, record=stage.n) for line in absent + standing(state, stage)), question=True
        )
    return Transition(state)


def shelves_unknown(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """The library does not answer: what the search knew is said, and that it may have changed."""
    stage = state.stage
    if isinstance(stage, RecordDetail) and not stage.record.standing_known:
        return Transition(state)  # the record itself says that nothing is known
    return Transition(state, (prompt(state, "record.shelves_unknown"),))


def next_record(state: DialogueContext, intent: Intent) -> Transition:
    """Open the record after this one."""
    stage = state.stage
    assert isinstance(stage, RecordDetail)
    if stage.n + 1 >= len(stage.results.records):
        return Transition(state, (prompt(state, "list.no_more"),), question=True)
    return opened(state, stage.n + 1)


def previous_record(state: DialogueContext, intent: Intent) -> Transition:
    """Open the record before this one."""
    stage = state.stage
    assert isinstance(stage, RecordDetail)
    if stage.n == 0:
        return Transition(state, (prompt(state, "list.no_previous"),), question=True)
    return opened(state, stage.n - 1)


def more(state: DialogueContext, intent: Intent) -> Transition:
    """In an opened record "more" reads on; with another number it opens that one."""
    stage = state.stage
    assert isinstance(stage, RecordDetail)
    if number(intent, len(stage.results.records)) in (None, stage.n):
        return read_on(state, intent)
    return open_record(state, intent)


def read_on(state: DialogueContext, intent: Intent) -> Transition:
    """The annotation, a few sentences at a time."""
    stage = state.stage
    if isinstance(stage, ResultList):
        return open_record(state, intent)
    assert isinstance(stage, RecordDetail)
    parts = sentences(stage.record)
    if not parts:
        return Transition(state, (prompt(state, "record.no_annotation"),), question=True)
    start = stage.read
    if start >= len(parts):
        return Transition(state.stay(replace(stage, read=0)), (prompt(state, "record.annotation_end"),), question=True)
    text = " ".join(parts[start : start + SENTENCES_AT_ONCE])
    line = Line((Span(text, stage.record.language),), record=stage.n)
    return Transition(state.stay(replace(stage, read=start + SENTENCES_AT_ONCE)), (line,), question=True)


def availability(state: DialogueContext, intent: Intent) -> Transition:
    """Where copies stand; with a place, whether one stands there, and the nearest to it."""
    stage = state.stage
    if isinstance(stage, ResultList) or number(intent, 10**6) is not None:
        return open_record(state, intent)
    assert isinstance(stage, RecordDetail)
    if place := intent.slots.get("place"):
        return Transition(state, ask=FindPlace(str(place), intent.text, intent))
    return Transition(state, tuple(replace(line, record=stage.n) for line in standing(state, stage)), question=True)


def accept(state: DialogueContext, intent: Intent) -> Transition:
    """Yes to a result opens it; yes to an opened record takes the offer."""
    stage = state.stage
    if isinstance(stage, ResultList):
        return opened(state, stage.first)
    assert isinstance(stage, RecordDetail)
    if stage.offer == "none":
        return next_record(state, intent)
    return Transition(state, then=Intent(stage.offer, {}, state.language))


def decline(state: DialogueContext, intent: Intent) -> Transition:
    """No to delivery offers a hold; no to that returns to the list."""
    stage = state.stage
    assert isinstance(stage, RecordDetail)
    if stage.offer == IntentName.DELIVER:
        return Transition(state.stay(replace(stage, offer=IntentName.RESERVE)), question=True)
    return Transition(state.leave())


def decline_page(state: DialogueContext, intent: Intent) -> Transition:
    """No to the only result begins a new search; to a sure one shows the others; to a list goes on."""
    stage = state.stage
    assert isinstance(stage, ResultList)
    if len(stage.items) == 1:
        return Transition(replace(state, stage=Start(), trail=()), question=True)
    return next_results(state, intent)


def next_results(state: DialogueContext, intent: Intent) -> Transition:
    """The next three; after a sure one, of which only the first was said, all of them."""
    stage = state.stage
    assert isinstance(stage, ResultList)
    if stage.results.sure and len(stage.items) > 1:
        wider = Results(stage.results.records, stage.results.total, as_of=stage.results.as_of)
        return Transition(state.stay(ResultList(wider)))
    return next_page(state, intent)


ABOUT_A_BOOK = frozenset({IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON})
"""Intents about a book of the last results; they are understood after a booking too, where no book is on the table."""


def of_last_results(state: DialogueContext, intent: Intent) -> Transition:
    """Go back to the last results, when the reader came from them; else ask which book is meant."""
    books = with_books(state) if state.stage.kept else state
    if books is not state:
        return Transition(books, then=intent)
    if intent.name == IntentName.AVAILABILITY and intent.slots.get("place"):
        place = {"place": intent.slots["place"]}
        return Transition(state, then=Intent(IntentName.SEARCH, place, intent.language, intent.text))
    if isinstance(state.stage, Start | Booked):
        return Transition(state, (prompt(state, "searching.which_book"),), question=True)
    return not_here(state)


OF_RECORDS: Handlers = {
    IntentName.SELECT: open_record,
    IntentName.DIGITS: open_record,
    IntentName.READ_ON: read_on,
    IntentName.AVAILABILITY: availability,
    IntentName.YES: accept,
}

FEATURE = Feature(
    states={
        ResultList: {
            **OF_RECORDS,
            IntentName.NEXT: next_results,
            IntentName.PREVIOUS: previous_page,
            IntentName.MORE: open_record,
            IntentName.NO: decline_page,
        },
        RecordDetail: {
            **OF_RECORDS,
            IntentName.NEXT: next_record,
            IntentName.PREVIOUS: previous_record,
            IntentName.MORE: more,
            IntentName.NO: decline,
        },
    },
    anywhere=dict.fromkeys(sorted(ABOUT_A_BOOK), of_last_results),
    content={RecordDetail: record_phrasing.opened},
    answers={FindHoldings: on_shelves},
    failures={FindHoldings: shelves_unknown},
)
