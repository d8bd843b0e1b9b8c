"""step: one event in, one turn out. Pure: the same state and event always give the same turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from voice.dialogue import failing
from voice.dialogue.agreement import AGREES, judged
from voice.dialogue.answers import ANSWERS
from voice.dialogue.commands import Search
from voice.dialogue.confirmation import doubt, is_unheard
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import (
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
from voice.dialogue.features import digit_entry, ending, spelled_input
from voice.dialogue.features.global_commands import UNIVERSAL
from voice.dialogue.features.records import with_books
from voice.dialogue.features.search import bare
from voice.dialogue.key_bindings import meaning, routed
from voice.dialogue.no_match import not_heard, not_here, not_understood, silence
from voice.dialogue.phrasing import prompt
from voice.dialogue.presenting import present, question, records
from voice.dialogue.prompts import LANGUAGES
from voice.dialogue.states import (
    Booked,
    Confirm,
    CourierNotes,
    Goodbye,
    Letters,
    Name,
    PlaceList,
    RecordDetail,
    ResultList,
    Spelt,
    Start,
    Street,
)
from voice.dialogue.transition import Transition
from voice.dialogue.transitions import ANYWHERE, handler
from voice.dialogue.turn import Turn
from voice.values.audio import ChannelKind
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

UNCHANGING = frozenset(
    {
        IntentName.YES,
        IntentName.NO,
        IntentName.DIGITS,
        IntentName.SELECT,
        IntentName.STOP,
        IntentName.NEXT,
        IntentName.REPEAT,
    }
)
"""Wishes whose words are borrowed from one language into another; they do not change the language of the answers."""
MIN_WORDS_TO_SWITCH_LANGUAGE = 3
"""Words that outweigh the language which the reader has set."""
ALWAYS_MEANT = frozenset(UNIVERSAL).difference(*AGREES.values()) | {IntentName.NO}
"""Wishes that mean the same beside a pending question, after a yes too: "all right, once more"."""
FOR_BOOKS = frozenset({IntentName.RESERVE, IntentName.DELIVER})
OF_BOOKS = FOR_BOOKS | {IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON}
"""Wishes about a book of the last results; they are understood after a booking too, where no book is on the table."""
MOST_WISHES = 5
"""Wishes that one event may lead through."""


def step(state: DialogueContext, event: Event, now: datetime | None = None) -> Turn:
    """The answer to `event`. `now` sets the conversation's clock; without it the clock stands."""
    state = replace(state, now=now) if now else state
    return _turn(_move(state, event))


def _move(state: DialogueContext, event: Event) -> Transition:
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
            return ending.left(state)
        case Closing():
            return Transition(state, (prompt(state, "talk.closing"),), quiet=True, aside=True)
        case Answered(ask, answer):
            return ANSWERS[type(ask)](state, ask, answer)
        case Failed():
            return failing.failed(state, event)
        case Broke():
            return failing.broke(state, event)
    assert_never(event)


def _turn(move: Transition) -> Turn:
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


def _greet(state: DialogueContext) -> Transition:
    say: tuple[Line, ...] = (prompt(state, "greeting"),)
    if state.profile.kind is ChannelKind.STATION and not state.profile.private:
        say = (*say, prompt(state, "talk.station"))
    return Transition(state, say)


def _attentive(state: DialogueContext) -> DialogueContext:
    """The reader did something: misses and silences are counted again."""
    return replace(state, misses=0, silences=0, grace=0)


def _said(state: DialogueContext, event: Said) -> Transition:
    if isinstance(state.stage, Confirm) and event.intent.name not in ALWAYS_MEANT:
        event = replace(event, intent=judged(state.stage, event.intent))
    if doubted := doubt(state, event):
        return doubted
    state = _listening(_attentive(state), event)
    if isinstance(state.stage, Letters) and event.intent.name in ANYWHERE and spelled_input.wishes(event.intent):
        state = state.leave()
    move = _act(state, event.intent)
    if isinstance(move.ask, Search):
        return replace(move, ask=Search(replace(move.ask.query, alternatives=event.alternatives)))
    return move


def _listening(state: DialogueContext, event: Said) -> DialogueContext:
    """Answer in the language of the last whole utterance; the reader's setting wins when in doubt."""
    intent = event.intent
    if intent.language not in LANGUAGES or intent.language == state.language or intent.name in UNCHANGING:
        return state
    if not any(character.isalpha() for character in intent.text):
        return state
    certain = event.confidence is None or event.confidence >= 0.5
    decided = len(intent.text.split()) >= MIN_WORDS_TO_SWITCH_LANGUAGE
    if not certain or (state.preferences.language is not None and not decided):
        return state
    return replace(state, language=intent.language, spoke=True)


def _words(state: DialogueContext, text: str) -> Transition:
    """Words without a meaning of their own are still a name, a note, a place or letters where those are asked for."""
    state = replace(state, declined=False)
    if text.strip() and isinstance(state.stage, Letters | Street | Name | CourierNotes | PlaceList):
        return _act(_attentive(state), Intent(IntentName.WORDS, {"words": text}, state.language, text))
    if any(character.isdigit() for character in text) and isinstance(state.stage, digit_entry.Entry):
        return _act(_attentive(state), Intent(IntentName.DIGITS, {}, state.language, text))
    if text.strip() and isinstance(state.stage, Start | Goodbye | ResultList | RecordDetail | Booked):
        return bare(state, text)
    return not_understood(state)


def _routed(state: DialogueContext, record: int | None) -> Transition:
    """A routing key chooses the entry that its line is about; over any other line nothing is done."""
    intent = routed(state, record)
    if intent is None:
        return Transition(state, (prompt(state, "talk.nothing_on_this_line"),), question=True)
    return _act(state, intent)


def _pressed(state: DialogueContext, key: str) -> Transition:
    if isinstance(state.stage, digit_entry.Entry):
        return digit_entry.pressed(state, key)
    if isinstance(state.stage, Spelt):
        return spelled_input.pressed(state, key)
    return _act(state, meaning(state, key))


def _act(state: DialogueContext, intent: Intent) -> Transition:
    """Do what the reader wishes, wherever that leads."""
    answer = handler(state.stage, intent.name)
    if intent.name in FOR_BOOKS or (intent.name in OF_BOOKS and answer is None and state.stage.kept):
        state = with_books(state)
        answer = handler(state.stage, intent.name)
    state = replace(state, context=intent.name, declined=state.declined and intent.name == IntentName.NO)
    return answer(state, intent) if answer else not_here(state, intent)
