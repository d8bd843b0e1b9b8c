"""Getting a book: kept at a library, or brought home. Both end in a read-back; nothing is booked here."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.commands import (
    BookCollection,
    BookDelivery,
    CollectionSlots,
    DeliverySlots,
    FindPlace,
    PlaceHold,
)
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On, failure_of
from voice.dialogue.navigation import record_at_hand, records_at_hand, with_books
from voice.dialogue.number_entry import identify_first
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, LoanDetail, RecordDetail
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
    loans = (state.item.id,) if isinstance(state, LoanDetail) else ()
    return Transition(context, command=CollectionSlots(context.reader.ticket, loans))


NO_DELIVERY = frozenset({"refused_not_eligible", "refused_no_address", "refused_outside_city", "refused_right_ends"})
"""Reasons why this reader gets no delivery at all: keeping the book at a library is offered instead."""


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
        return replace(offer_hold(context, "error.refused_no_address"), say=(sentence,))
    return Transition(context, (sentence,), question=True)


def no_collection(
    context: DialogueContext, command: CollectionSlots, event: Failed, sentence: Line
) -> Transition | None:
    """Who may have nothing collected hears where books can be returned."""
    if event.prompt in NO_DELIVERY:
        return Transition(context, (sentence, prompt(context, "slots.return_anywhere")), question=True)
    return None


FEATURE = Feature(
    anywhere={
        IntentName.RESERVE: reserve,
        IntentName.DELIVER: deliver,
        IntentName.RETURN_PICKUP: On(return_pickup, needs_reader=True),
    },
    failures=(
        failure_of(BookDelivery, delivery_refused),
        failure_of(BookCollection, collection_refused),
        failure_of(DeliverySlots, no_windows),
        failure_of(CollectionSlots, no_collection),
    ),
)
