"""The number of a list entry, keyed digit by digit or said."""

from __future__ import annotations

from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.number_entry import NUMBER, digit_key, entered
from voice.dialogue.states import ListNumberEntry
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName


def number_given(context: DialogueContext, state: ListNumberEntry, digits: str) -> Transition:
    """The list entry with this number."""
    return Transition(context.leave(), then=Intent(IntentName.SELECT, {"n": int(digits)}, context.language))


FEATURE = Feature(
    states=(for_state(ListNumberEntry, {**NUMBER, IntentName.ENTERED: entered(number_given)}, keys=digit_key),),
)
