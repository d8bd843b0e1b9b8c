"""Where the reader lives: the street in words or letters, house and flat by number; read back, then kept.

Only where nobody else hears it, and for an address that is on file already only after the PIN has been given again.
"""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.records import Reader
from voice.conversation.asks import Ask, SetAddress
from voice.conversation.entry import digits_of
from voice.conversation.events import Answer
from voice.conversation.identifying import identify_first
from voice.conversation.move import Move
from voice.conversation.spelling import command, erase, letters_of, spells, text
from voice.conversation.stages import Booked, Confirm, Flat, House, Pin, Street
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.conversation.turn import Booking
from voice.understanding.intent import Intent

LONGEST_STREET = 80
LONGEST_HOUSE = 12
SHORTEST_STREET = 2


def address(state: State, intent: Intent) -> Move:
    """What is on file, and the way to another."""
    reader = state.reader
    if not state.profile.private:
        return Move(state, (tell(state, "address.not_here"),), question=True)
    if reader is None or not reader.has_address:
        return begin(state, intent)
    on_file = tell(state, "confirm.address", address=reader.address_hint)
    say = (replace(on_file, private=True), tell(state, "address.pin_again"))
    return Move(state.go(Pin(Intent("new_address", {}, state.language), reader.ticket)), say)


def begin(state: State, intent: Intent) -> Move:
    """Ask for the street; the PIN has just been given, or there is no address yet."""
    if state.reader is None:
        return identify_first(state, Intent("new_address", {}, state.language))
    if not state.profile.private:
        return Move(state, (tell(state, "address.not_here"),), question=True)
    return Move(state.go(Street()))


def street_said(state: State, intent: Intent) -> Move:
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
    return Move(state.stay(Street(whole[:LONGEST_STREET])))


def street_given(state: State, intent: Intent) -> Move:
    stage = state.stage
    assert isinstance(stage, Street)
    street = " ".join(text(stage, state.language).split())
    if len(street) < SHORTEST_STREET:
        return Move(state)
    return Move(state.stay(House(street[:1].upper() + street[1:])))


def house(state: State, intent: Intent) -> Move:
    return house_given(state, intent.text)


def house_said(state: State, intent: Intent) -> Move:
    """A house has a number, but may have a letter or a second number too: 52а, 52/3."""
    words = " ".join(intent.text.split())
    whole = words if any(character.isdigit() for character in words) else digits_of(intent)
    return house_given(state, whole[:LONGEST_HOUSE])


def house_given(state: State, number: str) -> Move:
    stage = state.stage
    assert isinstance(stage, House)
    return Move(state.stay(Flat(stage.street, number)) if number else state)


def flat(state: State, intent: Intent) -> Move:
    return flat_given(state, intent.text)


def flat_given(state: State, number: str) -> Move:
    """A flat, or none: read the whole address back."""
    stage = state.stage
    assert isinstance(stage, Flat) and state.reader
    parts = [stage.street, stage.house]
    if number:
        parts.append(tell(state, "address.flat", number=number).text)
    return Move(state.go(Confirm(SetAddress(state.reader.ticket, ", ".join(parts)))))


def no_flat(state: State, intent: Intent) -> Move:
    return flat_given(state, "")


def kept(state: State, ask: Ask, answer: Answer) -> Move:
    """The address is on file; from now on it is only told masked."""
    assert isinstance(answer, Reader)
    state = replace(state, reader=answer).go(Booked())
    line = replace(tell(state, "done.address", address=answer.address_hint), private=True)
    return Move(state, (line,), booking=Booking("address", answer.ticket))
