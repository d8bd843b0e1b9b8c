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


def address(context: DialogueContext, intent: Intent) -> Transition:
    """What is on file, and the way to another."""
    reader = context.reader
    if not context.profile.private:
        return Transition(context, (prompt(context, "address.not_here"),), question=True)
    if reader is None or not reader.has_address:
        return begin(context, intent)
    on_file = prompt(context, "confirm.address", address=reader.address_hint)
    say = (replace(on_file, private=True), prompt(context, "address.pin_again"))
    return Transition(context.go(Pin(Intent(IntentName.NEW_ADDRESS, {}, context.language), reader.ticket)), say)


def begin(context: DialogueContext, intent: Intent) -> Transition:
    """Ask for the street; the PIN has just been given, or there is no address yet."""
    if context.reader is None:
        return identify_first(context, Intent(IntentName.NEW_ADDRESS, {}, context.language))
    if not context.profile.private:
        return Transition(context, (prompt(context, "address.not_here"),), question=True)
    return Transition(context.go(Street()))


def street_said(context: DialogueContext, intent: Intent) -> Transition:
    """Letters one after another, or the name as it is spoken or typed."""
    state = context.stage
    assert isinstance(state, Street)
    words = intent.text
    match command(words):
        case "erase":
            return erase(context)
        case "search":
            return street_given(context, intent)
    new = letters_of(words) if spells(words) else f" {words}"
    whole = " ".join(f"{text(state, context.language)}{new}".split())
    return Transition(context.stay(Street(whole[:LONGEST_STREET])))


def street_given(context: DialogueContext, intent: Intent) -> Transition:
    """Go on to the house; a street of one letter is asked for again."""
    state = context.stage
    assert isinstance(state, Street)
    street = " ".join(text(state, context.language).split())
    if len(street) < SHORTEST_STREET:
        return Transition(context)
    return Transition(context.stay(House(street[:1].upper() + street[1:])))


def house_said(context: DialogueContext, intent: Intent) -> Transition:
    """A house has a number, but may have a letter or a second number too: 52а, 52/3."""
    words = " ".join(intent.text.split())
    whole = words if any(character.isdigit() for character in words) else digits_of(intent)
    return house_given(context, whole[:LONGEST_HOUSE])


def house_given(context: DialogueContext, number: str) -> Transition:
    """Go on to the flat; without a number the house is asked for again."""
    state = context.stage
    assert isinstance(state, House)
    return Transition(context.stay(Flat(state.street, number)) if number else context)


def flat_given(context: DialogueContext, number: str) -> Transition:
    """A flat, or none: read the whole address back."""
    state = context.stage
    assert isinstance(state, Flat) and context.reader
    parts = [state.street, state.house]
    if number:
        parts.append(prompt(context, "address.flat", number=number).text)
    return Transition(context.go(Confirm(SetAddress(context.reader.ticket, ", ".join(parts)))))


def no_flat(context: DialogueContext, intent: Intent) -> Transition:
    """A house of one flat: read the address back."""
    return flat_given(context, "")


def kept(context: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The address is on file; from now on it is only said masked."""
    assert isinstance(answer, Reader)
    context = replace(context, reader=answer).go(Booked())
    line = replace(prompt(context, "done.address", address=answer.address_hint), private=True)
    return Transition(context, (line,), booking=Booking("address", answer.ticket))


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
