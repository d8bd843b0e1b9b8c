"""Wishes offered under numbers, so that everything can be reached by keys alone."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.key_bindings import menu_items
from voice.dialogue.lists import choice, names_number, shown
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import CourierNotes, LanguageList, Menu
from voice.dialogue.transition import Transition
from voice.values.intents import Intent
from voice.values.lines import Line


def menu(state: DialogueContext, intent: Intent) -> Transition:
    return Transition(
        state.go(Menu(menu_items())) if not isinstance(state.stage, Menu) else state.stay(Menu(menu_items()))
    )


def more(state: DialogueContext, intent: Intent) -> Transition:
    """At the start "more" shows what else there is; with a number it is about a book that has not been found yet."""
    if names_number(intent):
        return Transition(state, (prompt(state, "searching.which_book"),), question=True)
    return menu(state, intent)


def shown_menu(state: DialogueContext) -> tuple[Line, ...]:
    """The option is said before its key; keys count from 1 in every three."""
    stage = state.stage
    assert isinstance(stage, Menu | CourierNotes | LanguageList)
    prompts = {Menu: "wish.{}", CourierNotes: "{}", LanguageList: "speaks.{}"}[type(stage)]
    texts = {n: prompt(state, prompts.format(stage.items[n])).text for n in shown(stage)}
    return tuple(replace(prompt(state, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))


def choose(state: DialogueContext, intent: Intent) -> Transition:
    """Do what stands under the number."""
    stage = state.stage
    assert isinstance(stage, Menu)
    n = choice(state, intent)
    if n is None or isinstance(n, Transition):
        return n or Transition(state)
    return Transition(state.leave(), then=Intent(stage.items[n], {}, state.language))
