"""The end: goodbye, the reader gone, a person on the line, and what a station forgets."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Preferences
from voice.dialogue.commands import Answer, AnyCommand, HandOver
from voice.dialogue.context import DialogueContext, is_open
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature
from voice.dialogue.no_match import part
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Goodbye, Start
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def goodbye(state: DialogueContext, intent: Intent) -> Transition:
    """Part; before that, once, ask whether changed settings may be kept."""
    if worth_remembering(state):
        ended = replace(state, stage=Goodbye(), trail=(Goodbye(),))
        return Transition(ended, then=Intent(IntentName.REMEMBER, {}, state.language))
    return part(state, "talk.goodbye")


def declined(state: DialogueContext, intent: Intent) -> Transition:
    """A no where nothing was offered asks what else is wished; a second one in a row parts."""
    if state.declined:
        return goodbye(state, intent)
    return Transition(replace(state, declined=True), (prompt(state, "talk.what_then"),), quiet=True)


def person(state: DialogueContext, intent: Intent) -> Transition:
    """A librarian takes over, with the place of the dialogue and the last intent as context: nothing personal."""
    context = f"{state.name}: {state.context}" if state.context else state.name
    ticket = state.reader.ticket if state.reader else ""
    wait = () if _closed(state) else (prompt(state, "person.wait"),)
    return Transition(state, wait, ask=HandOver(context, ticket))


def worth_remembering(state: DialogueContext) -> bool:
    """Something was changed, the reader is known and has not been asked."""
    kept = state.reader.preferences if state.reader else Preferences()
    return bool(state.reader) and not state.asked_to_remember and state.preferences != kept


def unreachable(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """Nobody can come, and why."""
    key = "person.no_number" if event.prompt == "refused_no_number" else "person.unreachable"
    return Transition(state, (prompt(state, key),), question=True)


def handed_over(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Either a librarian is on the line or a call-back has been noted; outside their hours that is said."""
    if answer is True:
        return Transition(state, (prompt(state, "person.coming"),), quiet=True)
    if state.reader is None and not state.profile.line.can_call_back:
        return Transition(state, (prompt(state, "person.no_number"),), question=True)
    return Transition(state, (prompt(state, "person.closed" if _closed(state) else "person.later"),), question=True)


def _closed(state: DialogueContext) -> bool:
    return bool(state.profile.staffed) and not is_open(state.now, state.profile.staffed)


FEATURE = Feature(
    everywhere={IntentName.PERSON: person, IntentName.GOODBYE: goodbye},
    states={
        Start: {IntentName.NO: declined},
        Goodbye: {IntentName.NO: goodbye},
        Booked: {IntentName.NO: goodbye},
    },
    answers={HandOver: handed_over},
    failures={HandOver: unreachable},
)
