"""Numbers keyed digit by digit or said at once: ticket, PIN, telephone, list number. `#` ends, `*` begins again.

While a number is keyed every digit is a digit. `0` and then `#` alone is no such number and brings a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from voice.conversation.identifying import pin_given, ticket_given
from voice.conversation.misses import not_understood
from voice.conversation.move import Move
from voice.conversation.registering import phone_given, pin_chosen
from voice.conversation.searching import search
from voice.conversation.stages import Flat, House, NewPin, Number, Phone, Pin, Stage, Ticket
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.conversation.turn import Control
from voice.understanding.intent import Intent

Entry = Ticket | Pin | Phone | NewPin | Number | House | Flat


def number_given(state: State, digits: str) -> Move:
    """The list entry with this number."""
    return Move(state.leave(), then=Intent("select", {"n": int(digits)}, state.language))


TAKES: Mapping[type[Stage], tuple[int, Callable[[State, str], Move]]] = {
    Ticket: (14, ticket_given),
    Pin: (8, pin_given),
    Phone: (15, phone_given),
    NewPin: (8, pin_chosen),
    Number: (3, number_given),
    House: (5, lambda state, digits: Move(state, then=Intent("house", {}, state.language, digits))),
    Flat: (5, lambda state, digits: Move(state, then=Intent("flat", {}, state.language, digits))),
}
"""The most digits of each number, and who takes it."""


def begin_number(state: State, intent: Intent) -> Move:
    """Key the number of a list entry."""
    return Move(state.go(Number()))


def pressed(state: State, key: str) -> Move:
    """One key while a number is keyed."""
    stage = state.stage
    assert isinstance(stage, Entry)
    match key:
        case "#":
            return finish(state, stage.digits)
        case "*" if stage.digits:
            return Move(state.stay(replace(stage, digits="")), (tell(state, "identity.cleared"),), question=True)
        case "*":
            return Move(state, then=Intent("back", {}, state.language))
    most, _ = TAKES[type(stage)]
    if len(stage.digits) >= most:
        return Move(state, (tell(state, "identity.too_many_digits", count=most),), quiet=True)
    kept = state.stay(replace(stage, digits=stage.digits + key))
    return Move(kept, quiet=True, controls=frozenset({Control.TICK}))


def given_up(state: State, intent: Intent) -> Move:
    """No: the reader does not want to give a number after all. Nothing has changed."""
    return Move(replace(state.leave(), basket=()), (tell(state, "confirm.nothing_booked"),), question=True)


def searched(state: State, intent: Intent) -> Move:
    """A book can be looked for instead; words that nobody called a book are no reason to leave a half-keyed number."""
    return not_understood(state) if intent.bare else search(state, intent)


def finish(state: State, digits: str) -> Move:
    """The number is complete."""
    if digits == "0":
        return Move(state, then=Intent("person", {}, state.language))
    if not digits:
        # A house may have one flat only: then there is no number, and the wish "no" says so.
        return Move(state, then=Intent("no", {}, state.language)) if isinstance(state.stage, Flat) else Move(state)
    most, take = TAKES[type(state.stage)]
    if len(digits) > most:
        return Move(state, (tell(state, "identity.too_many_digits", count=most),), question=True)
    return take(state, digits)


def said(state: State, intent: Intent) -> Move:
    """A number said or typed at once needs no `#`."""
    return finish(state, digits_of(intent))


def digits_of(intent: Intent) -> str:
    """The digits in a wish: its slot, else those among its words; "" without any."""
    given = str(intent.slots.get("digits", ""))
    if not given:
        given = intent.text if any(character.isdigit() for character in intent.text) else str(intent.slots.get("n", ""))
    return "".join(character for character in given if character.isascii() and character.isdigit())
