"""A new reader: telephone number, name if wished, a PIN of her own; read back, then a temporary ticket."""

from __future__ import annotations

from catalogue_client.values.accounts import Newcomer
from voice.dialogue.commands import Register
from voice.dialogue.context import DialogueContext
from voice.dialogue.entry import entered
from voice.dialogue.feature import Feature
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, Name, NewPin, Phone
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName

LONGEST_NAME = 80
COUNTRY = "7"
"""Kazakhstan's country code."""
NATIONAL = 10
"""Digits of a national number."""


def register(state: DialogueContext, intent: Intent) -> Transition:
    """Begin with the telephone number."""
    return Transition(state.go(Phone()))


def phone_given(state: DialogueContext, digits: str) -> Transition:
    """8 or nothing before the ten national digits means Kazakhstan; anything else is left to the library to judge."""
    if len(digits) < NATIONAL:
        return Transition(state.stay(Phone()), (prompt(state, "error.refused_phone_invalid"),))
    if len(digits) == NATIONAL:
        digits = COUNTRY + digits
    elif len(digits) == NATIONAL + 1 and digits[0] == "8":
        digits = COUNTRY + digits[1:]
    return Transition(state.stay(Name(f"+{digits}")))


def name_given(state: DialogueContext, intent: Intent) -> Transition:
    """Go on to the PIN with this name."""
    stage = state.stage
    assert isinstance(stage, Name)
    return Transition(state.stay(NewPin(stage.phone, intent.text[:LONGEST_NAME].strip().title())))


def no_name(state: DialogueContext, intent: Intent) -> Transition:
    """Go on to the PIN without a name."""
    stage = state.stage
    assert isinstance(stage, Name)
    return Transition(state.stay(NewPin(stage.phone)))


def pin_chosen(state: DialogueContext, digits: str) -> Transition:
    """Read the registration back; a PIN of one digit repeated, or of under four, is refused."""
    stage = state.stage
    assert isinstance(stage, NewPin)
    if len(digits) < 4 or len(set(digits)) == 1:
        return Transition(state.stay(NewPin(stage.phone, stage.newcomer)), (prompt(state, "identity.pin_too_simple"),))
    return Transition(state.go(Confirm(Register(Newcomer(stage.phone, stage.newcomer, digits)))))


FEATURE = Feature(
    states={
        Phone: {IntentName.ENTERED: entered(phone_given)},
        Name: {IntentName.NO: no_name, IntentName.NUMBER: no_name, "*": name_given},
        NewPin: {IntentName.ENTERED: entered(pin_chosen)},
    },
    anywhere={IntentName.REGISTER: register},
)
