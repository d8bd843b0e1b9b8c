"""step: one event in, one turn out. Pure: the same state and event always give the same turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from voice.channels.call import ChannelKind
from voice.conversation import entry, failing, parting, spelling
from voice.conversation.agreeing import AGREES, judged
from voice.conversation.answers import ANSWERS
from voice.conversation.asks import Search
from voice.conversation.browsing import with_books
from voice.conversation.doubting import doubt, is_unheard
from voice.conversation.events import (
    Answered,
    Began,
    Broke,
    Closing,
    Event,
    Failed,
    Left,
    NotUnderstood,
    Pressed,
    Routed,
    Said,
    Silence,
)
from voice.conversation.keys import meaning, routed
from voice.conversation.lines import Line
from voice.conversation.misses import not_heard, not_here, not_understood, silence
from voice.conversation.move import Move
from voice.conversation.presenting import present, question, records
from voice.conversation.prompts import LANGUAGES
from voice.conversation.searching import bare
from voice.conversation.stages import (
    Booked,
    Confirm,
    Found,
    Goodbye,
    Letters,
    Name,
    Notes,
    OpenedRecord,
    Places,
    Spelt,
    Start,
    Street,
)
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.conversation.transitions import ANYWHERE, handler
from voice.conversation.turn import Turn
from voice.conversation.universal import UNIVERSAL
from voice.understanding.intent import Intent

UNCHANGING = frozenset({"yes", "no", "digits", "select", "stop", "next", "repeat"})
"""Wishes whose words are borrowed from one language into another; they do not change the language of the answers."""
DECIDED = 3
"""Words that outweigh the language which the reader has set."""
ALWAYS_MEANT = frozenset(UNIVERSAL).difference(*AGREES.values()) | {"no"}
"""Wishes that mean the same beside a pending question, after a yes too: "all right, once more"."""
FOR_BOOKS = frozenset({"reserve", "deliver"})
OF_BOOKS = FOR_BOOKS | {"select", "more", "availability", "read_on"}
"""Wishes about a book of the last results; they are understood after a booking too, where no book is on the table."""
MOST_WISHES = 5
"""Wishes that one event may lead through."""


def step(state: State, event: Event, now: datetime | None = None) -> Turn:
    """The answer to `event`. `now` sets the conversation's clock; without it the clock stands."""
    state = replace(state, now=now) if now else state
    return _turn(_move(state, event))


def _move(state: State, event: Event) -> Move:
    match event:
        case Began():
            return _greet(state)
        case Said():
            return _said(state, event)
        case NotUnderstood():
            return not_heard(state) if is_unheard(event) else _words(state, event.text)
        case Pressed(digit):
            return _pressed(_attentive(state), digit)
        case Routed(record):
            return _routed(_attentive(state), record)
        case Silence():
            return silence(state)
        case Left():
            return parting.left(state)
        case Closing():
            return Move(state, (tell(state, "talk.closing"),), quiet=True, aside=True)
        case Answered(ask, answer):
            return ANSWERS[type(ask)](state, ask, answer)
        case Failed():
            return failing.failed(state, event)
        case Broke():
            return failing.broke(state, event)
    assert_never(event)


def _turn(move: Move) -> Turn:
    """Follow a move to its end and say what is to be said there."""
    say = move.say
    for _ in range(MOST_WISHES):
        if move.then is None:
            break
        move = _act(move.state, move.then)
        say += move.say
    state = move.state
    if move.ask is None and not move.quiet:
        say += (question(state),) if move.question else present(state)
    if say and not move.aside:
        state = replace(state, said=say)
    return Turn(state, say, move.ask, state.stage.expects, move.controls, records(state), move.booking)


def _greet(state: State) -> Move:
    say: tuple[Line, ...] = (tell(state, "greeting"),)
    if state.profile.kind is ChannelKind.STATION and not state.profile.private:
        say = (*say, tell(state, "talk.station"))
    return Move(state, say)


def _attentive(state: State) -> State:
    """The reader did something: misses and silences are counted anew."""
    return replace(state, misses=0, silences=0, grace=0)


def _said(state: State, event: Said) -> Move:
    if isinstance(state.stage, Confirm) and event.intent.name not in ALWAYS_MEANT:
        event = replace(event, intent=judged(state.stage, event.intent))
    if doubted := doubt(state, event):
        return doubted
    state = _listening(_attentive(state), event)
    if isinstance(state.stage, Letters) and event.intent.name in ANYWHERE and spelling.wishes(event.intent):
        state = state.leave()
    move = _act(state, event.intent)
    if isinstance(move.ask, Search):
        return replace(move, ask=Search(replace(move.ask.query, alternatives=event.alternatives)))
    return move


def _listening(state: State, event: Said) -> State:
    """Answer in the language of the last whole utterance; the reader's setting wins when in doubt."""
    intent = event.intent
    if intent.language not in LANGUAGES or intent.language == state.language or intent.name in UNCHANGING:
        return state
    if not any(character.isalpha() for character in intent.text):
        return state
    certain = event.confidence is None or event.confidence >= 0.5
    decided = len(intent.text.split()) >= DECIDED
    if not certain or (state.preferences.language is not None and not decided):
        return state
    return replace(state, language=intent.language, spoke=True)


def _words(state: State, text: str) -> Move:
    """Words without a meaning of their own are still a name, a note, a place or letters where those are asked for."""
    if text.strip() and isinstance(state.stage, Letters | Street | Name | Notes | Places):
        return _act(_attentive(state), Intent("words", {"words": text}, state.language, text))
    if any(character.isdigit() for character in text) and isinstance(state.stage, entry.Entry):
        return _act(_attentive(state), Intent("digits", {}, state.language, text))
    if text.strip() and isinstance(state.stage, Start | Goodbye | Found | OpenedRecord | Booked):
        return bare(state, text)
    return not_understood(state)


def _routed(state: State, record: int | None) -> Move:
    """A routing key chooses the entry that its line is about; over any other line nothing is done."""
    intent = routed(state, record)
    if intent is None:
        return Move(state, (tell(state, "talk.nothing_on_this_line"),), question=True)
    return _act(state, intent)


def _pressed(state: State, key: str) -> Move:
    if isinstance(state.stage, entry.Entry):
        return entry.pressed(state, key)
    if isinstance(state.stage, Spelt):
        return spelling.pressed(state, key)
    return _act(state, meaning(state, key))


def _act(state: State, intent: Intent) -> Move:
    """Do what the reader wishes, wherever that leads."""
    answer = handler(state.stage, intent.name)
    if intent.name in FOR_BOOKS or (intent.name in OF_BOOKS and answer is None and state.stage.kept):
        state = with_books(state)
        answer = handler(state.stage, intent.name)
    state = replace(state, context=intent.name, declined=state.declined and intent.name == "no")
    return answer(state, intent) if answer else not_here(state, intent)
