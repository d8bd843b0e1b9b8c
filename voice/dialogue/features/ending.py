"""The end: goodbye, the reader gone, a person on the line, and what a station forgets."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Preferences
from voice.dialogue.commands import HandOver, LeaveForStaff
from voice.dialogue.context import DialogueContext, is_open
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On, answer_to, failure_of, for_state, nothing, one
from voice.dialogue.no_match import part
from voice.dialogue.number_entry import identify_first
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Doubt, Goodbye, Start
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

LINE = "line"
"""Slot of an intent that leaves a line for the staff: the line, when it has been said already."""
LONGEST_NOTE = 200
"""Characters of a reader's own words for the librarian."""


def goodbye(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Part; before that, once, ask whether changed settings may be kept.

    Of what waited for a yes it is said that it is not done.
    """
    unbooked = (prompt(context, "confirm.nothing_booked"),) if state.request and not isinstance(state, Doubt) else ()
    if worth_remembering(context):
        ended = replace(context, state=Goodbye(), trail=(Goodbye(),), begun=None, queued=())
        return Transition(ended, unbooked, then=Intent(IntentName.REMEMBER, {}, context.language))
    parted = part(context, "talk.goodbye")
    return replace(parted, say=(*unbooked, *parted.say))


def declined(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """A no where nothing was offered asks what else is wished; a second one in a row parts."""
    if context.declined:
        return goodbye(context, state, intent)
    return Transition(replace(context, declined=True), (prompt(context, "talk.what_then"),), quiet=True)


def person(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """A librarian takes over, with the place of the dialogue and the last intent as context: nothing personal but the
    words that the reader has agreed to pass on."""
    if isinstance(state, Doubt) and state.intent.name == IntentName.PERSON:
        context = context.leave()  # that was the question, and it is answered
    where = f"{context.name}: {context.last_intent}" if context.last_intent else context.name
    if note := str(intent.slots.get("note", ""))[:LONGEST_NOTE]:
        where = f"{where}: {note}"
    ticket = context.ticket
    wait = () if _closed(context) else (prompt(context, "person.wait"),)
    return Transition(context, wait, command=HandOver(where, ticket))


def call_back(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """A librarian calls back, at the hour that was said; without a line to call the reader has to be known."""
    if context.reader is None and not context.profile.line.can_call_back:
        return identify_first(context, intent)
    ticket = context.ticket
    words = str(intent.slots.get(LINE, "")) or f"{IntentName.CALL_BACK}: {intent.text[:LONGEST_NOTE]}"
    hour = str(intent.slots.get("when", ""))
    return Transition(context, command=LeaveForStaff(IntentName.CALL_BACK, words, ticket, hour))


def line_left(context: DialogueContext, command: LeaveForStaff, answer: None) -> Transition:
    """It is on the staff's list, and what they will do."""
    match command.kind:
        case IntentName.DELIVERY_MISSING:
            line = prompt(context, "done.delivery_missing", number=command.about)
        case IntentName.COMPLAINT | IntentName.LOST_TICKET as kind:
            line = prompt(context, f"done.{kind}")
        case _:
            line = prompt(context, "done.call_back_time" if command.about else "done.call_back")
    return Transition(context, (line,), question=True)


def not_left(context: DialogueContext, command: LeaveForStaff, event: Failed, sentence: Line) -> Transition:
    """Nobody will call, and why. Who can be called nowhere is asked for the ticket, and the line follows by itself."""
    if event.prompt != "refused_no_number" or context.reader is not None:
        return Transition(context, (prompt(context, "person.unreachable"),), question=True)
    if command.kind == IntentName.LOST_TICKET:
        return Transition(context, (prompt(context, "identity.lost_person"),), question=True)
    if command.kind == IntentName.DELIVERY_MISSING:
        return Transition(context, (prompt(context, "person.no_number"),), question=True)
    again = Intent(command.kind, {LINE: command.context, "when": command.about}, context.language)
    return replace(identify_first(context, again), say=(sentence,))


def worth_remembering(context: DialogueContext) -> bool:
    """Something was changed, the reader is known and has not been asked."""
    kept = context.reader.preferences if context.reader else Preferences()
    return bool(context.reader) and not context.asked_to_remember and context.preferences != kept


def unreachable(context: DialogueContext, command: HandOver, event: Failed, sentence: Line) -> Transition:
    """Nobody can come, and why."""
    key = "person.no_number" if event.prompt == "refused_no_number" else "person.unreachable"
    return Transition(context, (prompt(context, key),), question=True)


def handed_over(context: DialogueContext, command: HandOver, transferred: bool) -> Transition:
    """Either a librarian is on the line or a call-back has been noted; outside their hours that is said."""
    if transferred:
        return Transition(context, (prompt(context, "person.coming"),), quiet=True)
    if context.reader is None and not context.profile.line.can_call_back:
        return Transition(context, (prompt(context, "person.no_number"),), question=True)
    return Transition(
        context, (prompt(context, "person.closed" if _closed(context) else "person.later"),), question=True
    )


def _closed(context: DialogueContext) -> bool:
    return bool(context.profile.staffed) and not is_open(context.now, context.profile.staffed)


FEATURE = Feature(
    everywhere={IntentName.PERSON: person, IntentName.GOODBYE: goodbye},
    states=(
        for_state(Start, {IntentName.NO: On(declined, cost=Cost.ENDING)}),
        for_state(Goodbye, {IntentName.NO: On(goodbye, cost=Cost.ENDING)}),
        for_state(Booked, {IntentName.NO: On(goodbye, cost=Cost.ENDING)}),
    ),
    anywhere={IntentName.CALL_BACK: call_back},
    answers=(answer_to(HandOver, one(bool), handed_over), answer_to(LeaveForStaff, nothing, line_left)),
    failures=(failure_of(HandOver, unreachable), failure_of(LeaveForStaff, not_left)),
    costs={
        **dict.fromkeys(
            (
                IntentName.PERSON,
                IntentName.GOODBYE,
                IntentName.CALL_BACK,
            ),
            Cost.ENDING,
        ),
    },
)
