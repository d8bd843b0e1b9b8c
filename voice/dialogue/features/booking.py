"""Getting a book: kept at a library, or brought home. Both end in a read-back; nothing is booked here."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from catalogue_client.values.accounts import Hold
from catalogue_client.values.shipments import Slot
from languages.date_parsing import Dates, ParsedDate
from voice.dialogue.commands import (
    Answer,
    AnyCommand,
    BookCollection,
    BookDelivery,
    CollectionSlots,
    DeliverySlots,
    FindPlace,
    PlaceHold,
    UsedHolds,
)
from voice.dialogue.context import DialogueContext
from voice.dialogue.entry import identify_first
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On
from voice.dialogue.lists import choice, next_page, previous_page, shown
from voice.dialogue.navigation import record_at_hand, records_at_hand, with_books
from voice.dialogue.no_match import not_understood
from voice.dialogue.phrasing import capitalised, local, prompt, titles, window
from voice.dialogue.states import Confirm, LoanDetail, RecordDetail, SlotList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def reserve(state: DialogueContext, intent: Intent) -> Transition:
    """Keep a copy for the reader, at the place said, else where one stands, else at a place the reader names."""
    state = with_books(state)
    record = record_at_hand(state, intent)
    if isinstance(record, Transition):
        return record
    if state.reader is None:
        return identify_first(state, intent)
    if record.reading_room_only:
        return Transition(state, (prompt(state, "error.refused_reading_room_only"),), question=True)
    place_id, name = str(intent.slots.get("place_id", "")), str(intent.slots.get("place_name", ""))
    if not place_id and intent.slots.get("place"):
        return Transition(state, ask=FindPlace(str(intent.slots["place"]), intent.text, intent))
    if not place_id:
        shelves = state.stage.shelves if isinstance(state.stage, RecordDetail) else record.available
        if not shelves:
            return Transition(state, ask=FindPlace("", then=intent))
        place_id, name = shelves[0].place_id, shelves[0].place
    ask = PlaceHold(state.reader.ticket, record.id, place_id)
    return Transition(state.go(Confirm(ask, (record.title,), name)))


def deliver(state: DialogueContext, intent: Intent) -> Transition:
    """Put one or several books into the parcel and ask for the windows."""
    state = with_books(state)
    wanted = records_at_hand(state, intent)
    if isinstance(wanted, Transition):
        return wanted
    if state.reader is None:
        return identify_first(state, intent)
    if any(record.reading_room_only for record in wanted):
        return Transition(state, (prompt(state, "error.refused_reading_room_only"),), question=True)
    if not state.reader.deliveries:
        return offer_hold(state, "error.refused_not_eligible")
    if not state.reader.has_address:
        return offer_hold(state, "error.refused_no_address")
    basket = tuple({record.id: record for record in (*state.basket, *wanted)}.values())
    ask = DeliverySlots(state.reader.ticket, tuple(record.id for record in basket))
    return Transition(replace(state, basket=basket), ask=ask)


def offer_hold(state: DialogueContext, reason: str) -> Transition:
    """No delivery, but the book can be kept at a library."""
    if isinstance(state.stage, RecordDetail):
        state = state.stay(replace(state.stage, offer=IntentName.RESERVE))
    return Transition(state, (prompt(state, reason),), question=True)


def return_pickup(state: DialogueContext, intent: Intent) -> Transition:
    """Have read books collected: the opened loan, or all of them."""
    assert state.reader
    stage = state.stage
    loans = (stage.items[stage.n].id,) if isinstance(stage, LoanDetail) else ()
    return Transition(state, ask=CollectionSlots(state.reader.ticket, loans))


def on_slots(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Offer the windows under numbers."""
    assert isinstance(answer, tuple)
    slots = tuple(slot for slot in answer if isinstance(slot, Slot))
    if not slots:
        return Transition(replace(state, basket=()), (prompt(state, "slots.none"),), question=True)
    if isinstance(ask, DeliverySlots):
        names = tuple(record.title for record in state.basket)
        stage = SlotList(slots, names, ask.record_ids, page=state.profile.windows)
    else:
        assert isinstance(ask, CollectionSlots)
        loan = state.stage
        names = (loan.items[loan.n].title,) if isinstance(loan, LoanDetail) and ask.loan_ids else ()
        stage = SlotList(slots, names, ask.loan_ids, collection=True, page=state.profile.windows)
    state = state.stay(stage) if isinstance(state.stage, SlotList) else state.go(stage)
    return (
        Transition(state, ask=UsedHolds(ask.ticket, ask.record_ids))
        if isinstance(ask, DeliverySlots)
        else Transition(state)
    )


def on_used_holds(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The windows are offered now: it is known which of the reader's holds the delivery uses up."""
    assert isinstance(ask, UsedHolds) and isinstance(answer, tuple)
    held = tuple(hold.title for hold in answer if isinstance(hold, Hold))
    if isinstance(state.stage, SlotList):
        state = state.stay(replace(state.stage, used_holds=held))
    return Transition(state)


def slots(state: DialogueContext) -> tuple[Line, ...]:
    """The windows, each with its number."""
    stage = state.stage
    assert isinstance(stage, SlotList)
    head = "slots.collection" if stage.collection else "slots.delivery"
    if stage.titles:
        first = prompt(state, head, titles=titles(state, stage.titles))
    else:
        first = prompt(state, "slots.collection_all")
    windows = {n: capitalised(window(state, stage.items[n])) for n in shown(stage)}
    offers = (replace(prompt(state, "option", text=windows[n], key=key), record=n) for key, n in enumerate(windows, 1))
    return (first, *offers)


def choose_slot(state: DialogueContext, intent: Intent) -> Transition:
    """The window by its number; a single one by yes."""
    stage = state.stage
    assert isinstance(stage, SlotList)
    n = choice(state, intent)
    if isinstance(n, Transition) or (n is None and len(stage.items) > 1):
        return n if isinstance(n, Transition) else Transition(state)
    return _chosen(state, n or 0)


def _chosen(state: DialogueContext, n: int) -> Transition:
    """Read the booking in this window (0-based) back."""
    stage = state.stage
    assert isinstance(stage, SlotList) and state.reader
    slot = stage.items[n]
    ask: AnyCommand
    if stage.collection:
        ask = BookCollection(state.reader.ticket, stage.ids, slot.id)
    else:
        ask = BookDelivery(state.reader.ticket, stage.ids, slot.id)
    return Transition(state.go(Confirm(ask, stage.titles, slot=slot, used_holds=stage.used_holds)))


def no_slot(state: DialogueContext, intent: Intent) -> Transition:
    """No window suits: nothing is booked."""
    return Transition(replace(state.leave(), basket=()), (prompt(state, "confirm.nothing_booked"),), question=True)


@cache
def dates() -> Dates:
    """The words for days and times."""
    return Dates.load()


def slot_when(state: DialogueContext, intent: Intent) -> Transition:
    """The one window that fits the day or time said. Several that fit, or those of that day or after it, are said."""
    stage = state.stage
    assert isinstance(stage, SlotList)
    # All that was said comes first: the slot may lack "after" or "without", and with them what was meant.
    readings = dates().readings(intent.text, state.now) or dates().readings(
        str(intent.slots.get("when", "")), state.now
    )
    possible = [said for said in readings if any(fits(state, slot, said) for slot in stage.items)]
    if not readings or len(possible) > 1:
        # Nothing was understood, or two things may be meant and both are offered: the reader says which.
        return Transition(state, (prompt(state, "slots.which_day"),))
    said = (possible or readings)[0]
    fitting = [n for n, slot in enumerate(stage.items) if fits(state, slot, said)]
    here = [n for n in fitting if n in shown(stage)]
    if len(fitting) == 1 or (said.day is None and len(here) == 1):
        # An hour without a day means the windows that were just said, if one of them holds it.
        return _chosen(state, fitting[0] if len(fitting) == 1 else here[0])
    if fitting:
        return Transition(state.stay(replace(stage, first=fitting[0])))
    days = [local(state, slot.starts).date() for slot in stage.items]
    nearest = next((n for n, day in enumerate(days) if said.day and day >= said.day), stage.first)
    return Transition(state.stay(replace(stage, first=nearest)), (prompt(state, "slots.not_offered"),))


def fits(state: DialogueContext, slot: Slot, said: ParsedDate) -> bool:
    """Whether a window is on that day and holds the moment; a stretch of time has to hold the window's beginning, or
    lie inside it: the afternoon is not a window that ends at one o'clock."""
    starts, ends = local(state, slot.starts), local(state, slot.ends)
    if said.day and not said.day <= starts.date() <= (said.last_day or said.day):
        return False
    if said.starts is None:
        return True
    if said.ends is None:
        return starts.time() <= said.starts < ends.time()
    begins_in = said.starts <= starts.time() < said.ends
    return begins_in or (starts.time() <= said.starts and said.ends <= ends.time())


def searched(state: DialogueContext, intent: Intent) -> Transition | None:
    """A book can be looked for and added; words that nobody called a book are no reason to leave the windows."""
    if intent.bare or intent.name == IntentName.WORDS:
        return not_understood(state)
    return None


NO_DELIVERY = frozenset({"refused_not_eligible", "refused_no_address", "refused_outside_city"})
"""Reasons why this reader gets no delivery at all: keeping the book at a library is offered instead."""


def used_holds_unknown(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """The windows are offered without the holds."""
    return on_used_holds(state, event.ask, ())


def delivery_refused(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """A window that somebody else took leads to those that are left; any other reason ends the parcel."""
    assert isinstance(event.ask, BookDelivery)
    if event.prompt == "refused_slot_taken":
        return Transition(state, (sentence,), ask=DeliverySlots(event.ask.ticket, event.ask.record_ids))
    return Transition(replace(state, basket=()), (sentence,), question=True)


def collection_refused(state: DialogueContext, event: Failed, sentence: Line) -> Transition | None:
    """A window that somebody else took leads to those that are left."""
    assert isinstance(event.ask, BookCollection)
    if event.prompt == "refused_slot_taken":
        return Transition(state, (sentence,), ask=CollectionSlots(event.ask.ticket, event.ask.loan_ids))
    return None


def no_windows(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """Who gets no delivery at all is offered a hold."""
    state = replace(state, basket=())
    if event.prompt in NO_DELIVERY:
        return offer_hold(state, f"error.{event.prompt}")
    return Transition(state, (sentence,), question=True)


def no_collection(state: DialogueContext, event: Failed, sentence: Line) -> Transition | None:
    """Who may have nothing collected hears where books can be returned."""
    if event.prompt in NO_DELIVERY:
        return Transition(state, (sentence, prompt(state, "slots.return_anywhere")), question=True)
    return None


FEATURE = Feature(
    states={
        SlotList: {
            IntentName.NEXT: next_page,
            IntentName.PREVIOUS: previous_page,
            IntentName.SELECT: choose_slot,
            IntentName.WHEN: slot_when,
            IntentName.LATER: next_page,
            IntentName.SEARCH: searched,
            IntentName.DIGITS: choose_slot,
            IntentName.YES: choose_slot,
            IntentName.NO: no_slot,
        }
    },
    anywhere={
        IntentName.RESERVE: reserve,
        IntentName.DELIVER: deliver,
        IntentName.RETURN_PICKUP: On(return_pickup, needs_reader=True),
    },
    content={SlotList: slots},
    answers={DeliverySlots: on_slots, CollectionSlots: on_slots, UsedHolds: on_used_holds},
    failures={
        UsedHolds: used_holds_unknown,
        BookDelivery: delivery_refused,
        BookCollection: collection_refused,
        DeliverySlots: no_windows,
        CollectionSlots: no_collection,
    },
)
