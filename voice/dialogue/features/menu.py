"""Intents offered under numbers, so that everything can be reached by keys alone."""

from __future__ import annotations

from dataclasses import dataclass

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import ChoiceList, DialogueState
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.key_bindings import menu_items, menu_prompt
from voice.dialogue.lists import choice, names_number, next_page, options, previous_page
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Booked, Start
from voice.dialogue.turn import Transition
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


@dataclass(frozen=True, slots=True)
class Menu(ChoiceList[str]):
    """Names of intents offered three at a time under numbers, for those who key."""

    name = "menu"
    expects = ExpectedInput.NUMBER
    over_results = True


def menu(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Offer the first three intents."""
    return Transition(
        context.go(Menu(menu_items())) if not isinstance(state, Menu) else context.stay(Menu(menu_items()))
    )


def more(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """At the start "more" shows what else there is; with a number it is about a book that has not been found yet."""
    if names_number(intent):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    return menu(context, state, intent)


def choose(context: DialogueContext, state: Menu, intent: Intent) -> Transition:
    """Do what stands under the number."""
    n = choice(context, state, intent)
    if n is None or isinstance(n, Transition):
        return n or Transition(context)
    return Transition(context.leave(), then=Intent(state.items[n], {}, context.language))


def offered(context: DialogueContext, state: Menu) -> tuple[Line, ...]:
    """The intents on the table, each before its key."""
    return options(context, state, menu_prompt())


FEATURE = Feature(
    everywhere={IntentName.MENU: menu},
    states=(
        for_state(Start, {IntentName.MORE: more}),
        for_state(Booked, {IntentName.MORE: menu}),
        for_state(
            Menu,
            {
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.SELECT: choose,
                IntentName.DIGITS: choose,
                IntentName.NO: back,
                IntentName.MORE: next_page,
            },
            content=offered,
        ),
    ),
)
