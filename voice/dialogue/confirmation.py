"""The confirmation policy: what is done with words that are not sure enough for what they would do.

Features say at their registration which intent costs what (voice.values.change_policy.Cost), and that policy says how
sure each must be. Typed words and keys have no confidence and are certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voice.dialogue import commands
from voice.dialogue.commands import AnyCommand
from voice.dialogue.context import DialogueContext, Undo
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Event, NotUnderstood, Pressed, Said, TurnedDown, Unsure
from voice.dialogue.key_bindings import bound
from voice.dialogue.no_match import not_heard
from voice.dialogue.phrasing import prompt
from voice.dialogue.reading_room import reading_commands
from voice.dialogue.states import Booked, Confirm, Doubt
from voice.dialogue.turn import Transition
from voice.values.change_policy import (
    LEAST_CONFIDENCE,
    MIN_BARGE_IN_CONFIDENCE,
    MIN_HARMLESS_BARGE_IN_CONFIDENCE,
    MIN_HEARD_CONFIDENCE,
    MIN_READ_BACK_SCORE,
    MIN_YES_CONFIDENCE,
    Cost,
)
from voice.values.intents import Intent, IntentName


def doubt(context: DialogueContext, event: Said, cost: Cost) -> Transition | None:
    """What is done instead of obeying, when the words were too unclear for that; None when they were clear enough.

    `cost` is what the intent costs here (registry.cost_of).
    """
    name, confidence = event.intent.name, event.confidence
    confirms = cost == Cost.CONFIRMING
    least = MIN_BARGE_IN_CONFIDENCE if event.over_speech and confirms else LEAST_CONFIDENCE[cost]
    if confidence is None or confidence >= least:
        return None
    if is_unheard(event):
        return not_heard(context)
    here = replace(context, misses=0, silences=0, grace=0)
    if isinstance(context.state, Confirm) or confirms:
        # What was misheard must not cost the question that waits.
        return Transition(here, (prompt(here, "confirm.again"),), question=True)
    if name in (IntentName.YES, IntentName.NO) or event.intent.score < MIN_READ_BACK_SCORE:
        return not_heard(context)
    asked = Doubt(event.intent)
    return Transition(here.stay(asked) if isinstance(context.state, Doubt) else here.go(asked))


def is_unheard(event: Said | Unsure | TurnedDown | NotUnderstood) -> bool:
    """Whether the words are too unclear for anything at all."""
    return event.confidence is not None and event.confidence < MIN_HEARD_CONFIDENCE


def breaks_in(event: Said, cost: Cost, *, short: bool) -> bool:
    """Whether words that came while Dauys itself was speaking are sure enough for what they would do.

    An unsure yes is let through, to be asked for again: that is quicker than to wait for the end of a read-back.
    What is not may be its own echo, or somebody else in the room. `short`: they took less time than a sentence would.
    """
    if event.confidence is None:
        return True
    if cost == Cost.CONFIRMING:
        return event.confidence >= MIN_YES_CONFIDENCE
    least = MIN_HARMLESS_BARGE_IN_CONFIDENCE if cost == Cost.HARMLESS and not short else MIN_BARGE_IN_CONFIDENCE
    return event.confidence >= least


def meant(context: DialogueContext, state: Doubt, intent: Intent) -> Transition:
    """Yes, that was meant."""
    return Transition(context.leave(), then=state.intent)


def declined(context: DialogueContext, state: Doubt, intent: Intent) -> Transition:
    """No: back to where the reader was."""
    return Transition(context.leave(), question=True)


def undo_read_back(context: DialogueContext, undo: Undo) -> Confirm:
    """The read-back of what is to be taken back."""
    return Confirm(undo.command, undo.titles, used_holds=undo.used_holds, position=undo.position)


BOOKED: Mapping[type[AnyCommand], str] = {commands.CancelHold: "hold", commands.CancelDelivery: "delivery"}
"""What each of them takes back, as the slot `booked` names it."""


def names_another(intent: Intent, command: type[AnyCommand]) -> bool:
    """Whether the reader named another kind of booking than what `command` takes back."""
    return intent.slots.get("booked", BOOKED[command]) != BOOKED[command]


AGREES: Mapping[type[AnyCommand], frozenset[str]] = {
    commands.PlaceHold: frozenset({IntentName.RESERVE}),
    commands.CancelHold: frozenset({IntentName.CANCEL, IntentName.UNDO}),
    commands.CancelDelivery: frozenset({IntentName.CANCEL, IntentName.UNDO}),
    commands.Renew: frozenset({IntentName.RENEW}),
    commands.RenewAll: frozenset({IntentName.RENEW, IntentName.RENEW_ALL}),
    commands.BookDelivery: frozenset({IntentName.DELIVER}),
    commands.BookCollection: frozenset({IntentName.RETURN_PICKUP}),
    commands.MoveDelivery: frozenset({IntentName.MOVE}),
    commands.Register: frozenset({IntentName.REGISTER}),
    commands.SuspendHold: frozenset({IntentName.SUSPEND, IntentName.RESUME_HOLD}),
    commands.KeepHistory: frozenset({IntentName.HISTORY, IntentName.FORGET_HISTORY}),
    commands.ChangePin: frozenset({IntentName.CHANGE_PIN}),
    commands.ChangePhone: frozenset({IntentName.CHANGE_PHONE}),
    commands.BarTicket: frozenset({IntentName.LOST_TICKET}),
    commands.SetAddress: frozenset({IntentName.ADDRESS, IntentName.NEW_ADDRESS}),
    commands.SavePreferences: frozenset({IntentName.REMEMBER}),
    reading_commands.AllowPlaces: frozenset({IntentName.KEEP_PLACE}),
    reading_commands.ForgetPlaces: frozenset({IntentName.FORGET_PLACES}),
}
"""Intents that name what a read-back asks about: said after a yes, they are that yes."""


AMENDS = frozenset(
    {
        IntentName.ADD,
        IntentName.CHANGE,
        IntentName.LATER,
        IntentName.NOTE,
        IntentName.ONCE_ADDRESS,
        IntentName.SOMEONE_ELSE,
        IntentName.TAKE_OUT,
        IntentName.WHEN,
    }
)
"""Intents that change what a read-back is about: after a yes, as in "yes, but on Friday", they are no yes yet."""


def judged(state: Confirm, intent: Intent) -> Intent:
    """What an intent means to a pending read-back: `yes` when it was said after a yes, names what is asked about and
    nothing else (no other book, no place); `half_yes` when it does one without the other; else the intent itself."""
    if intent.name in AMENDS:
        return intent
    if intent.name == IntentName.GOODBYE:  # "yes, goodbye": the call must not end before it is clear whether to book
        return replace(intent, name=IntentName.HALF_YES) if intent.agreed else intent
    kind = BOOKED.get(type(state.command))
    said = {("count", len(state.titles)), ("booked", kind)}  # "yes, both", of two; "yes, cancel the hold"
    agrees = intent.name in AGREES[type(state.command)] and said >= set(intent.slots.items())
    if agrees or intent.agreed:
        return replace(intent, name=IntentName.YES if agrees and intent.agreed else IntentName.HALF_YES)
    return intent


def half_yes(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Yes to something else, or the verb without the yes: neither changes anything, and it is asked again."""
    return Transition(context, (prompt(context, "confirm.only_yes"),), question=True)


def yes(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """The only way to a change. The confirmation is left at once, so that a second yes books nothing."""
    begun = None if context.begun and context.begun.request == state.request else context.begun
    return Transition(replace(context.leave(), begun=begun), command=state.command)


def is_too_early(event: Event, meant_at: DialogueState, taken_at: DialogueState) -> bool:
    """Return whether `event`, which the reader made at `meant_at`, must not count at `taken_at`.

    She made it while Dauys was busy, before she could know what comes. A PIN that is keyed again because nothing is
    heard must not open a record, call a librarian or, by its 1, be the yes to a read-back that was not heard yet.
    """
    if taken_at is meant_at:
        return False
    if isinstance(event, Pressed) and meant_at.takes_digits and not taken_at.takes_digits:
        return True
    if isinstance(taken_at, Booked):
        return isinstance(event, Pressed) and bound(taken_at.name, event.digit) == IntentName.UNDO
    return isinstance(taken_at, Confirm | Doubt) and _is_yes(event, taken_at)


def _is_yes(event: Event, asked: Confirm | Doubt) -> bool:
    if isinstance(event, Pressed):
        return bound(asked.name, event.digit) == IntentName.YES
    if not isinstance(event, Said):
        return False
    agrees = AGREES[type(asked.command)] if isinstance(asked, Confirm) else frozenset()
    return event.intent.agreed or event.intent.name == IntentName.YES or event.intent.name in agrees
