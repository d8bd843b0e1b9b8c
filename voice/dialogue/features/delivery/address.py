"""Where the reader lives: the street in words or letters, house and flat by number; read back, then kept.

Only where nobody else hears it, and for an address that is on file already only after the PIN has been given again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue_client.values.accounts import Reader
from voice.dialogue.commands import BookDelivery, SetAddress
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState, DigitEntry, SpelledEntry
from voice.dialogue.feature import Feature, answer_to, for_state, one
from voice.dialogue.letter_entry import erase, keyed, letter_command, letter_key, letters_of, spells, text
from voice.dialogue.number_entry import NUMBER, digit_key, digits_of, entered, identify_first
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Confirm, Pin
from voice.dialogue.turn import Booking, Transition
from voice.values.change_policy import Cost
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName

LONGEST_STREET = 80
LONGEST_HOUSE = 12
SHORTEST_STREET = 2


@dataclass(frozen=True, slots=True)
class Street(SpelledEntry):
    """The reader's street is said, or keyed or spelled letter by letter."""

    name = "street"
    expects = ExpectedInput.ADDRESS
    parcel: Confirm | None = None
    """The delivery that goes to this address once; None for the address on file."""

    @property
    def before(self) -> Confirm | None:
        return self.parcel


@dataclass(frozen=True, slots=True)
class House(DigitEntry):
    """The number of the reader's house is keyed."""

    name = "house"
    expects = ExpectedInput.ADDRESS
    most = 5
    street: str
    parcel: Confirm | None = None

    @property
    def before(self) -> Confirm | None:
        return self.parcel


@dataclass(frozen=True, slots=True)
class Flat(DigitEntry):
    """The number of the reader's flat is keyed; there may be none."""

    name = "flat"
    expects = ExpectedInput.ADDRESS
    may_be_empty = True
    most = 5
    street: str
    house: str
    parcel: Confirm | None = None

    @property
    def before(self) -> Confirm | None:
        return self.parcel


def address(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What is on file, and the way to another."""
    reader = context.reader
    if not context.profile.private:
        return Transition(context, (prompt(context, "address.not_here"),), question=True)
    if reader is None or not reader.has_address:
        return begin(context, state, intent)
    on_file = prompt(context, "confirm.address", address=reader.address_hint)
    say = (replace(on_file, private=True), prompt(context, "address.pin_again"))
    return Transition(context.go(Pin(Intent(IntentName.NEW_ADDRESS, {}, context.language), reader.ticket)), say)


def begin(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Ask for the street; the PIN has just been given, or there is no address yet."""
    if context.reader is None:
        return identify_first(context, Intent(IntentName.NEW_ADDRESS, {}, context.language))
    if not context.profile.private:
        return Transition(context, (prompt(context, "address.not_here"),), question=True)
    return Transition(context.go(Street()))


def once(context: DialogueContext, state: Confirm, intent: Intent) -> Transition | None:
    """This delivery goes to another address, once: what is on file stays, and the read-back follows with it."""
    if not isinstance(state.command, BookDelivery):
        return None
    if not context.profile.private:
        return Transition(context, (prompt(context, "address.not_here"),), question=True)
    return Transition(context.stay(Street(parcel=state)), (prompt(context, "address.once"),))


def once_later(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Where no delivery is read back, it is said when another address can be given."""
    return Transition(context, (prompt(context, "address.once_how"),), question=True)


def street_said(context: DialogueContext, state: Street, intent: Intent) -> Transition:
    """Letters one after another, or the name as it is spoken or typed."""
    words = intent.text
    match letter_command(words):
        case "erase":
            return erase(context, state)
        case "search":
            return street_given(context, state, intent)
    new = letters_of(words) if spells(words) else f" {words}"
    whole = " ".join(f"{text(state, context.language)}{new}".split())
    return Transition(context.stay(Street(whole[:LONGEST_STREET], parcel=state.parcel)))


def street_given(context: DialogueContext, state: Street, intent: Intent) -> Transition:
    """Go on to the house; a street of one letter is asked for again."""
    street = " ".join(text(state, context.language).split())
    if len(street) < SHORTEST_STREET:
        return Transition(context)
    return Transition(context.stay(House(street[:1].upper() + street[1:], state.parcel)))


def house_said(context: DialogueContext, state: House, intent: Intent) -> Transition:
    """A house has a number, but may have a letter or a second number too: 52а, 52/3."""
    words = " ".join(intent.text.split())
    whole = words if any(character.isdigit() for character in words) else digits_of(intent)
    return house_given(context, state, whole[:LONGEST_HOUSE])


def house_given(context: DialogueContext, state: House, number: str) -> Transition:
    """Go on to the flat; without a number the house is asked for again."""
    return Transition(context.stay(Flat(state.street, number, state.parcel)) if number else context)


def flat_given(context: DialogueContext, state: Flat, number: str) -> Transition:
    """A flat, or none: read the whole address back."""
    assert context.reader
    parts = [state.street, state.house]
    if number:
        parts.append(prompt(context, "address.flat", number=number).text)
    whole = ", ".join(parts)
    if state.parcel and isinstance(state.parcel.command, BookDelivery):
        command = replace(state.parcel.command, address=whole)
        return Transition(context.stay(replace(state.parcel, command=command)))
    return Transition(context.go(Confirm(SetAddress(context.reader.ticket, whole))))


def no_flat(context: DialogueContext, state: Flat, intent: Intent) -> Transition:
    """A house of one flat: read the address back."""
    return flat_given(context, state, "")


def kept(context: DialogueContext, command: SetAddress, reader: Reader) -> Transition:
    """The address is on file; from now on it is only said masked."""
    context = replace(context, reader=reader).go(Booked())
    line = replace(prompt(context, "done.address", address=reader.address_hint), private=True)
    return Transition(context, (line,), booking=Booking("address", reader.ticket))


FEATURE = Feature(
    states=(
        for_state(
            Street,
            {IntentName.LETTERS_DONE: street_given, IntentName.YES: street_given, "*": street_said},
            content=keyed,
            keys=letter_key,
        ),
        for_state(Confirm, {IntentName.ADDRESS: once, IntentName.ONCE_ADDRESS: once}),
        for_state(House, {IntentName.ENTERED: entered(house_given), "*": house_said}, keys=digit_key),
        for_state(Flat, {**NUMBER, IntentName.ENTERED: entered(flat_given), IntentName.NO: no_flat}, keys=digit_key),
    ),
    anywhere={
        IntentName.ONCE_ADDRESS: once_later,
        IntentName.ADDRESS: address,
        IntentName.NEW_ADDRESS: begin,
    },
    answers=(answer_to(SetAddress, one(Reader), kept),),
    costs={IntentName.NEW_ADDRESS: Cost.ENDING},
)
