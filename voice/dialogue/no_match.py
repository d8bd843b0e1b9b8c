"""When the reader says nothing, or nothing that is understood: kept apart, helped further each time, never a dead end.

not heard        1 ask to say it again   2 that, and the keys    then as if not understood
not understood   1 say so and ask again   2 say what can be said here   3 offer the keys   4 offer a person
silence          1 ask again, offer time  2 say what can be said here   3 part, with nothing changed
"""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, Doubt, Goodbye
from voice.dialogue.turn import Control, Transition
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
    if state.profile.line.patience is None or silences < state.profile.line.patience:
        return Transition(state, (prompt(state, f"help.{state.name}"), prompt(state, "talk.more_time")), quiet=True)
    return part(state, "talk.silence_ended")


def not_here(state: DialogueContext) -> Transition:
    """The intent is understood but has no meaning at this place."""
    return Transition(state, (prompt(state, "talk.not_here"), prompt(state, f"help.{state.name}")), quiet=True)


def part(state: DialogueContext, farewell: str) -> Transition:
    """Say the last words in the reader's language and forget the reader."""
    say = (prompt(state, farewell),)
    controls = {Control.FORGET}
    if not state.profile.line.shared_device:
        controls.add(Control.HANG_UP)
    return Transition(replace(state.forget(), stage=Goodbye()), say, quiet=True, controls=frozenset(controls))


def left(state: DialogueContext) -> Transition:
    """Nobody is there any more: nothing is said, everything is forgotten."""
    return Transition(state.forget(), quiet=True, controls=frozenset({Control.FORGET}))
