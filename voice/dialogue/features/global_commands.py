"""What works everywhere: help, repeat, back, stop, where am I, undo, a person, language, rate and volume."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.confirmation import declined, meant, undo_read_back
from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Feature
from voice.dialogue.lists import names_number
from voice.dialogue.navigation import back, start_over
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import (
    Booked,
    Confirm,
    CourierNotes,
    DeliveryDetail,
    DeliveryList,
    Doubt,
    Goodbye,
    HoldDetail,
    HoldList,
    SlotList,
    Start,
)
from voice.dialogue.turn import Control, Transition
from voice.values.intents import Intent, IntentName

GRACE = 6
"""Silences passed over after the reader has asked for time: two minutes."""


def help_here(state: DialogueContext, intent: Intent) -> Transition:
    """What can be said here, then what can be said anywhere."""
    say = (prompt(state, f"help.{state.name}"), prompt(state, "help.anywhere"))
    return Transition(state, say, quiet=True)


def repeat(state: DialogueContext, intent: Intent) -> Transition:
    """The last answer again, to the letter; it also gives more time."""
    return Transition(replace(state, grace=1), state.said, quiet=bool(state.said))


def stop(state: DialogueContext, intent: Intent) -> Transition:
    """Fall silent and listen."""
    return Transition(state, quiet=True, controls=frozenset({Control.STOP}))


def thanks(state: DialogueContext, intent: Intent) -> Transition:
    """A thank-you is answered, and the question stands."""
    return Transition(state, (prompt(state, "talk.thanks"),), question=True)


def greeting(state: DialogueContext, intent: Intent) -> Transition:
    """A greeting is answered, and the question stands."""
    return Transition(state, (prompt(state, "greeting"),), question=True)


def delivery_price(state: DialogueContext, intent: Intent) -> Transition:
    """What a delivery costs and for whom; asking orders nothing."""
    return Transition(state, (prompt(state, "talk.delivery_price"),), question=True)


def where_am_i(state: DialogueContext, intent: Intent) -> Transition:
    """Name the place, and say again what stands there."""
    return Transition(state, (prompt(state, f"where.{state.name}"),))


def undo(state: DialogueContext, intent: Intent) -> Transition:
    """Take back what the word is about: what is open, else what was just booked while its time lasts.

    At once only right after the booking, where nothing else can be meant and nothing is lost by it; anywhere else it is
    read back first.
    """
    stage = state.stage
    if isinstance(stage, Confirm | SlotList | CourierNotes | Doubt) or not (stage.kept or isinstance(stage, Goodbye)):
        return back(state, intent)
    if isinstance(stage, HoldList | HoldDetail | DeliveryList | DeliveryDetail):
        return Transition(state, then=Intent(IntentName.CANCEL, intent.slots, state.language, intent.text))
    if state.undo is None:
        return Transition(state, (prompt(state, "talk.nothing_to_undo"),), question=True)
    if state.now > state.undo.until:
        return Transition(replace(state, undo=None), (prompt(state, "talk.too_late_to_undo"),), question=True)
    if not isinstance(stage, Booked) or state.undo.costs:
        return Transition(state.go(undo_read_back(state, state.undo)))
    return Transition(replace(state, undo=None).leave(), ask=state.undo.ask)


def cancel_booked(state: DialogueContext, intent: Intent) -> Transition | None:
    """To cancel, said right after a booking: it may be another that is meant, so it is read back."""
    if state.undo is None or state.now > state.undo.until or names_number(intent):
        return None if state.reader else undo(state, intent)
    return Transition(state.go(undo_read_back(state, state.undo)))


def wait(state: DialogueContext, intent: Intent) -> Transition:
    """The reader needs time: silence is not minded for a while."""
    return Transition(replace(state, grace=GRACE), (prompt(state, "talk.take_your_time"),), quiet=True)


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
    states={
        Start: {IntentName.YES: start_over},
        Goodbye: {IntentName.YES: start_over},
        Booked: {IntentName.YES: start_over, IntentName.CANCEL: cancel_booked},
        Doubt: {IntentName.YES: meant, IntentName.NO: declined, IntentName.CANCEL: declined},
    },
)
