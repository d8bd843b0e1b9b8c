"""Intents offered under numbers, so that everything can be reached by keys alone."""

from __future__ import annotations

from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Feature
from voice.dialogue.key_bindings import menu_items, menu_prompt
from voice.dialogue.lists import choice, names_number, next_page, options, previous_page
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Menu, Start
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def menu(context: DialogueContext, intent: Intent) -> Transition:
    """Offer the first three intents."""
    return Transition(
        context.go(Menu(menu_items())) if not isinstance(context.stage, Menu) else context.stay(Menu(menu_items()))
    )


def more(context: DialogueContext, intent: Intent) -> Transition:
    """At the start "more" shows what else there is; with a number it is about a book that has not been found yet."""
    if names_number(intent):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    return menu(context, intent)


def choose(context: DialogueContext, intent: Intent) -> Transition:
    """Do what stands under the number."""
    state = context.stage
    assert isinstance(state, Menu)
    n = choice(context, intent)
    if n is None or isinstance(n, Transition):
        return n or Transition(context)
    return Transition(context.leave(), then=Intent(state.items[n], {}, context.language))


def offered(context: DialogueContext) -> tuple[Line, ...]:
    """The intents on the table, each before its key."""
    return options(context, menu_prompt())


FEATURE = Feature(
    everywhere={IntentName.MENU: menu},
    states={
        Start: {IntentName.MORE: more},
        Booked: {IntentName.MORE: menu},
        Menu: {
            IntentName.NEXT: next_page,
            IntentName.PREVIOUS: previous_page,
            IntentName.SELECT: choose,
            IntentName.DIGITS: choose,
            IntentName.NO: back,
            IntentName.MORE: next_page,
        },
    },
    content={Menu: offered},
)
