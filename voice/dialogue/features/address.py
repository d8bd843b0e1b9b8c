"""Where the reader lives: the street in words or letters, house and flat by number; read back, then kept.

Only where nobody else hears it, and for an address that is on file already only after the PIN has been given again.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Reader
from voice.dialogue.commands import Answer, AnyCommand, SetAddress
from voice.dialogue.context import DialogueContext
from voice.dialogue.entry import command, digits_of, entered, erase, identify_first, keyed, letters_of, spells, text
from voice.dialogue.feature import Feature
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Confirm, Flat, House, Pin, Street
from voice.dialogue.turn import Booking, Transition
from voice.values.intents import Intent, IntentName

LONGEST_STREET = 80
LONGEST_HOUSE = 12
SHORTEST_STREET = 2


def address(state: DialogueContext, intent: Intent) -> Transition:
    """What is on file, and the way to another."""
    reader = state.reader
    if not state.profile.private:
        return Transition(state, (prompt(state, "address.not_here"),), question=True)
    if reader is None or not reader.has_address:
        return begin(state, intent)
    on_file = prompt(state, "confirm.address", address=reader.address_hint)
    say = (replace(on_file, private=True), prompt(state, "address.pin_again"))
    return Transition(state.go(Pin(Intent(IntentName.NEW_ADDRESS, {}, state.language), reader.ticket)), say)


def begin(state: DialogueContext, intent: Intent) -> Transition:
    """Ask for the street; the PIN has just been given, or there is no address yet."""
    if state.reader is None:
        return identify_first(state, Intent(IntentName.NEW_ADDRESS, {}, state.language))
    if not state.profile.private:
        return Transition(state, (prompt(state, "address.not_here"),), question=True)
    return Transition(state.go(Street()))


def street_said(state: DialogueContext, intent: Intent) -> Transition:
    """Letters one after another, or the name as it is spoken or typed."""
    stage = state.stage
    assert isinstance(stage, Street)
    words = intent.text
    match command(words):
        case "erase":
            return erase(state)
        case "search":
            return street_given(state, intent)
    new = letters_of(words) if spells(words) else f" {words}"
    whole = " ".join(f"{text(stage, state.language)}{new}".split())
    return Transition(state.stay(Street(whole[:LONGEST_STREET])))


def street_given(state: DialogueContext, intent: Intent) -> Transition:
    """Go on to the house; a street of one letter is asked for again."""
    stage = state.stage
    assert isinstance(stage, Street)
    street = " ".join(text(stage, state.language).split())
    if len(street) < SHORTEST_STREET:
        return Transition(state)
    return Transition(state.stay(House(street[:1].upper() + street[1:])))


def house_said(state: DialogueContext, intent: Intent) -> Transition:
    """A house has a number, but may have a letter or a second number too: 52а, 52/3."""
    words = " ".join(intent.text.split())
    whole = words if any(character.isdigit() for character in words) else digits_of(intent)
    return house_given(state, whole[:LONGEST_HOUSE])


def house_given(state: DialogueContext, number: str) -> Transition:
    """Go on to the flat; without a number the house is asked for again."""
    stage = state.stage
    assert isinstance(stage, House)
    return Transition(state.stay(Flat(stage.street, number)) if number else state)


def flat_given(state: DialogueContext, number: str) -> Transition:
    """A flat, or none: read the whole address back."""
    stage = state.stage
    assert isinstance(stage, Flat) and state.reader
    parts = [stage.street, stage.house]
    if number:
        parts.append(prompt(state, "address.flat", number=number).text)
    return Transition(state.go(Confirm(SetAddress(state.reader.ticket, ", ".join(parts)))))


def no_flat(state: DialogueContext, intent: Intent) -> Transition:
    """A house of one flat: read the address back."""
    return flat_given(state, "")


def kept(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The address is on file; from now on it is only said masked."""
    assert isinstance(answer, Reader)
    state = replace(state, reader=answer).go(Booked())
    line = replace(prompt(state, "done.address", address=answer.address_hint), private=True)
    return Transition(state, (line,), booking=Booking("address", answer.ticket))


FEATURE = Feature(
    states={
        Street: {IntentName.LETTERS_DONE: street_given, IntentName.YES: street_given, "*": street_said},
        House: {IntentName.ENTERED: entered(house_given), "*": house_said},
        Flat: {IntentName.ENTERED: entered(flat_given), IntentName.NO: no_flat},
    },
    anywhere={IntentName.ADDRESS: address, IntentName.NEW_ADDRESS: begin},
    content={Street: keyed},
    answers={SetAddress: kept},
)
