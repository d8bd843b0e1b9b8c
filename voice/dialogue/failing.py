"""What the library could not do, in one true sentence, and where the reader goes on from there."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue import commands
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Broke, Failed
from voice.dialogue.features import authentication, booking, ending, my_deliveries, records
from voice.dialogue.phrasing import prompt
from voice.dialogue.prompts import has, placeholders
from voice.dialogue.states import Goodbye
from voice.dialogue.transition import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

NO_DELIVERY = frozenset({"refused_not_eligible", "refused_no_address", "refused_outside_city"})
"""Reasons why this reader gets no delivery at all: keeping the book at a library is offered instead."""
LOOKED_UP: tuple[tuple[tuple[type, ...], str], ...] = (
    ((commands.PlaceHold, commands.CancelHold), "_holds"),
    ((commands.Renew, commands.RenewAll), "_loans"),
    ((commands.SetAddress, commands.Register), "_later"),
)
"""Where a reader finds out what became of a change; deliveries of the others."""

MOST_FAULTS = 2
"""Faults of Dauys itself in one conversation from which a librarian takes over."""


def sentence_for(state: DialogueContext, event: Failed) -> Line:
    """The sentence `event.prompt`; the general one when there is no such sentence or a value of it is missing."""
    prompt_id = f"error.{event.prompt}"
    if event.prompt == "outcome_unknown":
        prompt_id += next((where for kinds, where in LOOKED_UP if isinstance(event.ask, kinds)), "")
    values = dict(event.values)
    if has(state.language, prompt_id) and placeholders(state.language, prompt_id) <= values.keys():
        return prompt(state, prompt_id, **values)
    return prompt(state, "error.library_error")


def failed(state: DialogueContext, event: Failed) -> Transition:
    """The sentence for what went wrong, then the next step."""
    sentence = sentence_for(state, event)
    match event.ask:
        case commands.FindHoldings():
            return records.shelves_unknown(state)
        case commands.Identify():
            return authentication.refused(state, event, sentence)
        case commands.ListDeliveries() if state.waiting and state.waiting.name not in authentication.ANNOUNCED:
            # News of deliveries was only by the way: the wish goes on.
            return Transition(replace(state, waiting=None), then=state.waiting)
        case commands.ListRequestOutcomes() | commands.AcknowledgeRequestOutcomes():
            return authentication.go_on(state)
        case commands.AcknowledgeDeliveryNews() if state.waiting:
            return my_deliveries.news_heard(state, event.ask, None)  # it will be told once more
        case commands.UsedHolds():
            return booking.on_used_holds(state, event.ask, ())
        case commands.BookDelivery(ticket, record_ids) if event.prompt == "refused_slot_taken":
            return Transition(state, (sentence,), ask=commands.DeliverySlots(ticket, record_ids))
        case commands.BookCollection(ticket, loan_ids) if event.prompt == "refused_slot_taken":
            return Transition(state, (sentence,), ask=commands.CollectionSlots(ticket, loan_ids))
        case commands.DeliverySlots() if event.prompt in NO_DELIVERY:
            return booking.offer_hold(replace(state, basket=()), f"error.{event.prompt}")
        case commands.CollectionSlots() if event.prompt in NO_DELIVERY:
            return Transition(state, (sentence, prompt(state, "slots.return_anywhere")), question=True)
        case commands.BookDelivery() | commands.DeliverySlots():
            return Transition(replace(state, basket=()), (sentence,), question=True)
        case commands.SavePreferences() if isinstance(state.stage, Goodbye):
            return Transition(state, (sentence,), then=Intent(IntentName.GOODBYE, {}, state.language))
        case commands.HandOver() if event.prompt == "refused_no_number":
            return Transition(state, (prompt(state, "person.no_number"),), question=True)
        case commands.HandOver():
            return Transition(state, (prompt(state, "person.unreachable"),), question=True)
    return Transition(replace(state, waiting=None), (sentence,), question=True)


def broke(state: DialogueContext, event: Broke) -> Transition:
    """Say sorry and go on from the last place; the second time in one conversation a librarian takes over."""
    state = replace(state, faults=state.faults + 1)
    handing_over = event.failed is not None and isinstance(event.failed.ask, commands.HandOver)
    if state.faults >= MOST_FAULTS and not handing_over:
        handed = ending.person(replace(state, waiting=None), Intent(IntentName.PERSON, {}, state.language))
        return replace(handed, say=(prompt(state, "error.broke_again"), *handed.say))
    if event.failed:
        return failed(state, event.failed)
    return Transition(replace(state, waiting=None), (prompt(state, "error.broke"),), question=True)
