"""Getting a book: kept at a library, or brought home. Both end in a read-back; nothing is booked here."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from catalogue_client.records import Hold, Slot
from voice.conversation.asks import (
    Ask,
    BookCollection,
    BookDelivery,
    CollectionSlots,
    DeliverySlots,
    FindPlace,
    PlaceHold,
    UsedHolds,
)
from voice.conversation.browsing import record_at_hand, records_at_hand
from voice.conversation.events import Answer
from voice.conversation.identifying import identify_first
from voice.conversation.lines import Line
from voice.conversation.move import Move
from voice.conversation.paging import choice, shown
from voice.conversation.stages import Confirm, OpenedLoan, OpenedRecord, Slots
from voice.conversation.state import State
from voice.conversation.telling import capitalised, local, tell, titles, window
from voice.understanding.dates import Dates, When
from voice.understanding.intent import Intent


def reserve(state: State, intent: Intent) -> Move:
    """Keep a copy for the reader, at the place said, else where one stands, else at a place the reader names."""
    record = record_at_hand(state, intent)
    if isinstance(record, Move):
        return record
    if state.reader is None:
        return identify_first(state, intent)
    if record.reading_room_only:
        return Move(state, (tell(state, "error.refused_reading_room_only"),), question=True)
    place_id, name = str(intent.slots.get("place_id", "")), str(intent.slots.get("place_name", ""))
    if not place_id and intent.slots.get("place"):
        return Move(replace(state, waiting=intent), ask=FindPlace(str(intent.slots["place"]), intent.text))
    if not place_id:
        shelves = state.stage.shelves if isinstance(state.stage, OpenedRecord) else record.available
        if not shelves:
            return Move(replace(state, waiting=intent), ask=FindPlace(""))
        place_id, name = shelves[0].place_id, shelves[0].place
    ask = PlaceHold(state.reader.ticket, record.id, place_id)
    return Move(state.go(Confirm(ask, (record.title,), name)))


def deliver(state: State, intent: Intent) -> Move:
    """Put one or several books into the parcel and ask for the next two windows."""
    wanted = records_at_hand(state, intent)
    if isinstance(wanted, Move):
        return wanted
    if state.reader is None:
        return identify_first(state, intent)
    if any(record.reading_room_only for record in wanted):
        return Move(state, (tell(state, "error.refused_reading_room_only"),), question=True)
    if not state.reader.deliveries:
        return offer_hold(state, "error.refused_not_eligible")
    if not state.reader.has_address:
        return offer_hold(state, "error.refused_no_address")
    basket = tuple({record.id: record for record in (*state.basket, *wanted)}.values())
    ask = DeliverySlots(state.reader.ticket, tuple(record.id for record in basket))
    return Move(replace(state, basket=basket), ask=ask)


def offer_hold(state: State, reason: str) -> Move:
    """No delivery, but the book can be kept at a library."""
    if isinstance(state.stage, OpenedRecord):
        state = state.stay(replace(state.stage, offer="reserve"))
    return Move(state, (tell(state, reason),), question=True)


def return_pickup(state: State, intent: Intent) -> Move:
    """Have read books collected: the opened loan, or all of them."""
    assert state.reader
    stage = state.stage
    loans = (stage.items[stage.n].id,) if isinstance(stage, OpenedLoan) else ()
    return Move(state, ask=CollectionSlots(state.reader.ticket, loans))


def slots_came(state: State, ask: Ask, answer: Answer) -> Move:
    """Offer the windows under numbers."""
    assert isinstance(answer, tuple)
    slots = tuple(slot for slot in answer if isinstance(slot, Slot))
    if not slots:
        return Move(replace(state, basket=()), (tell(state, "slots.none"),), question=True)
    if isinstance(ask, DeliverySlots):
        stage = Slots(slots, tuple(record.title for record in state.basket), ask.record_ids)
    else:
        assert isinstance(ask, CollectionSlots)
        loan = state.stage
        names = (loan.items[loan.n].title,) if isinstance(loan, OpenedLoan) and ask.loan_ids else ()
        stage = Slots(slots, names, ask.loan_ids, collection=True)
    state = state.stay(stage) if isinstance(state.stage, Slots) else state.go(stage)
    return Move(state) if stage.collection else Move(state, ask=UsedHolds(ask.ticket, ask.record_ids))


def used_holds_came(state: State, ask: Ask, answer: Answer) -> Move:
    """The windows are offered now: it is known which of the reader's holds the delivery uses up."""
    assert isinstance(ask, UsedHolds) and isinstance(answer, tuple)
    held = tuple(hold.title for hold in answer if isinstance(hold, Hold))
    if isinstance(state.stage, Slots):
        state = state.stay(replace(state.stage, used_holds=held))
    return Move(state)


def slots(state: State) -> tuple[Line, ...]:
    """The windows, each with its number."""
    stage = state.stage
    assert isinstance(stage, Slots)
    head = "slots.collection" if stage.collection else "slots.delivery"
    if stage.titles:
        first = tell(state, head, titles=titles(state, stage.titles))
    else:
        first = tell(state, "slots.collection_all")
    windows = {n: capitalised(window(state, stage.items[n])) for n in shown(stage)}
    offers = (replace(tell(state, "option", text=windows[n], key=key), record=n) for key, n in enumerate(windows, 1))
    return (first, *offers)


def choose_slot(state: State, intent: Intent) -> Move:
    """The window by its number; a single one by yes."""
    stage = state.stage
    assert isinstance(stage, Slots) and state.reader
    n = choice(state, intent)
    if isinstance(n, Move) or (n is None and len(stage.items) > 1):
        return n if isinstance(n, Move) else Move(state)
    slot = stage.items[n or 0]
    ask: Ask
    if stage.collection:
        ask = BookCollection(state.reader.ticket, stage.ids, slot.id)
    else:
        ask = BookDelivery(state.reader.ticket, stage.ids, slot.id)
    return Move(state.go(Confirm(ask, stage.titles, slot=slot, used_holds=stage.used_holds)))


def no_slot(state: State, intent: Intent) -> Move:
    """No window suits: nothing is booked."""
    return Move(replace(state.leave(), basket=()), (tell(state, "confirm.nothing_booked"),), question=True)


@cache
def dates() -> Dates:
    """The words for days and times."""
    return Dates.load()


def slot_when(state: State, intent: Intent) -> Move:
    """The one window that fits the day or time said; otherwise the windows are offered again."""
    stage = state.stage
    assert isinstance(stage, Slots)
    said = dates().read(str(intent.slots.get("when", "")), state.now.date())
    fitting = [n for n, slot in enumerate(stage.items) if said and fits(state, slot, said)]
    if len(fitting) != 1:
        return Move(state, () if fitting else (tell(state, "slots.not_offered"),))
    return choose_slot(state, Intent("select", {"n": fitting[0] - stage.first + 1}, state.language))


def fits(state: State, slot: Slot, said: When) -> bool:
    """Whether a window is on that day and around that time."""
    starts, ends = local(state, slot.starts), local(state, slot.ends)
    if said.day and said.day != starts.date():
        return False
    return said.starts is None or starts.time() <= said.starts < ends.time()
