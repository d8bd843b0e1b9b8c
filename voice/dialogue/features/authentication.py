"""Who the reader is: ticket and PIN, keyed by default and never spoken back."""

from __future__ import annotations

from dataclasses import fields, replace

from catalogue_client.values.accounts import PendingRequest, Preferences, Reader
from catalogue_client.values.bibliographic import Record
from voice.dialogue.commands import (
    AcknowledgeRequestOutcomes,
    Identify,
    ListAuthorNews,
    ListDeliveries,
    ListRequestOutcomes,
)
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, answer_to, each, failure_of, for_state, nothing, one
from voice.dialogue.number_entry import NUMBER, digit_key, entered
from voice.dialogue.phrasing import name, prompt, refusal, titles
from voice.dialogue.reading_room.joined_places import joining
from voice.dialogue.states import Pin, Ticket
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ANNOUNCED = frozenset(
    {
        IntentName.MY_DELIVERIES,
        IntentName.CANCEL,
        IntentName.CONNECT_COURIER,
        IntentName.DELIVERY_MISSING,
        IntentName.MOVE,
    }
)
"""Intents that bring up the deliveries by themselves."""

MOST_NEWS = 3
"""Books of followed authors that are named; the others are counted."""


def ticket_given(context: DialogueContext, state: Ticket, digits: str) -> Transition:
    """Over a private line the last two digits are said back; elsewhere nothing is."""
    say: tuple[Line, ...] = ()
    if context.profile.private and context.profile.line.reads_back_ticket:
        say = (replace(prompt(context, "identity.ticket_ends", digits=digits[-2:]), private=True),)
    return Transition(context.stay(Pin(state.then, digits)), say)


def pin_given(context: DialogueContext, state: Pin, digits: str) -> Transition:
    """Look the reader up by ticket and PIN."""
    return Transition(context, command=Identify(state.ticket, digits))


def identified(context: DialogueContext, command: Identify, reader: Reader) -> Transition:
    """The reader's settings come into force; then the intent that waited, after news of deliveries that went wrong."""
    state = context.state
    then = state.then if isinstance(state, Pin) else Intent(IntentName.WHERE_AM_I, {}, context.language)
    context = context.leave() if isinstance(state, Pin) else context
    preferences = merged(context.preferences, reader.preferences)
    language = preferences.language if preferences.language and not context.spoke else context.language
    context = replace(context, reader=reader, preferences=preferences, language=language)
    following = joining(context, signs_in=True, then=then) or ListRequestOutcomes(reader.ticket, then)
    return Transition(context, (prompt(context, "identity.welcome"),), command=following)


def on_request_outcomes(
    context: DialogueContext, command: ListRequestOutcomes, requests: tuple[PendingRequest, ...]
) -> Transition:
    """What became of requests that had to wait for the library system is said once, without being asked for."""
    if not requests:
        return go_on(context, command.then)
    return Transition(
        context,
        tuple(_outcome(context, request) for request in requests),
        command=AcknowledgeRequestOutcomes(tuple(request.key for request in requests), command.then),
    )


def outcomes_heard(context: DialogueContext, command: AcknowledgeRequestOutcomes, answer: None) -> Transition:
    """The intent goes on that the outcomes came before."""
    return go_on(context, command.then)


def go_on(context: DialogueContext, then: Intent | None) -> Transition:
    """Before the intent that waited, a reader hears of new books by authors whom she follows."""
    if context.reader is None:  # the reader who asked has left
        return with_deliveries(context, then)
    return Transition(context, command=ListAuthorNews(context.reader.ticket, then))


def on_author_news(context: DialogueContext, command: ListAuthorNews, records: tuple[Record, ...]) -> Transition:
    """Say each once, by title and author, in one sentence for all."""
    move = with_deliveries(context, command.then)
    if not records:
        return move
    named = tuple(f"{record.title}, {record.author}" for record in records[:MOST_NEWS])
    line = prompt(context, "account.author_news", count=len(records), titles=titles(context, named))
    return replace(move, say=(line, *move.say))


def no_author_news(context: DialogueContext, command: ListAuthorNews, event: Failed, sentence: Line) -> Transition:
    """They can be heard another time."""
    return with_deliveries(context, command.then)


def with_deliveries(context: DialogueContext, then: Intent | None) -> Transition:
    """The intent that waited for the ticket; a reader who has deliveries first hears what went wrong with them."""
    then = then or Intent(IntentName.WHERE_AM_I, {}, context.language)
    if context.reader and context.reader.deliveries and then.name not in ANNOUNCED:
        return Transition(context, command=ListDeliveries(context.reader.ticket, then))
    return Transition(context, then=then)


def _outcome(context: DialogueContext, request: PendingRequest) -> Line:
    title = name(context, request.title)
    if request.kind == "delivery" and request.state != "done":
        return prompt(context, "waited.no_delivery")
    if request.state == "done":
        return prompt(context, f"waited.{request.kind}", title=title)
    match request.rule:
        case "unavailable":
            reason = prompt(context, "waited.too_long")
        case "not_found":
            reason = prompt(context, "error.not_found")
        case rule:
            reason = refusal(context, rule)
    return prompt(context, "waited.refused", title=title, reason=reason.text)


def merged(now: Preferences, kept: Preferences) -> Preferences:
    """What the reader chose in this conversation wins over what was remembered."""
    values = {field.name: getattr(now, field.name) for field in fields(Preferences)}
    return replace(kept, **{name: value for name, value in values.items() if value is not None})


def unread(
    context: DialogueContext,
    command: ListRequestOutcomes | AcknowledgeRequestOutcomes,
    event: Failed,
    sentence: Line,
) -> Transition:
    """The outcomes can be heard another time: the intent goes on."""
    return go_on(context, command.then)


def refused(context: DialogueContext, command: Identify, event: Failed, sentence: Line) -> Transition:
    """One answer for an unknown ticket and a wrong PIN: the PIN again, and how many tries are left; the star leads to
    another ticket. A lock ends the attempt."""
    state = context.state
    if not isinstance(state, Pin):
        return Transition(context, (sentence,), question=True)
    if event.prompt == "wrong_ticket_or_pin":
        left = dict(event.values).get("count")
        tries = (prompt(context, "identity.tries_left", count=left),) if isinstance(left, int) else ()
        return Transition(context.stay(Pin(state.then, state.ticket)), (sentence, *tries))
    return Transition(context.leave(), (sentence,), question=True)


FEATURE = Feature(
    states=(
        for_state(Ticket, {**NUMBER, IntentName.ENTERED: entered(ticket_given)}, keys=digit_key),
        for_state(Pin, {**NUMBER, IntentName.ENTERED: entered(pin_given)}, keys=digit_key),
    ),
    answers=(
        answer_to(Identify, one(Reader), identified),
        answer_to(ListRequestOutcomes, each(PendingRequest), on_request_outcomes),
        answer_to(AcknowledgeRequestOutcomes, nothing, outcomes_heard),
        answer_to(ListAuthorNews, each(Record), on_author_news),
    ),
    failures=(
        failure_of(Identify, refused),
        failure_of(ListRequestOutcomes, unread),
        failure_of(AcknowledgeRequestOutcomes, unread),
        failure_of(ListAuthorNews, no_author_news),
    ),
)
