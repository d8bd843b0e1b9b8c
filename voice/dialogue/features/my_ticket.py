"""The reader's ticket: another PIN, another telephone number, a ticket that is lost, a number that is forgotten.

PIN and telephone are changed only where nobody else hears it, and only after the PIN has been given for just that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from voice.dialogue.commands import BarTicket, ChangePhone, ChangePin, LeaveForStaff
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState, DigitEntry
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, answer_to, failure_of, for_state, nothing
from voice.dialogue.no_match import offer_person
from voice.dialogue.number_entry import (
    NUMBER,
    PARTS,
    digit_key,
    entered,
    identify_first,
    is_simple_pin,
    telephone_number,
)
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Confirm, Pin, Ticket
from voice.dialogue.turn import Booking, Transition
from voice.values.change_policy import Cost
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

GOES_ON = {IntentName.CHANGE_PIN: IntentName.CHOOSE_PIN, IntentName.CHANGE_PHONE: IntentName.CHOOSE_PHONE}
"""What is asked for -> what goes on when the PIN has been given for it."""


@dataclass(frozen=True, slots=True)
class ChosenPin(DigitEntry):
    """The new PIN is keyed, and once more: nobody sees what was keyed."""

    name = "chosen_pin"
    expects = ExpectedInput.PIN
    most = 8
    chosen: str = ""
    """What was keyed first; "" before that."""

    @property
    def question(self) -> str:
        return "chosen_pin_again" if self.chosen else "chosen_pin"


@dataclass(frozen=True, slots=True)
class ChosenPhone(DigitEntry):
    """The new telephone number is keyed."""

    name = "chosen_phone"
    expects = ExpectedInput.PHONE
    most = 15


def change(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Ask for the PIN, also of a reader who is known: somebody else may have the telephone in hand by now."""
    if not context.profile.private:
        return Transition(context, (prompt(context, "identity.change_not_here"),), question=True)
    goes_on = Intent(GOES_ON[IntentName(intent.name)], {}, context.language)
    if context.reader is None:
        return identify_first(context, goes_on)
    return Transition(context.go(Pin(goes_on, context.reader.ticket)), (prompt(context, "identity.pin_first"),))


def choose(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The PIN has just been given: ask for the new one, or for the new number."""
    if context.reader is None:
        return identify_first(context, intent)
    return Transition(context.go(ChosenPin() if intent.name == IntentName.CHOOSE_PIN else ChosenPhone()))


def pin_chosen(context: DialogueContext, state: ChosenPin, digits: str) -> Transition:
    """Keyed for the first time it is asked for again; twice the same, it is read back that it changes."""
    assert context.reader
    if not state.chosen and is_simple_pin(digits):
        return Transition(context.stay(ChosenPin()), (prompt(context, "identity.pin_too_simple"),))
    if not state.chosen:
        return Transition(context.stay(ChosenPin(digits)))
    if digits != state.chosen:
        return Transition(context.stay(ChosenPin()), (prompt(context, "identity.pins_differ"),))
    return Transition(context.go(Confirm(ChangePin(context.reader.ticket, digits))))


def phone_chosen(context: DialogueContext, state: ChosenPhone, digits: str) -> Transition:
    """A whole number is read back; a part of one is kept, and the rest is waited for."""
    assert context.reader
    if number := telephone_number(digits):
        return Transition(context.go(Confirm(ChangePhone(context.reader.ticket, number))))
    part = prompt(context, "identity.phone_part", n=len(digits))
    return Transition(context.stay(ChosenPhone(digits=digits)), (part,))


def pin_changed(context: DialogueContext, command: ChangePin, answer: None) -> Transition:
    """The new PIN is in force; it is never said."""
    return Transition(context.go(Booked()), (prompt(context, "done.pin_changed"),), booking=_changed(command.ticket))


def phone_changed(context: DialogueContext, command: ChangePhone, answer: None) -> Transition:
    """The new number is kept."""
    line = replace(prompt(context, "done.phone_changed", digits=command.phone[-2:]), private=True)
    return Transition(context.go(Booked()), (line,), booking=_changed(command.ticket))


def _changed(ticket: str) -> Booking:
    return Booking("ticket", ticket)


def lost(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Read back that the ticket is barred; whose it is has to be known for that, and may be left to the staff."""
    if context.reader is None:
        return Transition(context.go(Ticket(intent)), (prompt(context, "identity.lost_ticket"),))
    return Transition(context.go(Confirm(BarTicket(context.reader.ticket))))


def barred(context: DialogueContext, command: BarTicket, answer: None) -> Transition:
    """The ticket opens nothing any more, also not for who is on the line; the staff read that a new one is needed."""
    context = replace(context, reader=None, basket=(), undo=None, begun=None).go(Booked())
    line = LeaveForStaff(IntentName.LOST_TICKET, f"{IntentName.LOST_TICKET}: barred", command.ticket)
    done = prompt(context, "done.ticket_barred")
    return Transition(context, (done,), command=line, booking=_changed(command.ticket))


def not_barred(context: DialogueContext, command: BarTicket, event: Failed, sentence: Line) -> Transition | None:
    """Where the library's system does not let Dauys do it, the staff do."""
    if event.prompt == "outcome_unknown":
        return None
    line = LeaveForStaff(IntentName.LOST_TICKET, f"{IntentName.LOST_TICKET}: not barred yet", command.ticket)
    return Transition(context, command=line)


def ticket_forgotten(context: DialogueContext, state: Ticket, intent: Intent) -> Transition:
    """A number that nobody remembers ends the sign-in of a lost ticket only, which the staff then look up; of all else
    the ways out are said."""
    if state.then.name == IntentName.LOST_TICKET:
        line = LeaveForStaff(IntentName.LOST_TICKET, f"{IntentName.LOST_TICKET}: number not known")
        return Transition(context.leave(), command=line)
    return Transition(context, (prompt(context, "identity.ticket_forgotten"),), question=True)


def pin_forgotten(context: DialogueContext, state: Pin, intent: Intent) -> Transition:
    """The sign-in stands; who sets a new PIN, and what can be done without one."""
    return Transition(context, (prompt(context, "identity.pin_forgotten"),), question=True)


def forgotten(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Said where neither was asked for: a librarian can help, if that is wished."""
    return offer_person(context, "offer_librarian", "talk.for_librarian", intent.text)


FEATURE = Feature(
    states=(
        for_state(ChosenPin, {**NUMBER, IntentName.ENTERED: entered(pin_chosen)}, keys=digit_key),
        for_state(ChosenPhone, {**NUMBER, **PARTS, IntentName.ENTERED: entered(phone_chosen)}, keys=digit_key),
        for_state(Ticket, {IntentName.FORGOTTEN: ticket_forgotten}),
        for_state(Pin, {IntentName.FORGOTTEN: pin_forgotten}),
    ),
    anywhere={
        IntentName.CHANGE_PIN: change,
        IntentName.CHANGE_PHONE: change,
        IntentName.CHOOSE_PIN: choose,
        IntentName.CHOOSE_PHONE: choose,
        IntentName.LOST_TICKET: lost,
        IntentName.FORGOTTEN: forgotten,
    },
    answers=(
        answer_to(ChangePin, nothing, pin_changed),
        answer_to(ChangePhone, nothing, phone_changed),
        answer_to(BarTicket, nothing, barred),
    ),
    failures=(failure_of(BarTicket, not_barred),),
    costs=dict.fromkeys((IntentName.CHANGE_PIN, IntentName.CHANGE_PHONE, IntentName.LOST_TICKET), Cost.ENDING),
)
