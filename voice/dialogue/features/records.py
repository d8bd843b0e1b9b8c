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


def open_record(context: DialogueContext, intent: Intent) -> Transition:
    """Everything about one result; without a number the one at hand."""
    n = position(context, intent)
    return n if isinstance(n, Transition) else opened(context, n)


def opened(context: DialogueContext, n: int) -> Transition:
    """Go to the record at position `n`, 0-based, and ask where it stands now."""
    state = context.stage
    assert isinstance(state, ResultList | RecordDetail)
    record = state.results.records[n]
    offer = offer_for(context, record)
    read = 0 if context.brief else SENTENCES_AT_ONCE
    place = RecordDetail(state.results, n, record.available, offer, read)
    moved = context.stay(place) if isinstance(state, RecordDetail) else context.go(place)
    return Transition(moved, ask=FindHoldings(record.id, context.profile.place_id))


def offer_for(context: DialogueContext, record: Record) -> str:
    """What can be done with a book for this reader."""
    if record.reading_room_only:
        return "none"
    return IntentName.RESERVE if context.reader and not context.reader.deliveries else IntentName.DELIVER


def on_shelves(context: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Where the opened record stands now."""
    state = context.stage
    assert isinstance(ask, FindHoldings) and isinstance(answer, tuple)
    if isinstance(state, RecordDetail) and state.record.id == ask.record_id:
        shelves = tuple(shelf for shelf in answer if isinstance(shelf, Availability))
        context = context.stay(state := replace(state, shelves=shelves))
        if ask.near in (None, context.profile.place_id):
            return Transition(context)
        there = bool(shelves) and shelves[0].place_id == ask.near
        names = [place.name(context.language) for place in context.profile.places if place.id == ask.near]
        absent = [prompt(context, "record.not_there", place=capitalised(name)) for name in names if not there]
        return Transition(
            context, tuple(replace(line, record=state.n) for line in absent + standing(context, state)), question=True
        )
    return Transition(context)


def shelves_unknown(context: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """The library does not answer: what the search knew is said, and that it may have changed."""
    state = context.stage
    if isinstance(state, RecordDetail) and not state.record.standing_known:
        return Transition(context)  # the record itself says that nothing is known
    return Transition(context, (prompt(context, "record.shelves_unknown"),))


def next_record(context: DialogueContext, intent: Intent) -> Transition:
    """Open the record after this one."""
    state = context.stage
    assert isinstance(state, RecordDetail)
    if state.n + 1 >= len(state.results.records):
        return Transition(context, (prompt(context, "list.no_more"),), question=True)
    return opened(context, state.n + 1)


def previous_record(context: DialogueContext, intent: Intent) -> Transition:
    """Open the record before this one."""
    state = context.stage
    assert isinstance(state, RecordDetail)
    if state.n == 0:
        return Transition(context, (prompt(context, "list.no_previous"),), question=True)
    return opened(context, state.n - 1)


def more(context: DialogueContext, intent: Intent) -> Transition:
    """In an opened record "more" reads on; with another number it opens that one."""
    state = context.stage
    assert isinstance(state, RecordDetail)
    if number(intent, len(state.results.records)) in (None, state.n):
        return read_on(context, intent)
    return open_record(context, intent)


def read_on(context: DialogueContext, intent: Intent) -> Transition:
    """The annotation, a few sentences at a time."""
    state = context.stage
    if isinstance(state, ResultList):
        return open_record(context, intent)
    assert isinstance(state, RecordDetail)
    parts = sentences(state.record)
    if not parts:
        return Transition(context, (prompt(context, "record.no_annotation"),), question=True)
    start = state.read
    if start >= len(parts):
        return Transition(
            context.stay(replace(state, read=0)), (prompt(context, "record.annotation_end"),), question=True
        )
    text = " ".join(parts[start : start + SENTENCES_AT_ONCE])
    line = Line((Span(text, state.record.language),), record=state.n)
    return Transition(context.stay(replace(state, read=start + SENTENCES_AT_ONCE)), (line,), question=True)


def availability(context: DialogueContext, intent: Intent) -> Transition:
    """Where copies stand; with a place, whether one stands there, and the nearest to it."""
    state = context.stage
    if isinstance(state, ResultList) or number(intent, 10**6) is not None:
        return open_record(context, intent)
    assert isinstance(state, RecordDetail)
    if place := intent.slots.get("place"):
        return Transition(context, ask=FindPlace(str(place), intent.text, intent))
    return Transition(context, tuple(replace(line, record=state.n) for line in standing(context, state)), question=True)


def accept(context: DialogueContext, intent: Intent) -> Transition:
    """Yes to a result opens it; yes to an opened record takes the offer."""
    state = context.stage
    if isinstance(state, ResultList):
        return opened(context, state.first)
    assert isinstance(state, RecordDetail)
    if state.offer == "none":
        return next_record(context, intent)
    return Transition(context, then=Intent(state.offer, {}, context.language))


def decline(context: DialogueContext, intent: Intent) -> Transition:
    """No to delivery offers a hold; no to that returns to the list."""
    state = context.stage
    assert isinstance(state, RecordDetail)
    if state.offer == IntentName.DELIVER:
        return Transition(context.stay(replace(state, offer=IntentName.RESERVE)), question=True)
    return Transition(context.leave())


def decline_page(context: DialogueContext, intent: Intent) -> Transition:
    """No to the only result begins a new search; to a sure one shows the others; to a list goes on."""
    state = context.stage
    assert isinstance(state, ResultList)
    if len(state.items) == 1:
        return Transition(replace(context, stage=Start(), trail=()), question=True)
    return next_results(context, intent)


def next_results(context: DialogueContext, intent: Intent) -> Transition:
    """The next three; after a sure one, of which only the first was said, all of them."""
    state = context.stage
    assert isinstance(state, ResultList)
    if state.results.sure and len(state.items) > 1:
        wider = Results(state.results.records, state.results.total, as_of=state.results.as_of)
        return Transition(context.stay(ResultList(wider)))
    return next_page(context, intent)


ABOUT_A_BOOK = frozenset({IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON})
"""Intents about a book of the last results; they are understood after a booking too, where no book is on the table."""


def of_last_results(context: DialogueContext, intent: Intent) -> Transition:
    """Go back to the last results, when the reader came from them; else ask which book is meant."""
    books = with_books(context) if context.stage.kept else context
    if books is not context:
        return Transition(books, then=intent)
    if intent.name == IntentName.AVAILABILITY and intent.slots.get("place"):
        place = {"place": intent.slots["place"]}
        return Transition(context, then=Intent(IntentName.SEARCH, place, intent.language, intent.text))
    if isinstance(context.stage, Start | Booked):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    return not_here(context)


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
