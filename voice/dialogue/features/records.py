"""Moving about in results: open one, go on to the next, hear where it stands and what it is about."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Availability, Record
from voice.dialogue import record_phrasing
from voice.dialogue.commands import FindHoldings, FindPlace
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, Handlers, answer_to, each, failure_of, for_state
from voice.dialogue.lists import next_page, number, position, previous_page
from voice.dialogue.navigation import begin_number, with_books
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
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line, Span


def open_record(context: DialogueContext, state: ResultList | RecordDetail, intent: Intent) -> Transition:
    """Everything about one result; without a number the one at hand."""
    n = position(context, state, intent)
    return n if isinstance(n, Transition) else opened(context, state, n)


def opened(context: DialogueContext, state: ResultList | RecordDetail, n: int) -> Transition:
    """Go to the record at position `n`, 0-based, and ask where it stands now."""
    record = state.items[n]
    offer = offer_for(context, record)
    read = 0 if context.brief else SENTENCES_AT_ONCE
    place = RecordDetail(state.items, n, state.total, state.sure, record.available, offer, read)
    moved = context.stay(place) if isinstance(state, RecordDetail) else context.go(place)
    return Transition(moved, command=FindHoldings(record.id, context.profile.place_id))


def offer_for(context: DialogueContext, record: Record) -> str:
    """What can be done with a book for this reader."""
    if record.reading_room_only:
        return "none"
    return IntentName.RESERVE if context.reader and not context.reader.deliveries else IntentName.DELIVER


def on_shelves(context: DialogueContext, command: FindHoldings, shelves: tuple[Availability, ...]) -> Transition:
    """Where the opened record stands now."""
    state = context.state
    if isinstance(state, RecordDetail) and state.item.id == command.record_id:
        context = context.stay(state := replace(state, shelves=shelves))
        if command.near in (None, context.profile.place_id):
            return Transition(context)
        there = bool(shelves) and shelves[0].place_id == command.near
        names = [place.name(context.language) for place in context.profile.places if place.id == command.near]
        absent = [prompt(context, "record.not_there", place=capitalised(name)) for name in names if not there]
        return Transition(
            context, tuple(replace(line, record=state.n) for line in absent + standing(context, state)), question=True
        )
    return Transition(context)


def shelves_unknown(context: DialogueContext, command: FindHoldings, event: Failed, sentence: Line) -> Transition:
    """The library does not answer: what the search knew is said, and that it may have changed."""
    state = context.state
    if isinstance(state, RecordDetail) and not state.item.standing_known:
        return Transition(context)  # the record itself says that nothing is known
    return Transition(context, (prompt(context, "record.shelves_unknown"),))


def next_record(context: DialogueContext, state: RecordDetail, intent: Intent) -> Transition:
    """Open the record after this one."""
    if state.n + 1 >= len(state.items):
        return Transition(context, (prompt(context, "list.no_more"),), question=True)
    return opened(context, state, state.n + 1)


def previous_record(context: DialogueContext, state: RecordDetail, intent: Intent) -> Transition:
    """Open the record before this one."""
    if state.n == 0:
        return Transition(context, (prompt(context, "list.no_previous"),), question=True)
    return opened(context, state, state.n - 1)


def more(context: DialogueContext, state: RecordDetail, intent: Intent) -> Transition:
    """In an opened record "more" reads on; with another number it opens that one."""
    if number(intent, len(state.items)) in (None, state.n):
        return read_on(context, state, intent)
    return open_record(context, state, intent)


def read_on(context: DialogueContext, state: ResultList | RecordDetail, intent: Intent) -> Transition:
    """The annotation, a few sentences at a time."""
    if isinstance(state, ResultList):
        return open_record(context, state, intent)
    parts = sentences(state.item)
    if not parts:
        return Transition(context, (prompt(context, "record.no_annotation"),), question=True)
    start = state.read
    if start >= len(parts):
        return Transition(
            context.stay(replace(state, read=0)), (prompt(context, "record.annotation_end"),), question=True
        )
    text = " ".join(parts[start : start + SENTENCES_AT_ONCE])
    line = Line((Span(text, state.item.language),), record=state.n)
    return Transition(context.stay(replace(state, read=start + SENTENCES_AT_ONCE)), (line,), question=True)


def availability(context: DialogueContext, state: ResultList | RecordDetail, intent: Intent) -> Transition:
    """Where copies stand; with a place, whether one stands there, and the nearest to it."""
    if isinstance(state, ResultList) or number(intent, 10**6) is not None:
        return open_record(context, state, intent)
    if place := intent.slots.get("place"):
        return Transition(context, command=FindPlace(str(place), intent.text, intent))
    return Transition(context, tuple(replace(line, record=state.n) for line in standing(context, state)), question=True)


def accept(context: DialogueContext, state: ResultList | RecordDetail, intent: Intent) -> Transition:
    """Yes to a result opens it; yes to an opened record takes the offer."""
    if isinstance(state, ResultList):
        return opened(context, state, state.first)
    if state.offer == "none":
        return next_record(context, state, intent)
    return Transition(context, then=Intent(state.offer, {}, context.language))


def decline(context: DialogueContext, state: RecordDetail, intent: Intent) -> Transition:
    """No to delivery offers a hold; no to that returns to the list."""
    if state.offer == IntentName.DELIVER:
        return Transition(context.stay(replace(state, offer=IntentName.RESERVE)), question=True)
    return Transition(context.leave())


def decline_page(context: DialogueContext, state: ResultList, intent: Intent) -> Transition:
    """No to the only result begins a new search; to a sure one shows the others; to a list goes on."""
    if len(state.items) == 1:
        return Transition(replace(context, state=Start(), trail=()), question=True)
    return next_results(context, state, intent)


def next_results(context: DialogueContext, state: ResultList, intent: Intent) -> Transition:
    """The next three; after a sure one, of which only the first was said, all of them."""
    if state.sure and len(state.items) > 1:
        return Transition(context.stay(replace(state, sure=False, first=0)))
    return next_page(context, state, intent)


ABOUT_A_BOOK = frozenset({IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON})
"""Intents about a book of the last results; they are understood after a booking too, where no book is on the table."""


def of_last_results(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Go back to the last results, when the reader came from them; else ask which book is meant."""
    books = with_books(context) if state.kept else context
    if books is not context:
        return Transition(books, then=intent)
    if intent.name == IntentName.AVAILABILITY and intent.slots.get("place"):
        place = {"place": intent.slots["place"]}
        return Transition(context, then=Intent(IntentName.SEARCH, place, intent.language, intent.text))
    if isinstance(state, Start | Booked):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    return not_here(context)


OF_RECORDS: Handlers[ResultList | RecordDetail] = {
    IntentName.SELECT: open_record,
    IntentName.DIGITS: open_record,
    IntentName.READ_ON: read_on,
    IntentName.AVAILABILITY: availability,
    IntentName.YES: accept,
    IntentName.NUMBER: begin_number,
}

FEATURE = Feature(
    states=(
        for_state(
            ResultList,
            {
                **OF_RECORDS,
                IntentName.NEXT: next_results,
                IntentName.PREVIOUS: previous_page,
                IntentName.MORE: open_record,
                IntentName.NO: decline_page,
            },
        ),
        for_state(
            RecordDetail,
            {
                **OF_RECORDS,
                IntentName.NEXT: next_record,
                IntentName.PREVIOUS: previous_record,
                IntentName.MORE: more,
                IntentName.NO: decline,
            },
            content=record_phrasing.opened,
        ),
    ),
    anywhere=dict.fromkeys(sorted(ABOUT_A_BOOK), of_last_results),
    answers=(answer_to(FindHoldings, each(Availability), on_shelves),),
    failures=(failure_of(FindHoldings, shelves_unknown),),
    costs={
        **dict.fromkeys(
            (
                IntentName.READ_ON,
                IntentName.AVAILABILITY,
            ),
            Cost.HARMLESS,
        ),
    },
)
