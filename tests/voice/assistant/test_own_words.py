"""What Dauys tells a reader to say is understood: every label of the menu and of its choices, every quoted example, in
three languages, in every state where a reader hears it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.voice.dialogue.exploring import explored
from tests.voice.dialogue.small_library import NOW
from tests.voice.nlu.fake_model import FakeModel, likely
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession
from voice.dialogue import DialogueContext, step
from voice.dialogue.events import NotUnderstood, Said
from voice.dialogue.key_bindings import NO_LABELS, menu_items
from voice.dialogue.prompts import FINGERS, has, sentences, text_of
from voice.dialogue.registry import ANSWERED
from voice.dialogue.states import Which
from voice.nlu.deciding.decision import Decider
from voice.nlu.intent_model import Reading
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent, IntentName

LANGUAGES = ("kk", "ru", "en")
TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "dialogue" / "own_words.toml").read_text("utf-8")
)
QUOTED = re.compile(r"[«“]([^«»“”{}]+)[»”]")
UNDECIDED = likely(("other", 0.3), ("search", 0.2), ("next", 0.1))
"""A model that does not know."""

INTERNAL = frozenset(
    {
        "choose_phone", "choose_pin",
        "entered", "half_yes", "letters_done", "note_question", "number", "play_or_pause", "read_further",
        "recording_agreed", "recording_or_register", "words",
    }
)  # fmt: skip
"""Intents that the dialogue itself raises; none of them is offered by name."""


def quotes(language: str) -> Iterator[tuple[str, str]]:
    for key, sentence in sentences(language).items():
        if key.startswith(FINGERS):
            continue  # the same examples, see below
        for form in sentence.long.values():
            yield from ((key, quote) for quote in QUOTED.findall(form))


def session(phrasebook: Phrasebook, context: DialogueContext, lies: Reading | None) -> DialogueSession:
    decider = Decider(phrasebook, FakeModel(lies=lies) if lies else None)
    return DialogueSession(context, cast(CommandExecutor, None), phrasebook, lambda: NOW, decider=decider)


def contexts(language: str, names: list[str]) -> list[DialogueContext]:
    """One of every state of these names, or of all, in this language."""
    found: dict[tuple[object, ...], DialogueContext] = {}
    for context in explored()[0]:
        if not names or context.name in names:
            command = type(getattr(context.state, "command", None))
            found.setdefault((type(context.state), command), replace(context, language=language, misses=0))
    assert {context.name for context in found.values()} >= set(names)
    return list(found.values())


def heard(phrasebook: Phrasebook, context: DialogueContext, text: str, lies: Reading | None) -> str:
    """The intent that these words come to, or "words" where they are an answer of the reader's own."""
    event = session(phrasebook, context, lies).understand_text(text).event
    if isinstance(event, Said):
        return event.intent.name
    assert isinstance(event, NotUnderstood), event
    return "words"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_for_a_display_has_no_examples_of_its_own(language: str) -> None:
    for key, sentence in sentences(language).items():
        if key.startswith(FINGERS):
            others = sentences(language)[key.removeprefix(FINGERS)].long.values()
            heard = {quote for form in others for quote in QUOTED.findall(form)}
            assert {quote for form in sentence.long.values() for quote in QUOTED.findall(form)} <= heard, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quoted_example_is_in_the_table(language: str) -> None:
    found: dict[str, int] = {}
    for key, _ in quotes(language):
        found[key] = found.get(key, 0) + 1
    wanted = {key: len(entry["means"]) for key, entry in TABLE.items() if not entry.get("optional") or key in found}
    assert found == wanted


@pytest.mark.parametrize("lies", [None, UNDECIDED], ids=["alone", "undecided"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_understood_where_it_is_heard(
    phrasebook: Phrasebook, language: str, lies: Reading | None
) -> None:
    wrong = []
    places = {key: iter(entry["means"]) for key, entry in TABLE.items()}
    for key, quote in quotes(language):
        meant = next(places[key])
        if meant == "name":
            continue
        for context in contexts(language, TABLE[key].get("at", [])):
            got = heard(phrasebook, context, quote, lies)
            if got not in meant.split("|"):
                wrong.append((key, quote, context.name, got))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_is_answered_with_not_here(phrasebook: Phrasebook, language: str) -> None:
    refused = text_of(language, "talk.not_here"), text_of(language, "talk.not_understood")
    wrong = []
    places = {key: iter(entry["means"]) for key, entry in TABLE.items()}
    for key, quote in quotes(language):
        meant = next(places[key])
        if meant == "name" or meant in TABLE[key].get("elsewhere", ()):
            continue
        for context in contexts(language, TABLE[key].get("at", [])):
            turn = step(context, session(phrasebook, context, None).understand_text(quote).event)
            if any(line.text in refused for line in turn.say):
                wrong.append((key, quote, context.name))
    assert wrong == []


@pytest.mark.parametrize("lies", [None, UNDECIDED], ids=["alone", "undecided"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_of_the_menu_is_its_intent(phrasebook: Phrasebook, language: str, lies: Reading | None) -> None:
    labels = {item: text_of(language, f"menu_label.{item}") for item in menu_items()}
    for context in contexts(language, ["menu", "start", "results", "loans"]):
        got = {item: heard(phrasebook, context, label, lies) for item, label in labels.items()}
        assert got == {item: item for item in labels}, context.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_that_may_be_offered_has_a_name_that_is_understood(phrasebook: Phrasebook, language: str) -> None:
    names = {key.removeprefix("request.") for key in sentences(language) if key.startswith("request.")} - {"unnamed"}
    said = {str(name) for name in IntentName if name not in INTERNAL}
    assert said <= names
    start = contexts(language, ["start"])[0]
    for name in sorted(names - {str(each) for each in NO_LABELS}):
        label = text_of(language, f"request.{name}")
        assert heard(phrasebook, start, label, None) == name, label
        offered = replace(start.go(Which((Intent(name), Intent("hours")))), language=language)
        turn = step(offered, session(phrasebook, offered, None).understand_text(label).event)
        assert turn.context.state != offered.state or turn.command or turn.controls or name in ANSWERED, label


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_two_intents_differ(language: str) -> None:
    for prefix in ("menu_label", "request"):
        labels = [
            sentence.long["other"].lower()
            for key, sentence in sentences(language).items()
            if key.startswith(f"{prefix}.") and has(language, key)
        ]
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize(("language", "letter"), [("kk", "а"), ("ru", "а"), ("en", "b")])
def test_the_example_of_a_letter_is_that_letter(phrasebook: Phrasebook, language: str, letter: str) -> None:
    (quote,) = (quote for key, quote in quotes(language) if key == "help.letters")
    for context in contexts(language, ["letters"]):
        empty = replace(context, state=replace(context.state, text="", key="", taps=0))  # type: ignore[call-arg]
        turn = step(empty, session(phrasebook, empty, None).understand_text(quote).event)
        assert getattr(turn.context.state, "text", None) == letter
