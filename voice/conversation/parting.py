"""The end: goodbye, the reader gone, a person on the line, and what a station forgets."""

from __future__ import annotations

from dataclasses import replace

from voice.channels.call import ChannelKind
from voice.conversation.asks import Ask, HandOver
from voice.conversation.events import Answer
from voice.conversation.manner import remember, worth_remembering
from voice.conversation.move import Move
from voice.conversation.stages import Goodbye
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.conversation.turn import Control
from voice.conversation.visiting import is_open
from voice.understanding.intent import Intent


def goodbye(state: State, intent: Intent) -> Move:
    """Part; before that, once, ask whether changed settings may be kept."""
    if worth_remembering(state):
        asked = remember(replace(state, stage=Goodbye(), trail=()), intent)
        return replace(asked, state=replace(asked.state, trail=(Goodbye(),)))
    return part(state, "talk.goodbye")


def declined(state: State, intent: Intent) -> Move:
    """A no where nothing was offered asks what else is wished; a second one in a row parts."""
    if state.declined:
        return goodbye(state, intent)
    return Move(replace(state, declined=True), (tell(state, "talk.what_then"),), quiet=True)


def part(state: State, farewell: str) -> Move:
    """Say the last words in the reader's language and forget the reader."""
    say = (tell(state, farewell),)
    controls = {Control.FORGET}
    if state.profile.kind is not ChannelKind.STATION:
        controls.add(Control.HANG_UP)
    return Move(replace(state.forget(), stage=Goodbye()), say, quiet=True, controls=frozenset(controls))


def left(state: State) -> Move:
    """Nobody is there any more: nothing is said, everything is forgotten."""
    return Move(state.forget(), quiet=True, controls=frozenset({Control.FORGET}))


def person(state: State, intent: Intent) -> Move:
    """A librarian takes over, with the place of the dialogue and the last wish as context: nothing personal."""
    context = f"{state.name}: {state.context}" if state.context else state.name
    ticket = state.reader.ticket if state.reader else ""
    wait = () if _closed(state) else (tell(state, "person.wait"),)
    return Move(state, wait, ask=HandOver(context, ticket))


def handed_over(state: State, ask: Ask, answer: Answer) -> Move:
    """Either a librarian is on the line or a call-back has been noted; outside their hours that is said."""
    if answer is True:
        return Move(state, (tell(state, "person.coming"),), quiet=True)
    if state.reader is None and state.profile.kind is not ChannelKind.TELEPHONE:
        return Move(state, (tell(state, "person.no_number"),), question=True)
    return Move(state, (tell(state, "person.closed" if _closed(state) else "person.later"),), question=True)


def _closed(state: State) -> bool:
    return bool(state.profile.staffed) and not is_open(state.now, state.profile.staffed)
