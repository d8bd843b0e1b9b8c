"""Numbers keyed digit by digit or said at once: ticket, PIN, telephone, list number. `#` ends, `*` begins again.

While a number is keyed every digit is a digit. `0` and then `#` alone is no such number and brings a person.
"""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.entry import digits_of, entered
from voice.dialogue.feature import Feature, Handlers, for_state
from voice.dialogue.no_match import not_understood
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import (
    DeliveryDetail,
    DeliveryList,
    Entry,
    Flat,
    HoldDetail,
    HoldList,
    House,
    ListNumberEntry,
    LoanDetail,
    LoanList,
    NewPin,
    Phone,
    Pin,
    RecordDetail,
    ResultList,
    Ticket,
)
from voice.dialogue.turn import Control, Transition
from voice.values.intents import Intent, IntentName


def number_given(context: DialogueContext, state: ListNumberEntry, digits: str) -> Transition:
    """The list entry with this number."""
    return Transition(context.leave(), then=Intent(IntentName.SELECT, {"n": int(digits)}, context.language))


def begin_number(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Key the number of a list entry."""
    return Transition(context.go(ListNumberEntry()))


def pressed(context: DialogueContext, state: Entry, key: str) -> Transition:
    """One key while a number is keyed."""
    match key:
        case "#":
            return finish(context, state, state.digits)
        case "*" if state.digits:
            return Transition(
                context.stay(replace(state, digits="")), (prompt(context, "identity.cleared"),), question=True
            )
        case "*":
            return Transition(context, then=Intent(IntentName.BACK, {}, context.language))
    if len(state.digits) >= state.most:
        return Transition(context, (prompt(context, "identity.too_many_digits", count=state.most),), quiet=True)
    kept = context.stay(replace(state, digits=state.digits + key))
    return Transition(kept, quiet=True, controls=frozenset({Control.TICK}))


def given_up(context: DialogueContext, state: Entry, intent: Intent) -> Transition:
    """No: the reader does not want to give a number after all. Nothing has changed."""
    return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),), question=True)


def searched(context: DialogueContext, state: Entry, intent: Intent) -> Transition | None:
    """A book can be looked for instead; words that nobody called a book are no reason to leave a half-keyed number."""
    return not_understood(context) if intent.bare else None


def finish(context: DialogueContext, state: Entry, digits: str) -> Transition:
    """The number is complete."""
    if digits == "0":
        return Transition(context, then=Intent(IntentName.PERSON, {}, context.language))
    if not digits:
        # A house may have one flat only: then there is no number, and "no" says so.
        return (
            Transition(context, then=Intent(IntentName.NO, {}, context.language))
            if isinstance(state, Flat)
            else Transition(context)
        )
    if len(digits) > state.most:
        return Transition(context, (prompt(context, "identity.too_many_digits", count=state.most),), question=True)
    return Transition(context, then=Intent(IntentName.ENTERED, {}, context.language, digits))


def said(context: DialogueContext, state: Entry, intent: Intent) -> Transition:
    """A number said or typed at once needs no `#`."""
    return finish(context, state, digits_of(intent))


NUMBER: Handlers[Entry] = {
    IntentName.DIGITS: said,
    IntentName.SELECT: said,
    IntentName.MORE: said,
    IntentName.NO: given_up,
    IntentName.SEARCH: searched,
}
FLAT: Handlers[Flat] = {name: handler for name, handler in NUMBER.items() if name != IntentName.NO}
"""There may be none: \"no\" is an answer here."""
BEGIN: Handlers[DialogueState] = {IntentName.NUMBER: begin_number}

FEATURE = Feature(
    states=(
        for_state(Ticket, NUMBER, keys=pressed),
        for_state(Pin, NUMBER, keys=pressed),
        for_state(Phone, NUMBER, keys=pressed),
        for_state(NewPin, NUMBER, keys=pressed),
        for_state(House, {}, keys=pressed),
        for_state(Flat, FLAT, keys=pressed),
        for_state(ListNumberEntry, {**NUMBER, IntentName.ENTERED: entered(number_given)}, keys=pressed),
        *(
            for_state(state, BEGIN)
            for state in (
                ResultList,
                RecordDetail,
                LoanList,
                LoanDetail,
                HoldList,
                HoldDetail,
                DeliveryList,
                DeliveryDetail,
            )
        ),
    ),
)
