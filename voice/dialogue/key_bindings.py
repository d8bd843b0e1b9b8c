"""Telephone keys: what each means at each place of the dialogue, by keys.toml; and the labels of what is chosen by
them, which may be said instead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from languages.codes import LANGUAGES
from languages.tokens import fold, tokens
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import ChoiceList, DetailState, ListState
from voice.dialogue.prompts import sentences, version
from voice.dialogue.reading_room.reading_states import ReadingBook
from voice.values.intents import Intent, IntentName

LAST_CHOICE = "3"
"""Chooses among numbered choices even where fewer stand: "more" would lead away from what is being chosen."""


@cache
def tables() -> Mapping[str, Any]:
    """keys.toml."""
    return tomllib.loads(resources.files(__package__).joinpath("keys.toml").read_text("utf-8"))


def menu_items() -> tuple[str, ...]:
    """Intents of the menu, in order."""
    return tuple(tables()["menu"]["items"])


def menu_prompt() -> str:
    """The prompt of an intent of the menu, with braces for its name."""
    return str(tables()["menu"]["prompt"])


def meaning(context: DialogueContext, key: str) -> Intent:
    """The intent behind a key. Where numbered choices are on the table, their keys choose: the first is always 1."""
    state = context.state
    if isinstance(state, ChoiceList) and key in "123456789" and (int(key) <= len(state.shown) or key == LAST_CHOICE):
        return Intent(IntentName.SELECT, {"n": int(key)}, context.language)
    name, _, unit = bound(context.name, key).partition(":")
    return Intent(name, {"unit": unit} if unit else {}, context.language)


def bound(place: str, key: str) -> str:
    """What a key is bound to at a place of the dialogue: the name of an intent, perhaps with ":" and a unit."""
    return str(tables()["places"].get(place, {}).get(key) or tables()["keys"][key])


def routed(context: DialogueContext, record: int | None) -> Intent | None:
    """The intent behind a cursor-routing key on the line of a list entry (0-based); None where nothing is chosen by it:
    on other lines, and where no entries are on the table."""
    state = context.state
    if record is None or record < 0:
        return None
    if isinstance(state, ChoiceList):
        return (
            Intent(IntentName.SELECT, {"n": record - state.first + 1}, context.language)
            if record in state.shown
            else None
        )
    return (
        Intent(IntentName.SELECT, {"n": record + 1}, context.language)
        if isinstance(state, ListState | DetailState | ReadingBook)
        else None
    )


NO_LABELS = frozenset({IntentName.DIGITS, IntentName.SELECT, IntentName.WHEN, "unnamed"})
"""Names of these say nothing without a number or a day."""


TOPIC = "topic."
"""How the names of the library's questions begin in the menu."""


def named_intent(name: str, language: str, text: str = "") -> Intent:
    """Return the intent of a name in the menu: of one intent, or of a question about the library."""
    if name.startswith(TOPIC):
        return Intent(IntentName.LIBRARY_QUESTION, {"topic": name.removeprefix(TOPIC)}, language, text)
    return Intent(name, {}, language, text)


def labels() -> Mapping[tuple[str, ...], Intent]:
    """Return what intents are called in the menu and among choices: folded words -> the intent, its text as written."""
    return _labels(version())


@lru_cache(maxsize=1)
def _labels(version: int) -> Mapping[tuple[str, ...], Intent]:
    found: dict[tuple[str, ...], Intent] = {}
    for prefix in (menu_prompt().format(""), "request."):
        for language in LANGUAGES:
            for key, sentence in sentences(language).items():
                name = key.removeprefix(prefix)
                if key.startswith(prefix) and name not in NO_LABELS:
                    for form in (*sentence.long.values(), *(sentence.short or {}).values()):
                        found.setdefault(_words(form), named_intent(name, language, form))
    return found


def labelled(text: str) -> Intent | None:
    """Return the intent that Dauys itself calls so; None when these are no such words."""
    intent = labels().get(_words(text))
    return replace(intent, text=text) if intent else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in tokens(text))
