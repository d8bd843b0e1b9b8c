"""Wishes offered under numbers, so that everything can be reached by keys alone."""

from __future__ import annotations

from dataclasses import replace

from voice.conversation.keys import menu_items
from voice.conversation.lines import Line
from voice.conversation.move import Move
from voice.conversation.paging import choice, names_number, shown
from voice.conversation.stages import Languages, Menu, Notes
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.understanding.intent import Intent


def menu(state: State, intent: Intent) -> Move:
    return Move(state.go(Menu(menu_items())) if not isinstance(state.stage, Menu) else state.stay(Menu(menu_items())))


def more(state: State, intent: Intent) -> Move:
    """At the start "more" shows what else there is; with a number it is about a book that has not been found yet."""
    if names_number(intent):
        return Move(state, (tell(state, "searching.which_book"),), question=True)
    return menu(state, intent)


def shown_menu(state: State) -> tuple[Line, ...]:
    """The option is said before its key; keys count from 1 in every three."""
    stage = state.stage
    assert isinstance(stage, Menu | Notes | Languages)
    prompts = {Menu: "wish.{}", Notes: "{}", Languages: "speaks.{}"}[type(stage)]
    texts = {n: tell(state, prompts.format(stage.items[n])).text for n in shown(stage)}
    return tuple(replace(tell(state, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))


def choose(state: State, intent: Intent) -> Move:
    """Do what stands under the number."""
    stage = state.stage
    assert isinstance(stage, Menu)
    n = choice(state, intent)
    if n is None or isinstance(n, Move):
        return n or Move(state)
    return Move(state.leave(), then=Intent(stage.items[n], {}, state.language))
