"""The end: goodbye, the reader gone, a person on the line, and what a station forgets."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.commands import Command, HandOver
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Answer
from voice.dialogue.features.places import is_open
from voice.dialogue.features.preferences import remember, worth_remembering
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Goodbye
from voice.dialogue.transition import Transition
from voice.dialogue.turn import Control
from voice.values.audio import ChannelKind
from voice.values.intents import Intent


def goodbye(state: DialogueContext, intent: Intent) -> Transition:
    """Part; before that, once, ask whether changed settings may be kept."""
    if worth_remembering(state):
        asked = remember(replace(state, stage=Goodbye(), trail=()), intent)
        return replace(asked, state=replace(asked.state, trail=(Goodbye(),)))
    return part(state, "talk.goodbye")


def declined(state: DialogueContext, intent: Intent) -> Transition:
    """A no where nothing was offered asks what else is wished; a second one in a row parts."""
    if state.declined:
        return goodbye(state, intent)
    return Transition(replace(state, declined=True), (prompt(state, "talk.what_then"),), quiet=True)


def part(state: DialogueContext, farewell: str) -> Transition:
    """Say the last words in the reader's language and forget the reader."""
    say = (prompt(state, farewell),)
    controls = {Control.FORGET}
    if state.profile.kind is not ChannelKind.STATION:
        controls.add(Control.HANG_UP)
    return Transition(replace(state.forget(), stage=Goodbye()), say, quiet=True, controls=frozenset(controls))


def left(state: DialogueContext) -> Transition:
    """Nobody is there any more: nothing is said, everything is forgotten."""
    return Transition(state.forget(), quiet=True, controls=frozenset({Control.FORGET}))


def person(state: DialogueContext, intent: Intent) -> Transition:
    """A librarian takes over, with the place of the dialogue and the last wish as context: nothing personal."""
    context = f"{state.name}: {state.context}" if state.context else state.name
    ticket = state.reader.ticket if state.reader else ""
    wait = () if _closed(state) else (prompt(state, "person.wait"),)
    return Transition(state, wait, ask=HandOver(context, ticket))


def handed_over(state: DialogueContext, ask: Command, answer: Answer) -> Transition:
    """Either a librarian is on the line or a call-back has been noted; outside their hours that is said."""
    if answer is True:
        return Transition(state, (prompt(state, "person.coming"),), quiet=True)
    if state.reader is None and state.profile.kind is not ChannelKind.TELEPHONE:
        return Transition(state, (prompt(state, "person.no_number"),), question=True)
    return Transition(state, (prompt(state, "person.closed" if _closed(state) else "person.later"),), question=True)


def _closed(state: DialogueContext) -> bool:
    return bool(state.profile.staffed) and not is_open(state.now, state.profile.staffed)
