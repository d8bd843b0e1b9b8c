"""Numbers keyed digit by digit or said at once: ticket, PIN, telephone, list number. `#` ends, `*` begins again.

While a number is keyed every digit is a digit. `0` and then `#` alone is no such number and brings a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.features.authentication import pin_given, ticket_given
from voice.dialogue.features.registration import phone_given, pin_chosen
from voice.dialogue.features.search import search
from voice.dialogue.no_match import not_understood
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import DialogueState, Flat, House, ListNumberEntry, NewPin, Phone, Pin, Ticket
from voice.dialogue.transition import Transition
from voice.dialogue.turn import Control
from voice.values.intents import Intent, IntentName

Entry = Ticket | Pin | Phone | NewPin | ListNumberEntry | House | Flat


def number_given(state: DialogueContext, digits: str) -> Transition:
    """The list entry with this number."""
    return Transition(state.leave(), then=Intent(IntentName.SELECT, {"n": int(digits)}, state.language))


TAKES: Mapping[type[DialogueState], tuple[int, Callable[[DialogueContext, str], Transition]]] = {
    Ticket: (14, ticket_given),
    Pin: (8, pin_given),
    Phone: (15, phone_given),
    NewPin: (8, pin_chosen),
    ListNumberEntry: (3, number_given),
    House: (5, lambda state, digits: Transition(state, then=Intent(IntentName.HOUSE, {}, state.language, digits))),
    Flat: (5, lambda state, digits: Transition(state, then=Intent(IntentName.FLAT, {}, state.language, digits))),
}
"""The most digits of each number, and who takes it."""


def begin_number(state: DialogueContext, intent: Intent) -> Transition:
    """Key the number of a list entry."""
    return Transition(state.go(ListNumberEntry()))


def pressed(state: DialogueContext, key: str) -> Transition:
    """One key while a number is keyed."""
    stage = state.stage
    assert isinstance(stage, Entry)
    match key:
        case "#":
            return finish(state, stage.digits)
        case "*" if stage.digits:
            return Transition(
                state.stay(replace(stage, digits="")), (prompt(state, "identity.cleared"),), question=True
            )
        case "*":
            return Transition(state, then=Intent(IntentName.BACK, {}, state.language))
    most, _ = TAKES[type(stage)]
    if len(stage.digits) >= most:
        return Transition(state, (prompt(state, "identity.too_many_digits", count=most),), quiet=True)
    kept = state.stay(replace(stage, digits=stage.digits + key))
    return Transition(kept, quiet=True, controls=frozenset({Control.TICK}))


def given_up(state: DialogueContext, intent: Intent) -> Transition:
    """No: the reader does not want to give a number after all. Nothing has changed."""
    return Transition(replace(state.leave(), basket=()), (prompt(state, "confirm.nothing_booked"),), question=True)


def searched(state: DialogueContext, intent: Intent) -> Transition:
    """A book can be looked for instead; words that nobody called a book are no reason to leave a half-keyed number."""
    return not_understood(state) if intent.bare else search(state, intent)


def finish(state: DialogueContext, digits: str) -> Transition:
    """The number is complete."""
    if digits == "0":
        return Transition(state, then=Intent(IntentName.PERSON, {}, state.language))
    if not digits:
        # A house may have one flat only: then there is no number, and the wish "no" says so.
        return (
            Transition(state, then=Intent(IntentName.NO, {}, state.language))
            if isinstance(state.stage, Flat)
            else Transition(state)
        )
    most, take = TAKES[type(state.stage)]
    if len(digits) > most:
        return Transition(state, (prompt(state, "identity.too_many_digits", count=most),), question=True)
    return take(state, digits)


def said(state: DialogueContext, intent: Intent) -> Transition:
    """A number said or typed at once needs no `#`."""
    return finish(state, digits_of(intent))


def digits_of(intent: Intent) -> str:
    """The digits in a wish: its slot, else those among its words; "" without any."""
    given = str(intent.slots.get("digits", ""))
    if not given:
        given = intent.text if any(character.isdigit() for character in intent.text) else str(intent.slots.get("n", ""))
    return "".join(character for character in given if character.isascii() and character.isdigit())
