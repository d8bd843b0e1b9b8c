"""Telephone keys: what each means at each place of the dialogue. The table is keys.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import ChoiceList, DetailState, ListState
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
    here = tables()["places"].get(context.name, {})
    return Intent(here.get(key) or tables()["keys"][key], {}, context.language)


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
        if isinstance(state, ListState | DetailState)
        else None
    )
