"""What works everywhere: help, repeat, back, stop, where am I, undo, a person, language, rate and volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voice.conversation import following, manner, parting, spelling
from voice.conversation.confirming import undo_read_back
from voice.conversation.identifying import known
from voice.conversation.menu import menu
from voice.conversation.move import Handler, Move
from voice.conversation.paging import Paged, names_number, previous_page
from voice.conversation.stages import (
    Booked,
    Confirm,
    Deliveries,
    Doubt,
    Goodbye,
    Holds,
    Notes,
    OpenedDelivery,
    OpenedHold,
    Pin,
    Slots,
    Start,
    Ticket,
)
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.conversation.turn import Control
from voice.understanding.intent import Intent

GRACE = 6
"""Silences passed over after the reader has asked for time: two minutes."""


def help_here(state: State, intent: Intent) -> Move:
    """What can be said here, then what can be said anywhere."""
    say = (tell(state, f"help.{state.name}"), tell(state, "help.anywhere"))
    return Move(state, say, quiet=True)


def repeat(state: State, intent: Intent) -> Move:
    """The last answer again, to the letter; it also gives more time."""
    return Move(replace(state, grace=1), state.said, quiet=bool(state.said))


def back(state: State, intent: Intent) -> Move:
    """The three before, else the place before. To leave a read-back or the windows books nothing."""
    stage = state.stage
    match stage:
        case Pin():
            return Move(state.stay(Ticket(stage.then)))
        case Notes():
            return Move(state.stay(stage.confirm))
        case Slots() if stage.first:
            return previous_page(state, intent)
        case Confirm() | Slots():
            return Move(replace(state.leave(), basket=()), (tell(state, "confirm.nothing_booked"),))
        case _ if isinstance(stage, Paged) and stage.first:
            return previous_page(state, intent)
        case Start() if not state.trail:
            return Move(state, (tell(state, "talk.at_the_beginning"),), question=True)
    return Move(state.leave())


def stop(state: State, intent: Intent) -> Move:
    """Fall silent and listen."""
    return Move(state, quiet=True, controls=frozenset({Control.STOP}))


def thanks(state: State, intent: Intent) -> Move:
    return Move(state, (tell(state, "talk.thanks"),), question=True)


def greeting(state: State, intent: Intent) -> Move:
    return Move(state, (tell(state, "greeting"),), question=True)


def delivery_price(state: State, intent: Intent) -> Move:
    """What a delivery costs and for whom; asking orders nothing."""
    return Move(state, (tell(state, "talk.delivery_price"),), question=True)


def where_am_i(state: State, intent: Intent) -> Move:
    return Move(state, (tell(state, f"where.{state.name}"),))


def undo(state: State, intent: Intent) -> Move:
    """Take back what the word is about: what is open, else what was just booked while its time lasts.

    At once only right after the booking, where nothing else can be meant and nothing is lost by it; anywhere else it is
    read back first.
    """
    stage = state.stage
    if isinstance(stage, Confirm | Slots | Notes | Doubt) or not (stage.kept or isinstance(stage, Goodbye)):
        return back(state, intent)
    if isinstance(stage, Holds | OpenedHold | Deliveries | OpenedDelivery):
        return Move(state, then=Intent("cancel", intent.slots, state.language, intent.text))
    if state.undo is None:
        return Move(state, (tell(state, "talk.nothing_to_undo"),), question=True)
    if state.now > state.undo.until:
        return Move(replace(state, undo=None), (tell(state, "talk.too_late_to_undo"),), question=True)
    if not isinstance(stage, Booked) or state.undo.costs:
        return Move(state.go(undo_read_back(state, state.undo)))
    return Move(replace(state, undo=None).leave(), ask=state.undo.ask)


def cancel_booked(state: State, intent: Intent) -> Move:
    """A wish to cancel that names a booking, right after one: it may be another that is meant, so it is read back."""
    if state.undo is None or state.now > state.undo.until or names_number(intent):
        return following.deliveries(state, intent) if state.reader else undo(state, intent)
    return Move(state.go(undo_read_back(state, state.undo)))


def wait(state: State, intent: Intent) -> Move:
    """The reader needs time: silence is not minded for a while."""
    return Move(replace(state, grace=GRACE), (tell(state, "talk.take_your_time"),), quiet=True)


def start_over(state: State, intent: Intent) -> Move:
    """From the beginning; the reader stays known."""
    return Move(replace(state, stage=Start(), trail=(), basket=(), waiting=None))


UNIVERSAL: Mapping[str, Handler] = {
    "help": help_here,
    "repeat": repeat,
    "back": back,
    "stop": stop,
    "where_am_i": where_am_i,
    "delivery_price": delivery_price,
    "undo": undo,
    "wait": wait,
    "start_over": start_over,
    "person": parting.person,
    "language": manner.language,
    "slower": manner.rate,
    "faster": manner.rate,
    "louder": manner.volume,
    "quieter": manner.volume,
    "brief": manner.length,
    "full": manner.length,
    "capitals": manner.capitals,
    "grade": manner.grade,
    "remember": known(manner.remember),
    "recording": manner.recording,
    "recording_off": manner.recording_off,
    "menu": menu,
    "spell": spelling.spell,
    "thanks": thanks,
    "greeting": greeting,
    "goodbye": parting.goodbye,
}
"""Wishes answered before the place of the dialogue is asked."""
