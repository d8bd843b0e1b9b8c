"""Getting a book: kept at a library, or brought home. Both end in a read-back; nothing is booked here."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Hold
from catalogue_client.values.shipments import Slot
from languages.date_parsing import ParsedDate
from voice.dialogue.commands import (
    BookCollection,
    BookDelivery,
    CollectionSlots,
    DeliverySlots,
    FindPlace,
    PlaceHold,
    UsedHolds,
)
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.entry import identify_first
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On, answer_to, each, failure_of, for_state
from voice.dialogue.library_facts.opening_times import dates
from voice.dialogue.lists import choice, next_page, previous_page, shown
from voice.dialogue.navigation import record_at_hand, records_at_hand, with_books
from voice.dialogue.no_match import not_understood
from voice.dialogue.phrasing import capitalised, local, prompt, titles, window
from voice.dialogue.states import Confirm, LoanDetail, RecordDetail, SlotList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def reserve(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Keep a copy for the reader, at the place said, else where one stands, else at a place the reader names."""
    context = with_books(context)
    record = record_at_hand(context, intent)
    if isinstance(record, Transition):
        return record
    if context.reader is None:
        return identify_first(context, intent)
    if record.reading_room_only:
        return Transition(context, (prompt(context, "error.refused_reading_room_only"),), question=True)
    place_id, name = str(intent.slots.get("place_id", "")), str(intent.slots.get("place_name", ""))
    if not place_id and intent.slots.get("place"):
        return Transition(context, command=FindPlace(str(intent.slots["place"]), intent.text, intent))
    if not place_id:
        shelves = context.state.shelves if isinstance(context.state, RecordDetail) else record.available
        if not shelves:
            return Transition(context, command=FindPlace("", then=intent))
        place_id, name = shelves[0].place_id, shelves[0].place
    command = PlaceHold(context.reader.ticket, record.id, place_id)
    return Transition(context.go(Confirm(command, (record.title,), name)))


def deliver(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Put one or several books into the parcel and ask for the windows."""
    context = with_books(context)
    wanted = records_at_hand(context, intent)
    if isinstance(wanted, Transition):
        return wanted
    if context.reader is None:
        return identify_first(context, intent)
    if any(record.reading_room_only for record in wanted):
        return Transition(context, (prompt(context, "error.refused_reading_room_only"),), question=True)
    if not context.reader.deliveries:
        return offer_hold(context, "error.refused_not_eligible")
    if not context.reader.has_address:
        return offer_hold(context, "error.refused_no_address")
    basket = tuple({record.id: record for record in (*context.basket, *wanted)}.values())
    command = DeliverySlots(context.reader.ticket, tuple(record.id for record in basket))
    return Transition(replace(context, basket=basket), command=command)


def offer_hold(context: DialogueContext, reason: str) -> Transition:
    """No delivery, but the book can be kept at a library."""
    if isinstance(context.state, RecordDetail):
        context = context.stay(replace(context.state, offer=IntentName.RESERVE))
    return Transition(context, (prompt(context, reason),), question=True)


def return_pickup(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Have read books collected: the opened loan, or all of them."""
    assert context.reader
    loans = (state.items[state.n].id,) if isinstance(state, LoanDetail) else ()
    return Transition(context, command=CollectionSlots(context.reader.ticket, loans))


def on_delivery_slots(context: DialogueContext, command: DeliverySlots, slots: tuple[Slot, ...]) -> Transition:
    """Offer the windows of a delivery, as soon as it is known which of the reader's holds it uses up."""
    if not slots:
        return _no_windows_left(context)
    names = tuple(record.title for record in context.basket)
    offered = SlotList(slots, names, command.record_ids, page=context.profile.windows)
    return Transition(_with_windows(context, offered), command=UsedHolds(command.ticket, command.record_ids))


def on_collection_slots(context: DialogueContext, command: CollectionSlots, slots: tuple[Slot, ...]) -> Transition:
    """Offer the windows of a collection under numbers."""
    if not slots:
        return _no_windows_left(context)
    loan = context.state
    names = (loan.items[loan.n].title,) if isinstance(loan, LoanDetail) and command.loan_ids else ()
    offered = SlotList(slots, names, command.loan_ids, collection=True, page=context.profile.windows)
    return Transition(_with_windows(context, offered))


def _no_windows_left(context: DialogueContext) -> Transition:
    return Transition(replace(context, basket=()), (prompt(context, "slots.none"),), question=True)


def _with_windows(context: DialogueContext, offered: SlotList) -> DialogueContext:
    """Newer windows stand in the place of those that were offered before."""
    return context.stay(offered) if isinstance(context.state, SlotList) else context.go(offered)


def on_used_holds(context: DialogueContext, command: UsedHolds, holds: tuple[Hold, ...]) -> Transition:
    """The windows are offered now: it is known which of the reader's holds the delivery uses up."""
    if isinstance(context.state, SlotList):
        context = context.stay(replace(context.state, used_holds=tuple(hold.title for hold in holds)))
    return Transition(context)


def slots(context: DialogueContext, state: SlotList) -> tuple[Line, ...]:
    """The windows, each with its number."""
    head = "slots.collection" if state.collection else "slots.delivery"
    if state.titles:
        first = prompt(context, head, titles=titles(context, state.titles))
    else:
        first = prompt(context, "slots.collection_all")
    windows = {n: capitalised(window(context, state.items[n])) for n in shown(state)}
    offers = (
        replace(prompt(context, "option", text=windows[n], key=key), record=n) for key, n in enumerate(windows, 1)
    )
    return (first, *offers)


def choose_slot(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """The window by its number; a single one by yes."""
    n = choice(context, state, intent)
    if isinstance(n, Transition) or (n is None and len(state.items) > 1):
        return n if isinstance(n, Transition) else Transition(context)
    return _chosen(context, state, n or 0)


def _chosen(context: DialogueContext, state: SlotList, n: int) -> Transition:
    """Read the booking in this window (0-based) back."""
    assert context.reader
    slot = state.items[n]
    book = BookCollection if state.collection else BookDelivery
    command = book(context.reader.ticket, state.ids, slot.id)
    return Transition(context.go(Confirm(command, state.titles, slot=slot, used_holds=state.used_holds)))


def no_slot(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """No window suits: nothing is booked."""
    return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),), question=True)


def slot_when(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """The one window that fits the day or time said. Several that fit, or those of that day or after it, are said."""
    # All that was said comes first: the slot may lack "after" or "without", and with them what was meant.
    readings = dates().readings(intent.text, context.now) or dates().readings(
        str(intent.slots.get("when", "")), context.now
    )
    possible = [said for said in readings if any(fits(context, slot, said) for slot in state.items)]
    if not readings or len(possible) > 1:
        # Nothing was understood, or two things may be meant and both are offered: the reader says which.
        return Transition(context, (prompt(context, "slots.which_day"),))
    said = (possible or readings)[0]
    fitting = [n for n, slot in enumerate(state.items) if fits(context, slot, said)]
    here = [n for n in fitting if n in shown(state)]
    if len(fitting) == 1 or (said.day is None and len(here) == 1):
        # An hour without a day means the windows that were just said, if one of them holds it.
        return _chosen(context, state, fitting[0] if len(fitting) == 1 else here[0])
    if fitting:
        return Transition(context.stay(replace(state, first=fitting[0])))
    days = [local(context, slot.starts).date() for slot in state.items]
    nearest = next((n for n, day in enumerate(days) if said.day and day >= said.day), state.first)
    return Transition(context.stay(replace(state, first=nearest)), (prompt(context, "slots.not_offered"),))


def fits(context: DialogueContext, slot: Slot, said: ParsedDate) -> bool:
    """Whether a window is on that day and holds the moment; a stretch of time has to hold the window's beginning, or
    lie inside it: the afternoon is not a window that ends at one o'clock."""
    starts, ends = local(context, slot.starts), local(context, slot.ends)
    if said.day and not said.day <= starts.date() <= (said.last_day or said.day):
        return False
    if said.starts is None:
        return True
    if said.ends is None:
        return starts.time() <= said.starts < ends.time()
    begins_in = said.starts <= starts.time() < said.ends
    return begins_in or (starts.time() <= said.starts and said.ends <= ends.time())


def searched(context: DialogueContext, state: SlotList, intent: Intent) -> Transition | None:
    """A book can be looked for and added; words that nobody called a book are no reason to leave the windows."""
    if intent.bare or intent.name == IntentName.WORDS:
        return not_understood(context)
    return None


NO_DELIVERY = frozenset({"refused_not_eligible", "refused_no_address", "refused_outside_city"})
"""Reasons why this reader gets no delivery at all: keeping the book at a library is offered instead."""


def used_holds_unknown(context: DialogueContext, command: UsedHolds, event: Failed, sentence: Line) -> Transition:
    """The windows are offered without the holds."""
    return on_used_holds(context, command, ())


def delivery_refused(context: DialogueContext, command: BookDelivery, event: Failed, sentence: Line) -> Transition:
    """A window that somebody else took leads to those that are left; any other reason ends the parcel."""
    if event.prompt == "refused_slot_taken":
        return Transition(context, (sentence,), command=DeliverySlots(command.ticket, command.record_ids))
    return Transition(replace(context, basket=()), (sentence,), question=True)


def collection_refused(
    context: DialogueContext, command: BookCollection, event: Failed, sentence: Line
) -> Transition | None:
    """A window that somebody else took leads to those that are left."""
    if event.prompt == "refused_slot_taken":
        return Transition(context, (sentence,), command=CollectionSlots(command.ticket, command.loan_ids))
    return None


def no_windows(context: DialogueContext, command: DeliverySlots, event: Failed, sentence: Line) -> Transition:
    """Who gets no delivery at all is offered a hold."""
    context = replace(context, basket=())
    if event.prompt in NO_DELIVERY:
        return offer_hold(context, f"error.{event.prompt}")
    return Transition(context, (sentence,), question=True)


def no_collection(
    context: DialogueContext, command: CollectionSlots, event: Failed, sentence: Line
) -> Transition | None:
    """Who may have nothing collected hears where books can be returned."""
    if event.prompt in NO_DELIVERY:
        return Transition(context, (sentence, prompt(context, "slots.return_anywhere")), question=True)
    return None


FEATURE = Feature(
    states=(
        for_state(
            SlotList,
            {
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.SELECT: choose_slot,
                IntentName.WHEN: slot_when,
                IntentName.LATER: next_page,
                IntentName.SEARCH: searched,
                IntentName.DIGITS: choose_slot,
                IntentName.YES: choose_slot,
                IntentName.NO: no_slot,
            },
            content=slots,
        ),
    ),
    anywhere={
        IntentName.RESERVE: reserve,
        IntentName.DELIVER: deliver,
        IntentName.RETURN_PICKUP: On(return_pickup, needs_reader=True),
    },
    answers=(
        answer_to(DeliverySlots, each(Slot), on_delivery_slots),
        answer_to(CollectionSlots, each(Slot), on_collection_slots),
        answer_to(UsedHolds, each(Hold), on_used_holds),
    ),
    failures=(
        failure_of(UsedHolds, used_holds_unknown),
        failure_of(BookDelivery, delivery_refused),
        failure_of(BookCollection, collection_refused),
        failure_of(DeliverySlots, no_windows),
        failure_of(CollectionSlots, no_collection),
    ),
)
