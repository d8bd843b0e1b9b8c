"""What works everywhere: help, repeat, back, stop, where am I, undo, a person, language, rate and volume."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.confirmation import declined, meant, names_another, undo_read_back
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.lists import names_number
from voice.dialogue.navigation import back, start_over
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Doubt, Goodbye, Start
from voice.dialogue.turn import Control, Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName

GRACE = 6
"""Silences passed over after the reader has asked for time: two minutes."""


def help_here(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What can be said here, then what can be said anywhere."""
    say = (prompt(context, f"help.{context.name}"), prompt(context, "help.anywhere"))
    return Transition(context, say, quiet=True)


def repeat(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The last answer again, to the letter; it also gives more time."""
    return Transition(replace(context, grace=1), context.said, quiet=bool(context.said))


def stop(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Fall silent and listen."""
    return Transition(context, quiet=True, controls=frozenset({Control.STOP}))


def thanks(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """A thank-you is answered, and the question stands; to an offer it is a polite no."""
    if isinstance(state, Doubt) and state.intent.name == IntentName.PERSON:
        context = context.leave()
    return Transition(context, (prompt(context, "talk.thanks"),), question=True)


def greeting(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """A greeting is answered, and the question stands."""
    return Transition(context, (prompt(context, "greeting"),), question=True)


def delivery_price(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What a delivery costs and for whom; asking orders nothing."""
    return Transition(context, (prompt(context, "talk.delivery_price"),), question=True)


def where_am_i(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Name the place, and say again what stands there."""
    return Transition(context, (prompt(context, f"where.{context.name}"),))


def undo(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Take back what the word is about: what is open, else what was just booked while its time lasts.

    At once only right after the booking, where nothing else can be meant and nothing is lost by it; anywhere else it is
    read back first.
    """
    if not state.kept and not isinstance(state, Goodbye):
        return back(context, state, intent)
    if state.undo_cancels:
        return Transition(context, then=Intent(IntentName.CANCEL, intent.slots, context.language, intent.text))
    if context.undo is None:
        return Transition(context, (prompt(context, "talk.nothing_to_undo"),), question=True)
    if names_another(intent, type(context.undo.command)):
        return Transition(context, then=Intent(IntentName.CANCEL, intent.slots, context.language, intent.text))
    if context.now > context.undo.until:
        return Transition(replace(context, undo=None), (prompt(context, "talk.too_late_to_undo"),), question=True)
    if not (isinstance(state, Booked) and state.undoable) or context.undo.costs:
        return Transition(context.go(undo_read_back(context, context.undo)))
    return Transition(replace(context, undo=None).leave(), command=context.undo.command)


def cancel_booked(context: DialogueContext, state: Booked, intent: Intent) -> Transition | None:
    """To cancel, said right after a booking: it may be another that is meant, so it is read back."""
    another = context.undo is not None and names_another(intent, type(context.undo.command))
    if context.undo is None or context.now > context.undo.until or names_number(intent) or another:
        return None if context.reader else undo(context, state, intent)
    return Transition(context.go(undo_read_back(context, context.undo)))


def wait(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The reader needs time: silence is not minded for a while."""
    return Transition(replace(context, grace=GRACE), (prompt(context, "talk.take_your_time"),), quiet=True)


FEATURE = Feature(
    everywhere={
        IntentName.HELP: help_here,
        IntentName.REPEAT: repeat,
        IntentName.BACK: back,
        IntentName.STOP: stop,
        IntentName.WHERE_AM_I: where_am_i,
        IntentName.DELIVERY_PRICE: delivery_price,
        IntentName.UNDO: undo,
        IntentName.WAIT: wait,
        IntentName.START_OVER: start_over,
        IntentName.THANKS: thanks,
        IntentName.GREETING: greeting,
    },
    states=(
        for_state(Start, {IntentName.YES: start_over}),
        for_state(Goodbye, {IntentName.YES: start_over}),
        for_state(Booked, {IntentName.YES: start_over, IntentName.CANCEL: cancel_booked}),
        for_state(Doubt, {IntentName.YES: meant, IntentName.NO: declined, IntentName.CANCEL: declined}),
    ),
    costs={
        **dict.fromkeys(
            (
                IntentName.HELP,
                IntentName.REPEAT,
                IntentName.BACK,
                IntentName.STOP,
                IntentName.WHERE_AM_I,
                IntentName.DELIVERY_PRICE,
                IntentName.WAIT,
                IntentName.THANKS,
                IntentName.GREETING,
                IntentName.YES,
                IntentName.NO,
                IntentName.NEXT,
                IntentName.PREVIOUS,
                IntentName.SELECT,
                IntentName.MORE,
                IntentName.DIGITS,
            ),
            Cost.HARMLESS,
        ),
        **dict.fromkeys((IntentName.UNDO,), Cost.ENDING),
    },
)
