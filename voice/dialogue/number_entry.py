"""Numbers keyed digit by digit or said at once: ticket, PIN, telephone, list number. `#` ends, `*` begins again.

While a number is keyed every digit is a digit. `0` and then `#` alone is no such number and brings a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DigitEntry
from voice.dialogue.feature import Handler, Handlers, S
from voice.dialogue.no_match import not_understood
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Pin, Ticket
from voice.dialogue.turn import Control, Transition
from voice.values.intents import Intent, IntentName

COUNTRY = "7"
"""Kazakhstan's country code."""
NATIONAL = 10
"""Digits of a national number."""
SHORTEST_PIN = 4


def identify_first(context: DialogueContext, intent: Intent) -> Transition:
    """Ask for the ticket; the intent goes on when the reader is known. What is asked for while the ticket or the PIN is
    given takes the place of what was asked for before, and nothing that was given is lost."""
    state = context.state
    if isinstance(state, Ticket | Pin):
        return Transition(context.stay(replace(state, then=intent)))
    return Transition(context.go(Ticket(intent)))


def is_simple_pin(digits: str) -> bool:
    """Return whether a PIN is too easily guessed: under four digits, or one digit repeated."""
    return len(digits) < SHORTEST_PIN or len(set(digits)) == 1


def telephone_number(digits: str) -> str:
    """Return a telephone number in E.164 form; "" while digits are missing. 8 or nothing before the ten national digits
    means Kazakhstan; anything else is left to the library to judge."""
    if len(digits) < NATIONAL:
        return ""
    if len(digits) == NATIONAL:
        digits = COUNTRY + digits
    elif len(digits) == NATIONAL + 1 and digits[0] == "8":
        digits = COUNTRY + digits[1:]
    return f"+{digits}"


def digits_of(intent: Intent) -> str:
    """The digits in an intent: its slot, else those among its words; "" without any."""
    given = str(intent.slots.get("digits", ""))
    if not given:
        given = intent.text if any(character.isdigit() for character in intent.text) else str(intent.slots.get("n", ""))
    return "".join(character for character in given if character.isascii() and character.isdigit())


def entered(take: Callable[[DialogueContext, S, str], Transition]) -> Handler[S]:
    """Return the handler of a complete number, which `take` is given; without a digit the question stands."""

    def handler(context: DialogueContext, state: S, intent: Intent) -> Transition:
        digits = digits_of(intent)
        return take(context, state, digits) if digits else Transition(context)

    return handler


def digit_key(context: DialogueContext, state: DigitEntry, key: str) -> Transition:
    """One key while a number is keyed."""
    match key:
        case "#":
            return _finish(context, state, state.digits)
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


def _given_up(context: DialogueContext, state: DigitEntry, intent: Intent) -> Transition:
    """No: the reader does not want to give a number after all. Nothing has changed."""
    return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),), question=True)


def _searched(context: DialogueContext, state: DigitEntry, intent: Intent) -> Transition | None:
    """A book can be looked for instead; words that nobody called a book are no reason to leave a half-keyed number."""
    return not_understood(context) if intent.bare else None


def _finish(context: DialogueContext, state: DigitEntry, digits: str) -> Transition:
    """The number is complete."""
    if digits == "0":
        return Transition(context, then=Intent(IntentName.PERSON, {}, context.language))
    if not digits:
        # A house may have one flat only: then there is no number, and "no" says so.
        if state.may_be_empty:
            return Transition(context, then=Intent(IntentName.NO, {}, context.language))
        return Transition(context)
    if len(digits) > state.most:
        return Transition(context, (prompt(context, "identity.too_many_digits", count=state.most),), question=True)
    return Transition(context, then=Intent(IntentName.ENTERED, {}, context.language, digits))


def _said(context: DialogueContext, state: DigitEntry, intent: Intent) -> Transition:
    """A number said or typed at once needs no `#`."""
    return _finish(context, state, digits_of(intent))


def _part_said(context: DialogueContext, state: DigitEntry, intent: Intent) -> Transition:
    """People say a long number in groups: digits said at once join those that were given before."""
    whole = state.digits + digits_of(intent)
    if len(whole) > state.most:
        return Transition(context.stay(replace(state, digits="")), (prompt(context, "error.refused_phone_invalid"),))
    if not whole:
        return Transition(context)
    return Transition(context, then=Intent(IntentName.ENTERED, {}, context.language, whole))


NUMBER: Handlers[DigitEntry] = {
    IntentName.DIGITS: _said,
    IntentName.SELECT: _said,
    IntentName.MORE: _said,
    IntentName.NO: _given_up,
    IntentName.SEARCH: _searched,
}
"""What a place is answered with where a number is keyed; ENTERED is the place's own."""

PARTS: Handlers[DigitEntry] = dict.fromkeys((IntentName.DIGITS, IntentName.SELECT, IntentName.MORE), _part_said)
"""Over NUMBER, for a number that may come in parts: however one of them is understood, it is one."""
