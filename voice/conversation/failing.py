"""What the library could not do, in one true sentence, and where the reader goes on from there."""

from __future__ import annotations

from dataclasses import replace

from voice.conversation import asks, booking, browsing, following, identifying, parting
from voice.conversation.events import Broke, Failed
from voice.conversation.lines import Line
from voice.conversation.move import Move
from voice.conversation.prompts import has, placeholders
from voice.conversation.stages import Goodbye
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.understanding.intent import Intent

NO_DELIVERY = frozenset({"refused_not_eligible", "refused_no_address", "refused_outside_city"})
"""Reasons why this reader gets no delivery at all: keeping the book at a library is offered instead."""
LOOKED_UP: tuple[tuple[tuple[type, ...], str], ...] = (
    ((asks.PlaceHold, asks.CancelHold), "_holds"),
    ((asks.Renew, asks.RenewAll), "_loans"),
    ((asks.SetAddress, asks.Register), "_later"),
)
"""Where a reader finds out what became of a change; deliveries of the others."""

MOST_FAULTS = 2
"""Faults of Dauys itself in one conversation from which a librarian takes over."""


def sentence_for(state: State, event: Failed) -> Line:
    """The sentence `event.prompt`; the general one when there is no such sentence or a value of it is missing."""
    prompt = f"error.{event.prompt}"
    if event.prompt == "outcome_unknown":
        prompt += next((where for kinds, where in LOOKED_UP if isinstance(event.ask, kinds)), "")
    values = dict(event.values)
    if has(state.language, prompt) and placeholders(state.language, prompt) <= values.keys():
        return tell(state, prompt, **values)
    return tell(state, "error.library_error")


def failed(state: State, event: Failed) -> Move:
    """The sentence for what went wrong, then the next step."""
    sentence = sentence_for(state, event)
    match event.ask:
        case asks.Holdings():
            return browsing.shelves_unknown(state)
        case asks.Identify():
            return identifying.refused(state, event, sentence)
        case asks.Deliveries() if state.waiting and state.waiting.name not in identifying.ANNOUNCED:
            # News of deliveries was only by the way: the wish goes on.
            return Move(replace(state, waiting=None), then=state.waiting)
        case asks.WishNews() | asks.WishNewsHeard():
            return identifying.go_on(state)
        case asks.NewsHeard() if state.waiting:
            return following.news_heard(state, event.ask, None)  # it will be told once more
        case asks.UsedHolds():
            return booking.used_holds_came(state, event.ask, ())
        case asks.BookDelivery(ticket, record_ids) if event.prompt == "refused_slot_taken":
            return Move(state, (sentence,), ask=asks.DeliverySlots(ticket, record_ids))
        case asks.BookCollection(ticket, loan_ids) if event.prompt == "refused_slot_taken":
            return Move(state, (sentence,), ask=asks.CollectionSlots(ticket, loan_ids))
        case asks.DeliverySlots() if event.prompt in NO_DELIVERY:
            return booking.offer_hold(replace(state, basket=()), f"error.{event.prompt}")
        case asks.CollectionSlots() if event.prompt in NO_DELIVERY:
            return Move(state, (sentence, tell(state, "slots.return_anywhere")), question=True)
        case asks.BookDelivery() | asks.DeliverySlots():
            return Move(replace(state, basket=()), (sentence,), question=True)
        case asks.SavePreferences() if isinstance(state.stage, Goodbye):
            return Move(state, (sentence,), then=Intent("goodbye", {}, state.language))
        case asks.HandOver() if event.prompt == "refused_no_number":
            return Move(state, (tell(state, "person.no_number"),), question=True)
        case asks.HandOver():
            return Move(state, (tell(state, "person.unreachable"),), question=True)
    return Move(replace(state, waiting=None), (sentence,), question=True)


def broke(state: State, event: Broke) -> Move:
    """Say sorry and go on from the last place; the second time in one conversation a librarian takes over."""
    state = replace(state, faults=state.faults + 1)
    handing_over = event.failed is not None and isinstance(event.failed.ask, asks.HandOver)
    if state.faults >= MOST_FAULTS and not handing_over:
        handed = parting.person(replace(state, waiting=None), Intent("person", {}, state.language))
        return replace(handed, say=(tell(state, "error.broke_again"), *handed.say))
    if event.failed:
        return failed(state, event.failed)
    return Move(replace(state, waiting=None), (tell(state, "error.broke"),), question=True)
