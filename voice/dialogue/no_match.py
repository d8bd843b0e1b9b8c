"""When the reader says nothing, or nothing that can be done: kept apart, helped further each time, never a dead end.

not heard        1 ask to say it again   2 that, and the keys    then as if not understood
not understood   1 say so and ask again   2 say what can be said here   3 offer the keys   4 offer a person
refused          1 say why and what can be said here      from the third on as if not understood
silence          1 ask again, offer time  2 say what can be said here   3 part, with nothing changed
"""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, Doubt, Goodbye, Which
from voice.dialogue.turn import Control, Transition
from voice.values.intents import Intent, IntentName
from voice.values.refusals import RefusalReason

MOST_REFUSALS = 2
"""In a row; then the reader may be asking for something that Dauys takes for talk."""


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
    if isinstance(context.state, Doubt | Confirm | Which):  # these would be lost by another question
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
    reads_back = isinstance(context.state, Confirm)
    if silences == 1:
        # What is read back may not have been heard: it is said whole once more.
        return Transition(context, (prompt(context, "talk.silence"),), question=not reads_back)
    if context.profile.line.patience is None or silences < context.profile.line.patience:
        say = (prompt(context, f"help.{context.name}"), prompt(context, "talk.more_time"))
        return Transition(context, (prompt(context, "confirm.nothing_yet"), *say) if reads_back else say, quiet=True)
    return part(context, "talk.silence_ended")


def not_here(context: DialogueContext) -> Transition:
    """The intent is understood but has no meaning at this place."""
    return Transition(context, (prompt(context, "talk.not_here"), prompt(context, f"help.{context.name}")), quiet=True)


def refused(context: DialogueContext, reason: RefusalReason, words: str) -> Transition:
    """Say why the `words` are not acted upon, and what can be said here. Nothing that was begun is lost."""
    match reason:
        case RefusalReason.NOT_UNDERSTOOD:
            return not_understood(context)
        case RefusalReason.LIBRARIAN:
            return offer_person(context, "offer_librarian", "talk.for_librarian", words)
        case RefusalReason.NO_PLAIN_YES if isinstance(context.state, Confirm | Doubt):
            here = replace(context, misses=0, silences=0)
            return Transition(here, (prompt(here, "confirm.only_yes"),), question=True)
        case RefusalReason.NO_PLAIN_YES:
            return not_understood(context)
        case RefusalReason.DECLINED if isinstance(context.state, Confirm):
            return Transition(context, then=Intent(IntentName.NO, {}, context.language))
        case RefusalReason.DECLINED:
            return Transition(
                replace(context, misses=0, silences=0), (prompt(context, "talk.declined"),), question=True
            )
    if context.misses >= MOST_REFUSALS:
        return not_understood(context)
    context = replace(context, misses=context.misses + 1, silences=0)
    say = prompt(context, f"talk.{reason}")
    if reason is RefusalReason.TOO_LONG or not context.state.kept:
        return Transition(context, (say,), question=True)
    return Transition(context, (say, prompt(context, f"help.{context.name}")), quiet=True)


def not_yet(context: DialogueContext, intent: Intent) -> Transition:
    """The intent is understood, but no feature answers it: say so, and offer a librarian."""
    offered = offer_person(context, "offer_person", "talk.not_yet_here", intent.text)
    if isinstance(offered.context.state, Doubt) and offered.context.state is not context.state:
        return replace(offered, say=(prompt(context, "talk.not_yet"),))
    return offered


def offer_person(context: DialogueContext, question: str, beside: str, words: str) -> Transition:
    """Ask whether a librarian shall take over, with the `words` as a note; where that would cost what was begun, only
    say `beside`, which names the key."""
    context = replace(context, misses=0, silences=0)
    if not (context.state.kept or context.state.resumed):
        return Transition(context, (prompt(context, beside),), question=True)
    note = {"note": words} if words else {}
    return Transition(context.go(Doubt(Intent(IntentName.PERSON, note, context.language), question)))


def unsure(context: DialogueContext, intents: tuple[Intent, ...]) -> Transition:
    """Ask which of two is meant; where that would cost what was begun, the question stands."""
    taking_back = {intent.name for intent in intents} <= {IntentName.CANCEL, IntentName.UNDO}
    if taking_back and (context.state.undo_cancels or context.state.request):
        return Transition(replace(context, misses=0, silences=0), then=replace(intents[0], name=IntentName.UNDO))
    if not (context.state.kept or context.state.resumed):
        return not_understood(context)
    return Transition(replace(context, misses=0, silences=0).go(Which(intents)))


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
