"""A complaint: taken down in the reader's own words, as a line for the staff."""

from __future__ import annotations

from dataclasses import dataclass

from voice.dialogue.commands import LeaveForStaff
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.number_entry import identify_first
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName

LINE = "line"
"""Slot of the intent: what is left for the staff, when it has been said already."""
LONGEST_COMPLAINT = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Complaint(DialogueState):
    """The reader says in her own words what went wrong."""

    name = "complaint"
    expects = ExpectedInput.SPEECH
    kept = False
    takes_words = True
    may_be_empty = True


def complain(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Ask what went wrong, if it was not said yet; who answers the complaint has to have a number to call."""
    if context.reader is None and not context.profile.line.can_call_back:
        return identify_first(context, intent)
    if line := str(intent.slots.get(LINE, "")):
        return Transition(context, command=LeaveForStaff(IntentName.COMPLAINT, line, context.ticket))
    return Transition(context.go(Complaint()))


def complained(context: DialogueContext, state: Complaint, intent: Intent) -> Transition:
    """The words go to the staff as they were said."""
    return _left(context, f"{IntentName.COMPLAINT}: {intent.text[:LONGEST_COMPLAINT]}")


def without_words(context: DialogueContext, state: Complaint, intent: Intent) -> Transition:
    """Who says nothing more is called back all the same."""
    return _left(context, IntentName.COMPLAINT)


def _left(context: DialogueContext, words: str) -> Transition:
    return Transition(context.leave(), command=LeaveForStaff(IntentName.COMPLAINT, words, context.ticket))


def dropped(context: DialogueContext, state: Complaint, intent: Intent) -> Transition:
    """No: there is no complaint after all."""
    return Transition(context.leave(), question=True)


FEATURE = Feature(
    states=(for_state(Complaint, {IntentName.NO: dropped, IntentName.NUMBER: without_words, "*": complained}),),
    anywhere={IntentName.COMPLAINT: complain},
    costs={IntentName.COMPLAINT: Cost.ENDING},
)
