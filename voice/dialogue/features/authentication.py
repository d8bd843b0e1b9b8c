"""Who the reader is: ticket and PIN, keyed by default and never spoken back."""

from __future__ import annotations

from dataclasses import fields, replace

from catalogue_client.values.accounts import PendingRequest, Preferences, Reader
from voice.dialogue.commands import (
    AcknowledgeRequestOutcomes,
    Answer,
    AnyCommand,
    Identify,
    ListDeliveries,
    ListRequestOutcomes,
)
from voice.dialogue.context import DialogueContext
from voice.dialogue.entry import entered
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature
from voice.dialogue.phrasing import name, prompt, refusal
from voice.dialogue.states import Pin, Ticket
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ANNOUNCED = frozenset({IntentName.MY_DELIVERIES, IntentName.CANCEL, IntentName.CONNECT_COURIER})
"""Intents that bring up the deliveries by themselves."""


def ticket_given(state: DialogueContext, digits: str) -> Transition:
    """Over a private line the last two digits are said back; elsewhere nothing is."""
    stage = state.stage
    assert isinstance(stage, Ticket)
    say: tuple[Line, ...] = ()
    if state.profile.private and state.profile.line.reads_back_ticket:
        say = (replace(prompt(state, "identity.ticket_ends", digits=digits[-2:]), private=True),)
    return Transition(state.stay(Pin(stage.then, digits)), say)


def pin_given(state: DialogueContext, digits: str) -> Transition:
    """Look the reader up by ticket and PIN."""
    stage = state.stage
    assert isinstance(stage, Pin)
    return Transition(state, ask=Identify(stage.ticket, digits))


def identified(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The reader's settings come into force; then the intent that waited, after news of deliveries that went wrong."""
    assert isinstance(ask, Identify) and isinstance(answer, Reader)
    stage = state.stage
    then = stage.then if isinstance(stage, Pin) else Intent(IntentName.WHERE_AM_I, {}, state.language)
    state = state.leave() if isinstance(stage, Pin) else state
    preferences = merged(state.preferences, answer.preferences)
    language = preferences.language if preferences.language and not state.spoke else state.language
    state = replace(state, reader=answer, preferences=preferences, language=language)
    return Transition(state, (prompt(state, "identity.welcome"),), ask=ListRequestOutcomes(answer.ticket, then))


def on_request_outcomes(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """What became of requests that had to wait for the library system is said once, without being asked for."""
    assert isinstance(ask, ListRequestOutcomes) and isinstance(answer, tuple)
    requests = tuple(request for request in answer if isinstance(request, PendingRequest))
    if not requests:
        return go_on(state, ask.then)
    return Transition(
        state,
        tuple(_outcome(state, request) for request in requests),
        ask=AcknowledgeRequestOutcomes(tuple(request.key for request in requests), ask.then),
    )


def outcomes_heard(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The intent goes on that the outcomes came before."""
    assert isinstance(ask, AcknowledgeRequestOutcomes)
    return go_on(state, ask.then)


def go_on(state: DialogueContext, then: Intent | None) -> Transition:
    """The intent that waited for the ticket; a reader who has deliveries first hears what went wrong with them."""
    then = then or Intent(IntentName.WHERE_AM_I, {}, state.language)
    if state.reader and state.reader.deliveries and then.name not in ANNOUNCED:
        return Transition(state, ask=ListDeliveries(state.reader.ticket, then))
    return Transition(state, then=then)


def _outcome(state: DialogueContext, request: PendingRequest) -> Line:
    title = name(state, request.title)
    if request.kind == "delivery" and request.state != "done":
        return prompt(state, "waited.no_delivery")
    if request.state == "done":
        return prompt(state, f"waited.{request.kind}", title=title)
    match request.rule:
        case "unavailable":
            reason = prompt(state, "waited.too_long")
        case "not_found":
            reason = prompt(state, "error.not_found")
        case rule:
            reason = refusal(state, rule)
    return prompt(state, "waited.refused", title=title, reason=reason.text)


def merged(now: Preferences, kept: Preferences) -> Preferences:
    """What the reader chose in this conversation wins over what was remembered."""
    values = {field.name: getattr(now, field.name) for field in fields(Preferences)}
    return replace(kept, **{name: value for name, value in values.items() if value is not None})


def unread(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """The outcomes can be heard another time: the intent goes on."""
    assert isinstance(event.ask, ListRequestOutcomes | AcknowledgeRequestOutcomes)
    return go_on(state, event.ask.then)


def refused(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """One answer for an unknown ticket and a wrong PIN: the PIN again, and how many tries are left; the star leads to
    another ticket. A lock ends the attempt."""
    stage = state.stage
    if not isinstance(stage, Pin):
        return Transition(state, (sentence,), question=True)
    if event.prompt == "wrong_ticket_or_pin":
        left = dict(event.values).get("count")
        tries = (prompt(state, "identity.tries_left", count=left),) if isinstance(left, int) else ()
        return Transition(state.stay(Pin(stage.then, stage.ticket)), (sentence, *tries))
    return Transition(state.leave(), (sentence,), question=True)


FEATURE = Feature(
    states={Ticket: {IntentName.ENTERED: entered(ticket_given)}, Pin: {IntentName.ENTERED: entered(pin_given)}},
    answers={
        Identify: identified,
        ListRequestOutcomes: on_request_outcomes,
        AcknowledgeRequestOutcomes: outcomes_heard,
    },
    failures={Identify: refused, ListRequestOutcomes: unread, AcknowledgeRequestOutcomes: unread},
)
