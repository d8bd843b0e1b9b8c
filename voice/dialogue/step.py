"""step: one event in, one turn out. Pure: the same state and event always give the same turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from voice.dialogue import registry
from voice.dialogue.commands import Search
from voice.dialogue.confirmation import doubt, is_unheard
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import (
    Answered,
    Began,
    Broke,
    Event,
    Failed,
    HeardOut,
    Left,
    NotUnderstood,
    Pressed,
    Routed,
    Said,
    ServiceEnding,
    Silence,
    TurnedDown,
    Unsure,
)
from voice.dialogue.key_bindings import meaning, routed
from voice.dialogue.navigation import announced, awaits_book, kept, next_request, queue, records, without_dependents
from voice.dialogue.no_match import left, not_heard, silence, unsure
from voice.dialogue.phrasing import prompt, request_name
from voice.dialogue.reply_language import listening
from voice.dialogue.states import Booked
from voice.dialogue.turn import Transition, Turn
from voice.values.lines import Line

ACTS = (Said, Unsure, TurnedDown, NotUnderstood, Pressed, Routed)
"""Events by which a reader interrupts what is being said."""
MOST_INTENTS = 8
"""Intents that one event may lead through, those that waited included."""


def step(context: DialogueContext, event: Event, now: datetime | None = None) -> Turn:
    """The answer to `event`. `now` sets the conversation's clock; without it the clock stands."""
    context = replace(context, now=now) if now else context
    if context.profile.line.follows_speech and isinstance(event, ACTS):
        context = replace(context, state=context.state.interrupted())
    return _turn(_transition(context, event), context)


def _transition(context: DialogueContext, event: Event) -> Transition:
    match event:
        case Began():
            return _greet(context)
        case Said():
            return _said(context, event)
        case Unsure():
            return _unsure(context, event)
        case TurnedDown():
            return not_heard(context) if is_unheard(event) else registry.refused(context, event)
        case NotUnderstood():
            return not_heard(context) if is_unheard(event) else registry.words(context, event.text)
        case Pressed(digit):
            return registry.pressed(_attentive(_kept(context, digit)), digit)
        case Routed(record):
            return _routed(_attentive(context), record)
        case Silence():
            return silence(context)
        case HeardOut():
            return registry.heard(context)
        case Left():
            return left(context)
        case ServiceEnding():
            return Transition(context, (prompt(context, "talk.closing"),), quiet=True, aside=True)
        case Answered():
            return registry.answered(context, event)
        case Failed():
            return registry.failed(without_dependents(context), event)
        case Broke():
            return registry.broke(without_dependents(context), event)
    assert_never(event)


def _turn(move: Transition, before: DialogueContext) -> Turn:
    """Follow a transition to its end and say what is to be said there."""
    say = move.say
    booking, controls = move.booking, move.controls
    for _ in range(MOST_INTENTS):
        if move.then is not None:
            move = registry.act(move.context, move.then)
            say += move.say
        elif move.command is None and (queued := next_request(move.context)):
            say += () if move.quiet or move.question else registry.content(move.context)
            say += (prompt(move.context, "queued.now", what=request_name(move.context, queued)),)
            move = registry.act(replace(move.context, queued=move.context.queued[1:]), queued)
            say += move.say
        else:
            break
        booking, controls = booking or move.booking, controls | move.controls
    context = move.context
    if move.command is None and not move.quiet:
        say += (registry.question(context),) if move.question else registry.present(context)
        say += _offered_again(context, before)
        context = context.hears_question()
    if say and not move.aside:
        context = replace(context, said=say)
    return Turn(context, say, move.command, context.state.expects, controls, records(context), booking)


def _offered_again(context: DialogueContext, before: DialogueContext) -> tuple[Line, ...]:
    """What was begun is kept: said when something comes between, and when that has come to its end."""
    if context.begun is None or context.state.request:
        return ()
    ended = isinstance(context.state, Booked) and not isinstance(before.state, Booked)
    return (prompt(context, "confirm.kept"),) if ended or context.begun is not before.begun else ()


def _greet(context: DialogueContext) -> Transition:
    say: tuple[Line, ...] = (prompt(context, "greeting"),)
    if context.profile.line.shared_device and not context.profile.private:
        say = (*say, prompt(context, "talk.station"))
    return Transition(context, say)


def _attentive(context: DialogueContext) -> DialogueContext:
    """The reader did something: misses and silences are counted again."""
    return replace(context, misses=0, silences=0, grace=0)


def _kept(context: DialogueContext, key: str) -> DialogueContext:
    """What waits goes on waiting while digits or letters are keyed; elsewhere a key is an intent like any other."""
    return context if registry.is_keyed(context) else kept(context, meaning(context, key).name)


def _unsure(context: DialogueContext, event: Unsure) -> Transition:
    if is_unheard(event) or not event.intents:
        return not_heard(context)
    return unsure(listening(context, Said(event.intents[0], event.confidence)), event.intents)


def _said(context: DialogueContext, event: Said) -> Transition:
    event = replace(event, intent=registry.judged(context, event.intent))
    context = queue(context, event.then) if event.then else kept(context, event.intent.name)
    if doubted := doubt(context, event, registry.cost_of(context, event.intent.name)):
        return doubted
    context = listening(_attentive(context), event)
    move = registry.act(context, event.intent)
    if event.then and awaits_book(move.context, event.intent) and move.command is None:
        # "Reserve, and goodbye", where it has to be said which: what follows waits for that.
        move = replace(move, context=replace(move.context, queued=(event.intent, *move.context.queued)))
    if event.then:
        move = replace(move, say=(*announced(context, event.intent), *move.say))
    if isinstance(move.command, Search):
        return replace(
            move, command=replace(move.command, query=replace(move.command.query, alternatives=event.alternatives))
        )
    return move


def _routed(context: DialogueContext, record: int | None) -> Transition:
    """A routing key chooses the entry that its line is about; over any other line nothing is done."""
    intent = routed(context, record)
    if intent is None:
        return Transition(context, (prompt(context, "talk.nothing_on_this_line"),), question=True)
    return registry.act(context, intent)
