"""What every intent, key, answer and failure leads to at every state: the features, put together once.

Look-up order: global commands, the state, its "*", then what may be said anywhere. An intent found in none of them is
answered with help. Nothing here changes the world but the yes to a read-back, and the undo of what was just done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from voice.dialogue.commands import ChangeCommand, HandOver
from voice.dialogue.confirmation import AGREES
from voice.dialogue.confirmation import judged as judged_alone
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Answered, Broke, Failed, TurnedDown
from voice.dialogue.feature import Feature, Handlers, On
from voice.dialogue.features import (
    authentication,
    booked_book,
    complaints,
    digit_entry,
    ending,
    global_commands,
    library_questions,
    menu,
    my_holds,
    my_loans,
    my_shelf,
    my_ticket,
    places,
    preferences,
    read_back,
    records,
    registration,
    search,
    spelled_input,
)
from voice.dialogue.features.books import book_reading, reading_room
from voice.dialogue.features.delivery import (
    address,
    booking,
    courier_notes,
    delivery_windows,
    my_deliveries,
    parcel_changes,
)
from voice.dialogue.key_bindings import meaning
from voice.dialogue.no_match import not_here, not_understood, not_yet
from voice.dialogue.no_match import refused as refused_alone
from voice.dialogue.number_entry import identify_first
from voice.dialogue.phrasing import prompt
from voice.dialogue.prompts import has, placeholders
from voice.dialogue.states import Confirm, Doubt
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line
from voice.values.refusals import RefusalReason

FEATURES: tuple[Feature, ...] = (
    address.FEATURE,
    authentication.FEATURE,
    booked_book.FEATURE,
    booking.FEATURE,
    complaints.FEATURE,
    courier_notes.FEATURE,
    delivery_windows.FEATURE,
    digit_entry.FEATURE,
    ending.FEATURE,
    global_commands.FEATURE,
    library_questions.FEATURE,
    menu.FEATURE,
    my_deliveries.FEATURE,
    my_holds.FEATURE,
    my_loans.FEATURE,
    my_shelf.FEATURE,
    my_ticket.FEATURE,
    parcel_changes.FEATURE,
    places.FEATURE,
    preferences.FEATURE,
    read_back.FEATURE,
    book_reading.FEATURE,
    reading_room.FEATURE,
    records.FEATURE,
    registration.FEATURE,
    search.FEATURE,
    spelled_input.FEATURE,
)

MOST_FAULTS = 2
"""Faults of Dauys itself in one conversation from which a librarian takes over."""


K = TypeVar("K")
V = TypeVar("V")


def _joined(tables: Iterable[Mapping[K, V]]) -> dict[K, V]:
    """Return one table of all; raises ValueError where two features claim the same."""
    whole: dict[K, V] = {}
    for table in tables:
        if twice := whole.keys() & table.keys():
            raise ValueError(f"two features answer {sorted(map(str, twice))}")
        whole |= table
    return whole


def _registered(handlers: Iterable[Handlers[DialogueState]]) -> dict[str, On[DialogueState]]:
    joined = _joined(handlers)
    return {name: on if isinstance(on, On) else On(on) for name, on in joined.items()}


ENTRIES = tuple(entry for feature in FEATURES for entry in feature.states)

EVERYWHERE: Mapping[str, On[DialogueState]] = _registered(feature.everywhere for feature in FEATURES)
STATES: Mapping[type[DialogueState], Mapping[str, On[DialogueState]]] = {
    state: _registered(entry.handlers for entry in ENTRIES if entry.state is state)
    for state in dict.fromkeys(entry.state for entry in ENTRIES)
}
ANYWHERE: Mapping[str, On[DialogueState]] = _registered(feature.anywhere for feature in FEATURES)
CONTENT = _joined({entry.state: entry.content} for entry in ENTRIES if entry.content)
KEYS = _joined({entry.state: entry.keys} for entry in ENTRIES if entry.keys)
LEAVES_FOR = _joined({entry.state: entry.leaves_for} for entry in ENTRIES if entry.leaves_for)
ANSWERS = _joined({entry.command: entry.handler} for feature in FEATURES for entry in feature.answers)
FAILURES = _joined({entry.command: entry.handler} for feature in FEATURES for entry in feature.failures)
COSTS = _joined(feature.costs for feature in FEATURES)
(BARE,) = (feature.bare for feature in FEATURES if feature.bare)

ALWAYS_MEANT = frozenset(EVERYWHERE).difference(*AGREES.values()) | {IntentName.NO}
"""Intents that mean the same beside a pending question, after a yes too: "all right, once more"."""


ANSWERED = frozenset(EVERYWHERE).union(ANYWHERE, *STATES.values())
"""Every intent that some feature answers somewhere. A feature that comes later takes over what is in none."""
MAY_BE_A_TITLE = frozenset({RefusalReason.NOT_UNDERSTOOD, RefusalReason.OTHER, RefusalReason.UNANSWERABLE})
"""Words that are refused for these reasons may still be a title, to the letter."""


def _handlers(state: DialogueState, name: str) -> Iterator[On[DialogueState]]:
    here = STATES[type(state)]
    everywhere = {} if name in state.answers_itself else EVERYWHERE
    for table, key in ((everywhere, name), (here, name), (here, "*"), (ANYWHERE, name)):
        if on := table.get(key):
            yield on


def cost_of(context: DialogueContext, name: str) -> Cost:
    """Return what it costs here to obey the intent `name` when nobody meant it."""
    if name == IntentName.YES and isinstance(context.state, Confirm | Doubt):
        return Cost.CONFIRMING
    on = STATES[type(context.state)].get(name)
    return (on.cost if on else None) or COSTS.get(name, Cost.LEADS)


def judged(context: DialogueContext, intent: Intent) -> Intent:
    """Return what an intent means here: beside a read-back, what agrees with it is a yes."""
    if isinstance(context.state, Confirm) and intent.name not in ALWAYS_MEANT - {IntentName.GOODBYE}:
        return judged_alone(context.state, intent)
    return intent


def act(context: DialogueContext, intent: Intent) -> Transition:
    """Do what the reader wants, wherever that leads."""
    if intent.name != IntentName.ENTERED:  # what was keyed belongs to the intent that asked for it
        context = replace(context, last_intent=intent.name, declined=context.declined and intent.name == IntentName.NO)
    leaves_for = LEAVES_FOR.get(type(context.state))
    if leaves_for and intent.name in ANYWHERE and leaves_for(intent):
        context = context.leave()
    for on in _handlers(context.state, intent.name):
        if on.needs_reader and context.reader is None:
            return identify_first(context, intent)
        if transition := on.handler(context, context.state, intent):
            return transition
    return not_here(context) if intent.name in ANSWERED else not_yet(context, intent)


def is_keyed(context: DialogueContext) -> bool:
    """Whether telephone keys are digits or letters here."""
    return type(context.state) in KEYS


def pressed(context: DialogueContext, key: str) -> Transition:
    """A telephone key: a digit or letter where those are keyed, else the intent that is bound to it."""
    keys = KEYS.get(type(context.state))
    return keys(context, context.state, key) if keys else act(context, meaning(context, key))


def words(context: DialogueContext, text: str) -> Transition:
    """Words without an intent are still a name, a note, a place, letters or digits where those are asked for, or a
    title."""
    context = replace(context, declined=False)
    state = context.state
    attentive = replace(context, misses=0, silences=0, grace=0)
    if text.strip() and state.takes_words:
        return act(attentive, Intent(IntentName.WORDS, {"words": text}, context.language, text))
    if state.takes_digits and any(character.isdigit() for character in text):
        return act(attentive, Intent(IntentName.DIGITS, {}, context.language, text))
    return BARE(context, text) if text.strip() and state.takes_titles else not_understood(context)


def refused(context: DialogueContext, event: TurnedDown) -> Transition:
    """Words that are not acted upon: where a title may be said, one that is known to the letter is found all the
    same."""
    if event.reason in MAY_BE_A_TITLE and context.state.takes_titles and search.may_be_title(event.text):
        return search.to_the_letter(context, event.text, event.reason)
    return refused_alone(context, event.reason, event.text)


def heard(context: DialogueContext) -> Transition:
    """All that was said has been heard: go on where something goes on by itself."""
    if not context.state.reads_aloud:
        return Transition(context, question=True)
    return act(context, Intent(IntentName.READ_FURTHER, {}, context.language))


def answered(context: DialogueContext, event: Answered) -> Transition:
    """Return what follows when the library has answered a command."""
    return ANSWERS[type(event.command)](context, event.command, event.answer)


def sentence_for(context: DialogueContext, event: Failed) -> Line:
    """The sentence `event.prompt`; the general one when there is no such sentence or a value of it is missing."""
    prompt_id = f"error.{event.prompt}"
    if event.prompt == "outcome_unknown" and isinstance(event.command, ChangeCommand):
        prompt_id += event.command.looked_up
    values = dict(event.values)
    if has(context.language, prompt_id) and placeholders(context.language, prompt_id) <= values.keys():
        return prompt(context, prompt_id, **values)
    return prompt(context, "error.library_error")


def failed(context: DialogueContext, event: Failed) -> Transition:
    """What the library could not do, in one true sentence, and where the reader goes on from there."""
    sentence = sentence_for(context, event)
    go_on = FAILURES.get(type(event.command))
    if go_on and (transition := go_on(context, event.command, event, sentence)):
        return transition
    return Transition(context, (sentence,), question=True)


def broke(context: DialogueContext, event: Broke) -> Transition:
    """Say sorry and go on from the last place; the second time in one conversation a librarian takes over."""
    context = replace(context, faults=context.faults + 1)
    handing_over = event.failed is not None and isinstance(event.failed.command, HandOver)
    if context.faults >= MOST_FAULTS and not handing_over:
        person = Intent(IntentName.PERSON, {}, context.language)
        handed = EVERYWHERE[person.name].handler(context, context.state, person)
        assert handed
        return replace(handed, say=(prompt(context, "error.broke_again"), *handed.say))
    if event.failed:
        return failed(context, event.failed)
    return Transition(context, (prompt(context, "error.broke"),), question=True)


def present(context: DialogueContext) -> tuple[Line, ...]:
    """The place as it stands, in the reader's language, ending with its question."""
    return (*content(context), question(context))


def content(context: DialogueContext) -> tuple[Line, ...]:
    """The place as it stands, without its question."""
    of_state = CONTENT.get(type(context.state))
    return of_state(context, context.state) if of_state else ()


def question(context: DialogueContext) -> Line:
    """What the reader is asked here; who has heard it often enough hears it shortly."""
    if context.knows_question:
        context = replace(context, preferences=replace(context.preferences, brief=True))
    return prompt(context, f"ask.{context.state.question}", words=context.state.about)
