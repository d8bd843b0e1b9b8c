"""A new reader: telephone number, name if wished, a PIN of her own; read back, then a temporary ticket."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.accounts import Newcomer
from voice.dialogue.commands import Register
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState, DigitEntry
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.number_entry import NUMBER, PARTS, digit_key, entered, is_simple_pin, telephone_number
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Phone(DigitEntry):
    """A new reader keys a telephone number."""

    name = "phone"
    expects = ExpectedInput.PHONE
    most = 15


@dataclass(frozen=True, slots=True)
class Name(DialogueState):
    """A new reader says or types a name, or leaves it out."""

    name = "name"
    expects = ExpectedInput.ADDRESS
    kept = False
    takes_words = True
    may_be_empty = True
    phone: str


@dataclass(frozen=True, slots=True)
class NewPin(DigitEntry):
    """A new reader chooses a PIN."""

    name = "new_pin"
    expects = ExpectedInput.PIN
    most = 8
    phone: str
    newcomer: str = ""


def register(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Begin with the telephone number."""
    return Transition(context.go(Phone()))


def phone_given(context: DialogueContext, state: Phone, digits: str) -> Transition:
    """A part of a number stands, and the rest is waited for."""
    if number := telephone_number(digits):
        return Transition(context.stay(Name(number)))
    return Transition(context.stay(Phone(digits=digits)), (prompt(context, "identity.phone_part", n=len(digits)),))


def name_given(context: DialogueContext, state: Name, intent: Intent) -> Transition:
    """Go on to the PIN with this name."""
    return Transition(context.stay(NewPin(state.phone, intent.text[:LONGEST_NAME].strip().title())))


def no_name(context: DialogueContext, state: Name, intent: Intent) -> Transition:
    """Go on to the PIN without a name."""
    return Transition(context.stay(NewPin(state.phone)))


def pin_chosen(context: DialogueContext, state: NewPin, digits: str) -> Transition:
    """Read the registration back; a PIN of one digit repeated, or of under four, is refused."""
    if is_simple_pin(digits):
        return Transition(
            context.stay(NewPin(state.phone, state.newcomer)), (prompt(context, "identity.pin_too_simple"),)
        )
    return Transition(context.go(Confirm(Register(Newcomer(state.phone, state.newcomer, digits)))))


FEATURE = Feature(
    states=(
        for_state(Phone, {**NUMBER, **PARTS, IntentName.ENTERED: entered(phone_given)}, keys=digit_key),
        for_state(Name, {IntentName.NO: no_name, IntentName.NUMBER: no_name, "*": name_given}),
        for_state(NewPin, {**NUMBER, IntentName.ENTERED: entered(pin_chosen)}, keys=digit_key),
    ),
    anywhere={IntentName.REGISTER: register},
    costs={IntentName.REGISTER: Cost.ENDING},
)
