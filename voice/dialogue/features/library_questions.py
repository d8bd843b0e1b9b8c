"""What readers ask about the library itself: the rule, what staff have written, or that nobody here knows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from catalogue_client.values.knowledge import AskedQuestion, LibraryAnswer, Topic
from voice.dialogue.commands import AskLibrary, NoteQuestion
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, answer_to, failure_of, nothing, one
from voice.dialogue.key_bindings import TOPIC, labelled, menu_prompt
from voice.dialogue.library_facts.rules_phrasing import answered
from voice.dialogue.phrasing import prompt
from voice.dialogue.prompts import has, text_of
from voice.dialogue.states import Doubt, Menu
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

LONGEST_QUESTION = 300
"""Characters of a question that are passed on."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be offered after an answer."""

    intent: str
    question: str
    """Prompt under `ask`."""
    reader: str
    """For whom it is: "unknown" before a ticket was given, "known" after, "deliveries" with the right to them."""


@cache
def offers() -> Mapping[str, Offer]:
    """Topic -> what is offered after its answer: library_questions.toml."""
    tables = tomllib.loads(
        (files("voice.dialogue.library_facts") / "library_questions.toml").read_text(encoding="utf-8")
    )
    kinds = {name: Offer(**values) for name, values in tables["offers"].items()}
    return {topic: kinds[name] for topic, name in tables["after"].items()}


def ask(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """A question about the library; wherever it is asked, the reader stays there. Without words the questions are
    offered under numbers."""
    topic = str(intent.slots.get("topic", ""))
    if not topic and (not intent.text or labelled(intent.text)) and can_be_asked(context):
        return Transition(context.go(Menu(tuple(f"{TOPIC}{each}" for each in Topic))))
    return Transition(context, command=AskLibrary(topic, intent.text[:LONGEST_QUESTION]))


def on_answer(context: DialogueContext, command: AskLibrary, answer: LibraryAnswer) -> Transition:
    """Say what is known, with what the reader may do next; what is not known is counted."""
    said = answered(context, answer)
    if not said.whole:
        missing = AskedQuestion(answer.topic, context.language, "")
        return Transition(context, command=NoteQuestion(missing, command.asked, said.lines))
    offer = offers().get(answer.topic)
    if offer and can_be_asked(context) and _is_for(context, offer):
        intent = Intent(offer.intent, {}, context.language)
        return Transition(context.go(Doubt(intent, offer.question)), said.lines)
    return Transition(context, said.lines, question=True)


def on_noted(context: DialogueContext, command: NoteQuestion, answer: None) -> Transition:
    """What is not known has been counted, or a reader's question was passed on."""
    if command.question.words:
        return Transition(context, (prompt(context, "answer.passed_on"),), question=True)
    return unknown(context, command)


def not_noted(context: DialogueContext, command: NoteQuestion, event: Failed, sentence: Line) -> Transition | None:
    """That something could not be counted is no reader's concern; that a question was not passed on is."""
    return None if command.question.words else unknown(context, command)


def unknown(context: DialogueContext, command: NoteQuestion) -> Transition:
    """Say that it is not known, and offer to pass the question on where nothing is lost by that."""
    missing = f"answer.unknown_{command.question.topic}" if command.known else "answer.unknown"
    say = (*command.known, prompt(context, missing))
    if not can_be_asked(context):
        return Transition(context, (*say, prompt(context, "answer.person_knows")), question=True)
    slots = {"topic": command.question.topic}
    passing_on = Intent(IntentName.NOTE_QUESTION, slots, context.language, command.asked)
    return Transition(context.go(Doubt(passing_on, "ask_librarian")), say)


def pass_on(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The reader wants a librarian to see the question: its words, and nobody's name."""
    # Who has keyed the question has said no words: its label stands for them.
    label = menu_prompt().format(f"{TOPIC}{intent.slots.get('topic', '')}")
    words = intent.text[:LONGEST_QUESTION].strip() or (
        text_of(context.language, label) if has(context.language, label) else "?"
    )
    return Transition(
        context,
        command=NoteQuestion(AskedQuestion(str(intent.slots.get("topic", "")), context.language, words), intent.text),
    )


def can_be_asked(context: DialogueContext) -> bool:
    """Whether another question may come between here and what was asked here."""
    return context.state.kept or context.state.resumed


def _is_for(context: DialogueContext, offer: Offer) -> bool:
    match offer.reader:
        case "unknown":
            return context.reader is None
        case "deliveries":
            return context.reader is not None and context.reader.deliveries
    return context.reader is not None


FEATURE = Feature(
    everywhere={IntentName.LIBRARY_QUESTION: ask},
    anywhere={IntentName.NOTE_QUESTION: pass_on},
    answers=(answer_to(AskLibrary, one(LibraryAnswer), on_answer), answer_to(NoteQuestion, nothing, on_noted)),
    failures=(failure_of(NoteQuestion, not_noted),),
    costs={
        **dict.fromkeys((IntentName.LIBRARY_QUESTION,), Cost.HARMLESS),
        **dict.fromkeys((IntentName.NOTE_QUESTION,), Cost.ENDING),
    },
)
