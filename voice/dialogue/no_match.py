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


def not_understood(context: DialogueContext) -> Transition:
    """There was speech without a meaning for us."""
    misses = context.misses + 1
    context = replace(context, misses=misses, silences=0)
    match misses:
        case 1:
            return Transition(context, (prompt(context, "talk.not_understood"),), question=True)
        case 2:
            return Transition(
                context,
                (prompt(context, "talk.not_understood_again"), prompt(context, f"help.{context.name}")),
                quiet=True,
            )
        case 3:
            return Transition(context, (prompt(context, "talk.use_keys"), prompt(context, "talk.keys")), question=True)
    context = replace(context, misses=0)
    if isinstance(context.state, Doubt | Confirm):  # these would be lost by another question
        return Transition(context, (prompt(context, "help.anywhere"),), question=True)
    return Transition(context.go(Doubt(Intent(IntentName.PERSON, {}, context.language), "offer_person")))


def not_heard(context: DialogueContext) -> Transition:
    """There were words, too unclear for anything to be done with them."""
    if context.misses >= 2:
        return not_understood(context)
    say = [prompt(context, "talk.not_heard")]
    if context.misses == 1:
        say.append(prompt(context, "talk.keys"))
    return Transition(replace(context, misses=context.misses + 1, silences=0), tuple(say), question=True)


def silence(context: DialogueContext) -> Transition:
    """Nothing was said or keyed for the time that belongs to the channel."""
    if context.grace:
        passed = replace(context, grace=context.grace - 1)
        return Transition(passed, quiet=True, controls=frozenset({Control.TICK}))
    silences = context.silences + 1
    context = replace(context, silences=silences, misses=0)
    if silences == 1:
        return Transition(context, (prompt(context, "talk.silence"),), question=True)
    if context.profile.line.patience is None or silences < context.profile.line.patience:
        return Transition(
            context, (prompt(context, f"help.{context.name}"), prompt(context, "talk.more_time")), quiet=True
        )
    return part(context, "talk.silence_ended")


def not_here(context: DialogueContext) -> Transition:
    """The intent is understood but has no meaning at this place."""
    return Transition(context, (prompt(context, "talk.not_here"), prompt(context, f"help.{context.name}")), quiet=True)


def part(context: DialogueContext, farewell: str) -> Transition:
    """Say the last words in the reader's language and forget the reader."""
    say = (prompt(context, farewell),)
    controls = {Control.FORGET}
    if not context.profile.line.shared_device:
        controls.add(Control.HANG_UP)
    return Transition(replace(context.forget(), state=Goodbye()), say, quiet=True, controls=frozenset(controls))


def left(context: DialogueContext) -> Transition:
    """Nobody is there any more: nothing is said, everything is forgotten."""
    return Transition(context.forget(), quiet=True, controls=frozenset({Control.FORGET}))
