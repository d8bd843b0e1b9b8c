"""When the reader says nothing, or nothing that is understood: told apart, helped further each time, never a dead end.

not heard        1 ask to say it again   2 that, and the keys    then as if not understood
not understood   1 say so and ask again   2 say what can be said here   3 offer the keys   4 offer a person
silence          1 ask again, offer time  2 say what can be said here   3 part, with nothing changed
"""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.features.ending import part
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Confirm, Doubt, Start
from voice.dialogue.transition import Transition
from voice.dialogue.turn import Control
from voice.values.intents import Intent, IntentName


def not_understood(state: DialogueContext) -> Transition:
    """There was speech without a meaning for us."""
    misses = state.misses + 1
    state = replace(state, misses=misses, silences=0)
    match misses:
        case 1:
            return Transition(state, (prompt(state, "talk.not_understood"),), question=True)
        case 2:
            return Transition(
                state, (prompt(state, "talk.not_understood_again"), prompt(state, f"help.{state.name}")), quiet=True
            )
        case 3:
            return Transition(state, (prompt(state, "talk.use_keys"), prompt(state, "talk.keys")), question=True)
    state = replace(state, misses=0)
    if isinstance(state.stage, Doubt | Confirm):  # these would be lost by another question
        return Transition(state, (prompt(state, "help.anywhere"),), question=True)
    return Transition(state.go(Doubt(Intent(IntentName.PERSON, {}, state.language), "offer_person")))


def not_heard(state: DialogueContext) -> Transition:
    """There were words, too unclear for anything to be done with them."""
    if state.misses >= 2:
        return not_understood(state)
    say = [prompt(state, "talk.not_heard")]
    if state.misses == 1:
        say.append(prompt(state, "talk.keys"))
    return Transition(replace(state, misses=state.misses + 1, silences=0), tuple(say), question=True)


def silence(state: DialogueContext) -> Transition:
    """Nothing was said or keyed for the time that belongs to the channel."""
    if state.grace:
        passed = replace(state, grace=state.grace - 1)
        return Transition(passed, quiet=True, controls=frozenset({Control.TICK}))
    silences = state.silences + 1
    state = replace(state, silences=silences, misses=0)
    if silences == 1:
        return Transition(state, (prompt(state, "talk.silence"),), question=True)
    if state.profile.patience is None or silences < state.profile.patience:
        return Transition(state, (prompt(state, f"help.{state.name}"), prompt(state, "talk.more_time")), quiet=True)
    return part(state, "talk.silence_ended")


ABOUT_A_BOOK = frozenset({IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON})


def not_here(state: DialogueContext, intent: Intent) -> Transition:
    """The wish is understood but has no meaning at this place."""
    if intent.name == IntentName.AVAILABILITY and intent.slots.get("place"):
        return Transition(
            state, then=Intent(IntentName.SEARCH, {"place": intent.slots["place"]}, intent.language, intent.text)
        )
    if intent.name in ABOUT_A_BOOK and isinstance(state.stage, Start | Booked):
        return Transition(state, (prompt(state, "searching.which_book"),), question=True)
    return Transition(state, (prompt(state, "talk.not_here"), prompt(state, f"help.{state.name}")), quiet=True)
