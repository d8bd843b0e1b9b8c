"""A new reader: telephone number, name if wished, a PIN of her own; read back, then a temporary ticket."""

from __future__ import annotations

from catalogue_client.records import Newcomer
from voice.conversation.asks import Register
from voice.conversation.move import Move
from voice.conversation.stages import Confirm, Name, NewPin, Phone
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.understanding.intent import Intent

LONGEST_NAME = 80
COUNTRY = "7"
"""Kazakhstan's country code."""
NATIONAL = 10
"""Digits of a national number."""


def register(state: State, intent: Intent) -> Move:
    return Move(state.go(Phone()))


def phone_given(state: State, digits: str) -> Move:
    """8 or nothing before the ten national digits means Kazakhstan; anything else is left to the library to judge."""
    if len(digits) < NATIONAL:
        return Move(state.stay(Phone()), (tell(state, "error.refused_phone_invalid"),))
    if len(digits) == NATIONAL:
        digits = COUNTRY + digits
    elif len(digits) == NATIONAL + 1 and digits[0] == "8":
        digits = COUNTRY + digits[1:]
    return Move(state.stay(Name(f"+{digits}")))


def name_given(state: State, intent: Intent) -> Move:
    stage = state.stage
    assert isinstance(stage, Name)
    return Move(state.stay(NewPin(stage.phone, intent.text[:LONGEST_NAME].strip().title())))


def no_name(state: State, intent: Intent) -> Move:
    stage = state.stage
    assert isinstance(stage, Name)
    return Move(state.stay(NewPin(stage.phone)))


def pin_chosen(state: State, digits: str) -> Move:
    stage = state.stage
    assert isinstance(stage, NewPin)
    if len(digits) < 4 or len(set(digits)) == 1:
        return Move(state.stay(NewPin(stage.phone, stage.newcomer)), (tell(state, "identity.pin_too_simple"),))
    return Move(state.go(Confirm(Register(Newcomer(stage.phone, stage.newcomer, digits)))))
